#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/store/ids.hpp"
#include "webhooks/store/webhook_rows.hpp"

namespace webhooks::store {

using bot::TimePoint;

// What staff have in the store: accounts, sessions, notes, the audit log and what goes with them.

struct AccountRow {
    AccountId id;
    std::string name;         ///< unique; shown to texters when they take a conversation
    std::uint32_t roles = 0;  ///< bits of staff::Role
    bool disabled = false;
    std::string password;               ///< argon2id as libsodium writes it; empty: none yet
    std::string second_factor;          ///< base32; empty: none
    std::string pending_second_factor;  ///< shown, and not confirmed by a code yet
    std::int64_t code_step = 0;
    std::string link;  ///< SHA-256 in hex of the one-time link; empty: none
    TimePoint created_at;
    std::optional<TimePoint> last_seen_at;
    std::string login;   ///< at the identity provider, in lower case; unique; empty: none
    bool bound = false;  ///< somebody has signed in by it, and it is theirs (bind_subject)
    std::optional<TimePoint> link_until;
};

struct SessionRow {
    std::string token;  ///< SHA-256 in hex of the cookie
    AccountId account;
    TimePoint created_at;
    TimePoint seen_at;
};

/// What signs in in place of a password (WebAuthn). Texts of raw bytes.
struct PasskeyRow {
    std::int64_t id = 0;
    AccountId account;
    std::string credential;  ///< the authenticator's id for it; unique
    int algorithm = 0;       ///< as COSE numbers them
    std::string key;         ///< public
    std::int64_t sign_count = 0;
    std::string name;  ///< its owner's word for it
    TimePoint created_at;
    std::optional<TimePoint> last_used_at;
};

struct NoteRow {
    std::int64_t id = 0;
    ContactId contact;
    std::string by, text;
    TimePoint at;
};

struct AuditEntry {
    std::int64_t id = 0;
    std::optional<ContactId> contact;
    std::string who, what, detail;  ///< never a texter's words or number
    std::string address;            ///< of the browser
    TimePoint at;
};

struct SavedReplyRow {
    std::int64_t id = 0;
    std::string name, en, es;
};

enum class ErasureState : std::uint8_t { asked, confirmed, refused };
struct ErasureRow {
    std::int64_t id = 0;
    ContactId contact;
    ErasureState state = ErasureState::asked;
    std::string asked_by, reason, decided_by;
    TimePoint asked_at;
    std::optional<TimePoint> decided_at;
};

struct TokenRow {
    std::int64_t id = 0;
    std::string token;  ///< SHA-256 in hex
    std::uint32_t scopes = 0;
    bool sees_numbers = false;
    bool revoked = false;
    std::string name, created_by;
    TimePoint created_at;
    std::optional<TimePoint> last_used_at;
};

/// What happened in one span of time. Nothing in it identifies a person.
struct Figures {
    std::int64_t received = 0, sent = 0, failed = 0, by_staff = 0;
    std::optional<std::int64_t> first_reply_median_ms;  ///< from a text to its answer at the carrier
    std::int64_t escalations = 0;
    std::optional<std::int64_t> acknowledge_median_ms;
    std::int64_t opt_outs = 0, opt_ins = 0;
    std::int64_t check_ins_sent = 0;
    std::int64_t check_ins_answered = 0;  ///< within 24 hours
    std::int64_t flows_begun = 0, flows_completed = 0;
};

/// How many came to a step of a flow, and went on from it by an answer.
struct StepFigures {
    std::string step;
    std::int64_t came = 0, went_on = 0;
};

/// Reading, on the reading and the writing side. A cell that does not open gives empty texts.
class StaffReader {
public:
    virtual ~StaffReader() = default;
    virtual std::vector<AccountRow> accounts() = 0;  ///< by id
    virtual std::optional<AccountRow> account(AccountId id) = 0;
    virtual std::optional<AccountRow> account_named(std::string_view name) = 0;
    virtual std::optional<SessionRow> session(std::string_view token) = 0;
    virtual std::vector<PasskeyRow> passkeys(AccountId account) = 0;  ///< by id
    virtual std::optional<PasskeyRow> passkey(std::string_view credential) = 0;
    virtual std::vector<NoteRow> notes(ContactId contact) = 0;  ///< oldest first
    /// Newest first, ids below `before_id`.
    virtual std::vector<AuditEntry> audit(std::size_t limit, std::int64_t before_id) = 0;
    virtual std::vector<AuditEntry> audit_of(ContactId contact, std::size_t limit,
                                             std::int64_t before_id) = 0;
    virtual std::vector<SavedReplyRow> saved_replies() = 0;  ///< by id
    virtual std::vector<ErasureRow> erasures() = 0;          ///< newest first, at most 200
    virtual std::optional<ErasureRow> erasure(std::int64_t id) = 0;
    virtual std::vector<TokenRow> tokens() = 0;  ///< by id, revoked ones too
    virtual std::optional<TokenRow> token(std::string_view hash) = 0;
    virtual std::optional<MessageId> replied(ContactId contact, std::string_view key) = 0;
    /// Newest first, ids below `before_id`.
    virtual std::vector<DeliveryRow> deliveries(std::string_view endpoint, std::size_t limit,
                                                std::int64_t before_id) = 0;
    virtual std::int64_t deliveries_owed(std::string_view endpoint) = 0;
    virtual std::vector<WebhookRow> webhooks() = 0;  ///< managed ones, by id
    virtual std::optional<WebhookRow> webhook(std::int64_t id) = 0;
    /// Of each span between two neighbours of `edges`, which grow. Reads whole tables, so not often.
    virtual std::vector<Figures> figures(const std::vector<TimePoint>& edges) = 0;
    virtual std::vector<StepFigures> step_figures(std::string_view flow, TimePoint from) = 0;
    /// Contacts that somebody of staff has.
    virtual std::vector<ContactId> held(std::size_t limit) = 0;
};

/// Writing, inside the caller's transaction.
class StaffTx : public StaffReader {
public:
    /// @return nothing when the name is taken
    virtual std::optional<AccountId> add_account(const AccountRow& account) = 0;
    virtual void save_account(const AccountRow& account) = 0;
    virtual void add_session(const SessionRow& session) = 0;
    virtual void seen(std::string_view token, TimePoint now) = 0;
    virtual void end_session(std::string_view token) = 0;
    virtual void end_sessions(AccountId account) = 0;
    /// Those that began or were last seen too long ago.
    virtual void drop_sessions(TimePoint begun_before, TimePoint seen_before) = 0;

    /// @return nothing when this credential is there already
    virtual std::optional<std::int64_t> add_passkey(const PasskeyRow& passkey) = 0;
    virtual void passkey_used(std::int64_t id, std::int64_t sign_count, TimePoint now) = 0;
    virtual bool remove_passkey(AccountId account, std::int64_t id) = 0;  ///< false: there is none
    virtual void remove_passkeys(AccountId account) = 0;

    /// @param step  empty: the flow as a whole  @param came  false: went on
    virtual void count_step(std::string_view flow, std::string_view step, bool came, TimePoint now) = 0;
    virtual std::int64_t add_note(const NoteRow& note) = 0;
    virtual void add_audit(const AuditEntry& entry) = 0;
    virtual void keep_reply_key(ContactId contact, std::string_view key, MessageId message,
                                TimePoint now) = 0;
    virtual std::int64_t add_saved_reply(const SavedReplyRow& reply) = 0;
    virtual bool save_saved_reply(const SavedReplyRow& reply) = 0;  ///< false: there is none
    virtual bool remove_saved_reply(std::int64_t id) = 0;
    virtual std::int64_t add_erasure(const ErasureRow& erasure) = 0;
    virtual void save_erasure(const ErasureRow& erasure) = 0;
    virtual std::int64_t add_token(const TokenRow& token) = 0;
    virtual bool revoke_token(std::int64_t id) = 0;
    /// Sends it once more, whatever became of it. @return false: there is none, or it is being sent
    virtual bool resend(std::int64_t delivery, TimePoint now) = 0;
    virtual void token_used(std::int64_t id, TimePoint now) = 0;
    virtual std::int64_t add_webhook(const WebhookRow& webhook) = 0;
    virtual void save_webhook(const WebhookRow& webhook) = 0;
    /// With what was and what is to be delivered to it. @return false: there is none
    virtual bool remove_webhook(std::int64_t id) = 0;
    /// What is still owed to it ends as failed.
    virtual void drop_deliveries(std::int64_t webhook, std::string_view outcome, TimePoint now) = 0;
    /// What became of the last try.
    virtual void note_outcome(std::int64_t delivery, std::string_view outcome) = 0;

    virtual std::optional<AccountRow> account_with_login(std::string_view login) = 0;
    /// Whose account an identity provider's subject is bound to.
    virtual std::optional<AccountRow> account_of_subject(std::string_view subject) = 0;
    /// @param subject  names somebody at an identity provider for good; empty: whoever has the login comes
    /// first
    virtual void bind_subject(AccountId account, std::string_view subject) = 0;
};

}  // namespace webhooks::store
