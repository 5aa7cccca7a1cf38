#pragma once
#include <array>
#include <exception>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "webhooks/store/cell.hpp"
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/sqlite/staff_tables.hpp"
#include "webhooks/store/sqlite/task_table.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::store::sqlite {

struct SendingRank;  ///< what leaves together (tx_claims.cpp)

/// StoreTx on the writing connection. The writer thread begins and ends the transaction and tells where a job
/// starts; one object serves every job.
class Tx final : public StoreTx {
public:
    Tx(Connection& connection, const Vault& vault)
        : db_(connection), vault_(vault), staff_(connection, vault), tasks_(connection, vault) {}

    /// A transaction has begun: another process may have written since the last one.
    void begin_batch();
    /// A job starts; what the last one cached about contacts may have been rolled back.
    /// @param careful  a savepoint for each attempt
    void begin_job(bool careful) {
        known_contact_.reset();
        events_kept_ = events_.size();
        careful_ = careful;
        needs_care_ = false;
    }
    /// The job that began last was rolled back.
    void undo_job() { events_.resize(events_kept_); }
    /// An attempt of the last job threw and could not be undone alone: run the job again, carefully.
    [[nodiscard]] bool needs_care() const noexcept { return needs_care_; }
    /// Writes what the jobs left for the end of the transaction. @throws StoreFailure
    void end_batch();

    struct Around {
        std::function<void()> before, failed;
    };
    /// What jobs registered since this was last called.
    [[nodiscard]] std::vector<Around> take_around() { return std::exchange(around_, {}); }

    Recorded record_inbound(const NewInbound& message) override;
    std::optional<ContactId> find_contact(std::string_view e164) override;
    ContactId contact_of(std::string_view e164) override;
    std::string number_of(ContactId contact) override;
    std::optional<ConversationRow> lock_conversation(ContactId contact) override;
    void save_conversation(ContactId contact, const ConversationRow& row, TimePoint now) override;
    void append_consent(const ConsentEntry& entry) override;
    void mark_answered(MessageId inbound, std::uint64_t turn, std::string_view outcome,
                       const std::vector<Heard>& heard) override;
    void erase_words(ContactId contact, bool keep_number, TimePoint now) override;

    MessageId enqueue(const NewOutbound& message) override;
    int cancel_queued(ContactId contact, TimePoint now) override;
    bool retract_turn(ContactId contact, std::uint64_t turn, TimePoint now) override;
    std::vector<Claimed> claim_due(TimePoint now, std::size_t limit, const AllowanceOf& allowance,
                                   const OnClosed& closed) override;
    void mark_sent(MessageId id, std::string_view external_id, TimePoint now) override;
    void mark_retry(MessageId id, std::string_view code, TimePoint next_try) override;
    void mark_final(MessageId id, OutboxState state, std::string_view code, TimePoint now) override;
    std::optional<Reported> apply_report(std::string_view account, std::string_view external_id,
                                         std::string_view message_id, OutboxState state,
                                         std::string_view code, TimePoint now) override;
    std::optional<JoinedText> keep_part(const NewPart& part) override;
    std::vector<JoinedText> overdue_parts(TimePoint before) override;
    bool knows_received(std::string_view account, std::string_view external_id) override;
    bool knows_sent(std::string_view account, std::string_view external_id) override;
    void reroute(MessageId id, std::string_view account, std::string_view channel) override;
    std::int64_t add_to_count(std::string_view scope, TimePoint window, std::int64_t more) override;
    std::int64_t automatic_texts_since(ContactId contact, TimePoint since) override;
    Words words_since(ContactId contact, TimePoint since, std::size_t limit) override;
    std::optional<OutboxState> state_of_page(std::string_view page_key) override;
    std::vector<Claimed> wired_rows() override;
    std::optional<TimePoint> next_outbox_due() override;

    void set_timer(ContactId contact, std::string_view name, TimePoint due, std::uint64_t turn) override;
    void cancel_timer(ContactId contact, std::string_view name) override;
    int cancel_timers(ContactId contact) override;
    std::vector<TimerRow> due_timers(TimePoint now, std::size_t limit) override;
    void remove_timer(std::int64_t id) override;
    std::optional<TimePoint> next_timer_due() override;

    EscalationRow open_escalation(const NewEscalation& escalation) override;
    void save_escalation(const EscalationRow& row, TimePoint now) override;
    std::optional<EscalationRow> escalation(EscalationId id) override;
    std::optional<EscalationRow> escalation_by_code(std::string_view code) override;
    std::optional<EscalationRow> last_escalation_by_code(std::string_view code) override;
    std::optional<EscalationRow> open_escalation_of(ContactId contact) override;
    std::vector<EscalationRow> open_escalations(std::size_t limit) override;
    std::vector<EscalationRow> due_escalations(TimePoint now, std::size_t limit) override;
    std::optional<TimePoint> next_escalation_due() override;
    void log_escalation(EscalationId id, std::string_view what, std::string_view who, std::string_view detail,
                        TimePoint now) override;
    std::vector<EscalationLogEntry> escalation_history(EscalationId id) override;

    PageId add_page(const NewPage& page) override;
    std::optional<PageRow> page(PageId id) override;
    std::vector<PageRow> pages_of(EscalationId escalation) override;
    std::vector<PageRow> claim_pages(TimePoint now, std::size_t limit) override;
    void mark_page(PageId id, PageState state, TimePoint now, std::optional<TimePoint> ready_at) override;
    int cancel_pages(EscalationId escalation, TimePoint now) override;
    void release_claimed_pages(TimePoint now) override;
    void mark_responder_stopped(std::string_view name, TimePoint now) override;
    void mark_responder_heard(std::string_view name, TimePoint now) override;
    std::vector<ResponderRow> responders() override;
    PagingAudit audit_paging(TimePoint now) override;
    void add_override(const bot::Override& other) override;
    bool remove_override(const bot::Override& other) override;
    std::vector<bot::Override> overrides(TimePoint now) override;

    void enqueue_hook(const NewHook& hook) override;
    std::vector<ClaimedHook> claim_hooks(TimePoint now, std::size_t limit) override;
    std::vector<ClaimedHook> claim_deliveries(std::int64_t webhook, TimePoint now,
                                              std::size_t limit) override;
    void mark_hook_sent(std::int64_t id, TimePoint now) override;
    void mark_hook_retry(std::int64_t id, TimePoint next_try) override;
    void mark_hook_failed(std::int64_t id, TimePoint now) override;
    void release_claimed_hooks() override;
    std::optional<TimePoint> next_hook_due() override;

    void publish(std::string_view type, std::string_view data_json, TimePoint now) override;
    void quarantine(const QuarantineEntry& entry, std::size_t keep) override;
    void remove_quarantined(std::int64_t id) override;

    StaffTx& staff() override { return staff_; }
    TaskTx& tasks() override { return tasks_; }

    void around_commit(std::function<void()> before, std::function<void()> failed) override;
    std::exception_ptr attempt(const std::function<void()>& work) override;

private:
    enum class Table {
        contact,
        inbound,
        outbox,
        escalation,
        escalation_log,
        consent_ledger,
        hook,
        event,
        quarantine,
        page,
        oncall_override,
        count
    };
    /// Ids are given here, not by SQLite: the place of a cell must be known before it is sealed.
    std::int64_t next_id(Table table);
    std::optional<Recorded> find_inbound(const NewInbound& message);
    std::optional<ContactId> contact_at(const std::string& number_index);
    ContactId add_contact(std::string_view e164, const std::string& number_index);

    void write_events();
    void owe_events(std::int64_t before);
    std::vector<ClaimedHook> take_hooks(Cursor& due, TimePoint now);
    PageRow read_page(Row row) const;
    std::optional<bot::Override> read_override(Row row) const;
    void mark_responder(std::string_view name, std::optional<TimePoint> stopped,
                        std::optional<TimePoint> heard);
    JoinedText join_parts(const std::string& text_index);

    struct Candidate;
    struct ClaimRound;
    struct Line;
    /// Which rows leave by one of our numbers: a keyed hash, as the number itself is sealed.
    [[nodiscard]] std::int64_t line_key(std::string_view account, std::string_view channel) const;
    std::vector<std::int64_t> waiting_lines();
    std::vector<Line> open_lines(const AllowanceOf& allowance);
    bool load(Line& line, const SendingRank& rank, TimePoint now);
    void claim_rank(const SendingRank& rank, ClaimRound& round);
    bool may_claim(const Candidate& candidate, ClaimRound& round);
    std::optional<TimePoint> held_until(const Candidate& candidate);
    bool claim(Candidate& candidate, ClaimRound& round);
    void close_outbox_row(std::int64_t id, OutboxState state, std::string_view code, TimePoint now);
    std::exception_ptr attempt_in_savepoint(const std::function<void()>& work);
    std::string seal(std::string_view column, std::int64_t row,
                     std::initializer_list<std::string_view> fields) const {
        return seal_fields(vault_, Place(column, row), {fields.begin(), fields.size()});
    }

    struct KnownContact {
        ContactId id;
        std::string number;
    };

    Connection& db_;
    const Vault& vault_;
    StaffTables staff_;
    TaskTable tasks_;
    std::array<std::int64_t, static_cast<std::size_t>(Table::count)> last_ids_{};
    std::optional<KnownContact> known_contact_;
    std::vector<Around> around_;
    std::vector<std::string> events_;  ///< of this transaction: type, time and data of each
    std::size_t events_kept_ = 0;      ///< of these, from before the present job
    bool careful_ = false;
    bool needs_care_ = false;
};

}  // namespace webhooks::store::sqlite
