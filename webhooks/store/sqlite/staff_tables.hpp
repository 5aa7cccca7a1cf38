#pragma once
#include <initializer_list>

#include "webhooks/store/cell.hpp"
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/staff.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::store::sqlite {

/// StaffTx on the writing connection; on a reading one only what StaffReader has is used.
class StaffTables final : public StaffTx {
public:
    StaffTables(Connection& connection, const Vault& vault) : db_(connection), vault_(vault) {}

    std::vector<AccountRow> accounts() override;
    std::optional<AccountRow> account(AccountId id) override;
    std::optional<AccountRow> account_named(std::string_view name) override;
    std::optional<AccountRow> account_with_login(std::string_view login) override;
    std::optional<AccountRow> account_of_subject(std::string_view subject) override;
    std::optional<SessionRow> session(std::string_view token) override;
    std::vector<PasskeyRow> passkeys(AccountId account) override;
    std::optional<PasskeyRow> passkey(std::string_view credential) override;
    std::vector<NoteRow> notes(ContactId contact) override;
    std::vector<AuditEntry> audit(std::size_t limit, std::int64_t before_id) override;
    std::vector<AuditEntry> audit_of(ContactId contact, std::size_t limit, std::int64_t before_id) override;
    std::vector<SavedReplyRow> saved_replies() override;
    std::vector<ErasureRow> erasures() override;
    std::optional<ErasureRow> erasure(std::int64_t id) override;
    std::vector<TokenRow> tokens() override;
    std::optional<TokenRow> token(std::string_view hash) override;
    std::optional<MessageId> replied(ContactId contact, std::string_view key) override;
    std::vector<DeliveryRow> deliveries(std::string_view endpoint, std::size_t limit,
                                        std::int64_t before_id) override;
    std::int64_t deliveries_owed(std::string_view endpoint) override;
    std::vector<WebhookRow> webhooks() override;
    std::optional<WebhookRow> webhook(std::int64_t id) override;
    std::vector<Figures> figures(const std::vector<TimePoint>& edges) override;
    std::vector<StepFigures> step_figures(std::string_view flow, TimePoint from) override;
    std::vector<ContactId> held(std::size_t limit) override;

    std::optional<AccountId> add_account(const AccountRow& account) override;
    void save_account(const AccountRow& account) override;
    void bind_subject(AccountId account, std::string_view subject) override;
    void add_session(const SessionRow& session) override;
    void seen(std::string_view token, TimePoint now) override;
    void end_session(std::string_view token) override;
    void end_sessions(AccountId account) override;
    void drop_sessions(TimePoint begun_before, TimePoint seen_before) override;
    std::optional<std::int64_t> add_passkey(const PasskeyRow& passkey) override;
    void passkey_used(std::int64_t id, std::int64_t sign_count, TimePoint now) override;
    bool remove_passkey(AccountId account, std::int64_t id) override;
    void remove_passkeys(AccountId account) override;
    void count_step(std::string_view flow, std::string_view step, bool came, TimePoint now) override;
    std::int64_t add_note(const NoteRow& note) override;
    void add_audit(const AuditEntry& entry) override;
    void keep_reply_key(ContactId contact, std::string_view key, MessageId message, TimePoint now) override;
    std::int64_t add_saved_reply(const SavedReplyRow& reply) override;
    bool save_saved_reply(const SavedReplyRow& reply) override;
    bool remove_saved_reply(std::int64_t id) override;
    std::int64_t add_erasure(const ErasureRow& erasure) override;
    void save_erasure(const ErasureRow& erasure) override;
    std::int64_t add_token(const TokenRow& token) override;
    bool revoke_token(std::int64_t id) override;
    bool resend(std::int64_t delivery, TimePoint now) override;
    void token_used(std::int64_t id, TimePoint now) override;
    std::int64_t add_webhook(const WebhookRow& webhook) override;
    void save_webhook(const WebhookRow& webhook) override;
    bool remove_webhook(std::int64_t id) override;
    void drop_deliveries(std::int64_t webhook, std::string_view outcome, TimePoint now) override;
    void note_outcome(std::int64_t delivery, std::string_view outcome) override;

private:
    /// Known before the row is written, for the place of its cell; never given twice.
    std::int64_t next_id(std::string_view table);
    AccountRow read_account(Row row) const;
    std::string seal(const AccountRow& account) const;
    PasskeyRow read_passkey(Row row) const;
    AuditEntry read_audit(Row row) const;
    ErasureRow read_erasure(Row row) const;
    TokenRow read_token(Row row) const;
    WebhookRow read_webhook(Row row) const;
    std::string seal_webhook(std::int64_t id, const WebhookRow& webhook) const;
    std::string seal(std::string_view column, std::int64_t row,
                     std::initializer_list<std::string_view> fields) const;
    Fields open(std::string_view column, std::int64_t row, std::string_view cell) const;

    Connection& db_;
    const Vault& vault_;
};

}  // namespace webhooks::store::sqlite
