#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/consent.hpp"
#include "bot/escalation.hpp"
#include "bot/message.hpp"
#include "bot/oncall_schedule.hpp"
#include "bot/time.hpp"
#include "webhooks/store/completion.hpp"
#include "webhooks/store/escalation_rows.hpp"
#include "webhooks/store/rows.hpp"
#include "webhooks/store/staff.hpp"
#include "webhooks/store/tasks.hpp"

namespace webhooks::store {

using boost::system::error_code;
using bot::TimePoint;

/// Errors the store itself returns; SQLite's own codes travel in `sqlite_category` (failure.hpp).
enum class Error {
    busy = 1,               ///< the queue is full, or the store is closed
    sealed_by_another_key,  ///< the database was made with another key
    schema_too_new,         ///< made by a newer version of this program
    corrupt,                ///< a sealed cell does not open
    stopped,                ///< an I/O error ended writing; only a restart mends it
    job_threw               ///< the job ended with an exception that is not the database's
};
[[nodiscard]] const boost::system::error_category& store_category() noexcept;
[[nodiscard]] inline error_code make_error_code(Error e) noexcept {
    return {static_cast<int>(e), store_category()};
}

// ---- one unit of work
// ------------------------------------------------------------------------------------------

/// One unit of work inside one database transaction. Lives on a store thread; never leaves it, never blocks
/// on anything but the database. Throws `StoreFailure` (store/failure.hpp) when the database fails; the job
/// is rolled back and its caller gets the error.
class StoreTx {
public:
    virtual ~StoreTx() = default;

    // contacts and conversations
    /// Records the message once per (account, external_id). `duplicate`: nothing changed, ids are the first
    /// one's.
    virtual Recorded record_inbound(const NewInbound& message) = 0;
    virtual std::optional<ContactId> find_contact(std::string_view e164) = 0;
    /// The contact of this number, made when there is none.
    virtual ContactId contact_of(std::string_view e164) = 0;
    virtual std::string number_of(ContactId contact) = 0;
    /// Reads the conversation and locks its contact until commit (SQLite: the writer; PostgreSQL: the row).
    /// `nullopt` before the first save. A cell that does not open gives empty texts and the clear columns, so
    /// that an opt-out outlives a damaged state and the texter still gets an answer.
    virtual std::optional<ConversationRow> lock_conversation(ContactId contact) = 0;
    virtual void save_conversation(ContactId contact, const ConversationRow& row, TimePoint now) = 0;
    virtual void append_consent(const ConsentEntry& entry) = 0;
    /// Keeps a piece of a long text; the whole, and its pieces forgotten, once all are there. A piece that
    /// has come before changes nothing.
    virtual std::optional<JoinedText> keep_part(const NewPart& part) = 0;
    /// Texts of which no piece has come since `before`, as far as they are there.
    virtual std::vector<JoinedText> overdue_parts(TimePoint before) = 0;
    /// Names which turn answered a message: every inbound gets a recorded outcome (I13).
    /// @param heard  kept as it was heard then: rules change
    virtual void mark_answered(MessageId inbound, std::uint64_t turn, std::string_view outcome,
                               const std::vector<Heard>& heard = {}) = 0;

    /// The right to be forgotten: the words of every message of this contact are overwritten, what is queued
    /// is cancelled, timers and notes go. Kept are ids, times and states, so that a webhook that comes again
    /// stays a duplicate, and what the law wants kept: consent ledger and escalations. The conversation is
    /// the caller's to write anew.
    /// @param keep_number  false: the number goes too, and whoever texts from it is somebody new
    virtual void erase_words(ContactId contact, bool keep_number, TimePoint now) = 0;

    // outbox
    /// @return the row's id; for a page_key seen before, the first one's.
    virtual MessageId enqueue(const NewOutbound& message) = 0;
    /// Everything of this contact still queued or waiting for a retry, but for opt-out confirmations, becomes
    /// `cancelled`. @return how many.
    virtual int cancel_queued(ContactId contact, TimePoint now) = 0;
    /// Replies of one turn that are all still queued become `cancelled` (they are answered anew, gathered).
    /// False, and nothing changed, when one of them has already left.
    virtual bool retract_turn(ContactId contact, std::uint64_t turn, TimePoint now) = 0;
    /// Claims up to `limit` due messages in sending order: kind, then age (a retry's age is its time).
    /// For one contact: never two at a time (nothing while one is `wired`), never a younger one before an
    /// older one of the same kind, and one that waits for its retry also holds back what is younger and less
    /// grave, but not a crisis text. Pages have no contact and never wait for each other.
    /// No number sends more than its allowance, and what waits for that holds back no other number: a long
    /// queue of one costs nothing here. In the same step what is not fresh becomes `stale`, and what goes to
    /// an opted-out contact `cancelled`, but for the kind `opt_out_confirm`: that is also how the answers an
    /// opted-out person may still get (OUT.2, OUT.3, OUT.6, HLP.3) are marked.
    virtual std::vector<Claimed> claim_due(TimePoint now, std::size_t limit,
                                           const AllowanceOf& allowance = {},
                                           const OnClosed& closed = {}) = 0;
    /// What became of a claimed message. Nothing changes when a delivery report was quicker, but that
    /// `mark_sent` always keeps the gateway's id.
    virtual void mark_sent(MessageId id, std::string_view external_id, TimePoint now) = 0;
    virtual void mark_retry(MessageId id, std::string_view code, TimePoint next_try) = 0;
    /// Final states: failed, unknown, cancelled, stale.
    virtual void mark_final(MessageId id, OutboxState state, std::string_view code, TimePoint now) = 0;
    /// Whether a text with this id of the gateway's has been recorded.
    virtual bool knows_received(std::string_view account, std::string_view external_id) = 0;
    /// Whether this is the gateway's id of a message that we know to have sent.
    virtual bool knows_sent(std::string_view account, std::string_view external_id) = 0;
    /// Moves a claimed message to another of our numbers; it stays claimed.
    virtual void reroute(MessageId id, std::string_view account, std::string_view channel) = 0;
    /// Adds to a count that outlives a restart, of which only the present window is kept.
    /// @param scope  what is counted ("number/+1555..."); stored as a keyed hash
    /// @return what it comes to
    virtual std::int64_t add_to_count(std::string_view scope, TimePoint window, std::int64_t more) = 0;
    /// How many texts the bot itself has sent to this contact since then.
    virtual std::int64_t automatic_texts_since(ContactId contact, TimePoint since) = 0;
    /// The latest words of both sides since then, for whoever asks if a machine answers.
    struct Words {
        std::vector<std::string> theirs, ours;
    };
    virtual Words words_since(ContactId contact, TimePoint since, std::size_t limit) = 0;
    /// A delivery report moves a message only forward: sent, then delivered or failed, both final. A message
    /// is known by our id or by the gateway's. @return nothing for one that is not known
    virtual std::optional<Reported> apply_report(std::string_view account, std::string_view external_id,
                                                 std::string_view message_id, OutboxState state,
                                                 std::string_view code, TimePoint now) = 0;
    /// Of the page enqueued under this key.
    virtual std::optional<OutboxState> state_of_page(std::string_view page_key) = 0;
    /// At start: rows left `wired` by a crash, unchanged; the caller decides by kind (outbox/policy.hpp).
    virtual std::vector<Claimed> wired_rows() = 0;
    virtual std::optional<TimePoint> next_outbox_due() = 0;

    // timers
    virtual void set_timer(ContactId contact, std::string_view name, TimePoint due, std::uint64_t turn) = 0;
    virtual void cancel_timer(ContactId contact, std::string_view name) = 0;
    virtual int cancel_timers(ContactId contact) = 0;
    virtual std::vector<TimerRow> due_timers(TimePoint now, std::size_t limit) = 0;
    virtual void remove_timer(std::int64_t id) = 0;
    virtual std::optional<TimePoint> next_timer_due() = 0;

    // escalations
    virtual EscalationRow open_escalation(const NewEscalation& escalation) = 0;
    virtual void save_escalation(const EscalationRow& row, TimePoint now) = 0;
    virtual std::optional<EscalationRow> escalation(EscalationId id) = 0;
    virtual std::optional<EscalationRow> escalation_by_code(std::string_view code) = 0;  ///< not resolved
    /// Resolved or not; the latest, for codes are used again.
    virtual std::optional<EscalationRow> last_escalation_by_code(std::string_view code) = 0;
    virtual std::optional<EscalationRow> open_escalation_of(ContactId contact) = 0;  ///< not resolved
    virtual std::vector<EscalationRow> open_escalations(
        std::size_t limit) = 0;  ///< not resolved, gravest first
    virtual std::vector<EscalationRow> due_escalations(TimePoint now, std::size_t limit) = 0;
    virtual std::optional<TimePoint> next_escalation_due() = 0;
    /// Append-only history: "paged", "page_sent", "page_failed", "acknowledged", "told_texter", "note" ...
    virtual void log_escalation(EscalationId id, std::string_view what, std::string_view who,
                                std::string_view detail, TimePoint now) = 0;
    virtual std::vector<EscalationLogEntry> escalation_history(EscalationId id) = 0;  ///< oldest first

    // pages beside the outbox, and what is known of those who are paged
    /// @return the row's id; for a key seen before, the first one's.
    virtual PageId add_page(const NewPage& page) = 0;
    virtual std::optional<PageRow> page(PageId id) = 0;
    virtual std::vector<PageRow> pages_of(EscalationId escalation) = 0;
    /// Waiting ones that are due become `claimed`; calls that nobody has answered in time come as `calling`,
    /// and are claimed too.
    virtual std::vector<PageRow> claim_pages(TimePoint now, std::size_t limit) = 0;
    /// @param ready_at  when it is looked at again: for `waiting` and `calling`
    virtual void mark_page(PageId id, PageState state, TimePoint now,
                           std::optional<TimePoint> ready_at = std::nullopt) = 0;
    /// Pages of this case that still wait; a call that its holder asked for is none. @return how many
    virtual int cancel_pages(EscalationId escalation, TimePoint now) = 0;
    virtual void release_claimed_pages(TimePoint now) = 0;  ///< at start: claimed by a crash, due again
    virtual void mark_responder_stopped(std::string_view name, TimePoint now) = 0;
    virtual void mark_responder_heard(std::string_view name, TimePoint now) = 0;  ///< no longer stopped
    virtual std::vector<ResponderRow> responders() = 0;
    [[nodiscard]] virtual PagingAudit audit_paging(TimePoint now) = 0;
    virtual void add_override(const bot::Override& other) = 0;
    /// Each that is this one. @return false: there is none
    virtual bool remove_override(const bot::Override& other) = 0;
    /// Those that end after `now`, oldest first.
    virtual std::vector<bot::Override> overrides(TimePoint now) = 0;

    // outgoing webhooks
    virtual void enqueue_hook(const NewHook& hook) = 0;
    /// Of those that are configured: they may wake somebody, so no managed webhook is before them.
    virtual std::vector<ClaimedHook> claim_hooks(TimePoint now, std::size_t limit) = 0;
    /// Of one managed webhook (staff.hpp).
    virtual std::vector<ClaimedHook> claim_deliveries(std::int64_t webhook, TimePoint now,
                                                      std::size_t limit) = 0;
    virtual void mark_hook_sent(std::int64_t id, TimePoint now) = 0;
    virtual void mark_hook_retry(std::int64_t id, TimePoint next_try) = 0;
    virtual void mark_hook_failed(std::int64_t id, TimePoint now) = 0;
    virtual void release_claimed_hooks() = 0;  ///< at start: what a crash left claimed is due again
    virtual std::optional<TimePoint> next_hook_due() = 0;

    // live events and quarantine
    virtual void publish(std::string_view type, std::string_view data_json, TimePoint now) = 0;
    /// Keeps the latest `keep` entries.
    virtual void quarantine(const QuarantineEntry& entry, std::size_t keep) = 0;
    virtual void remove_quarantined(std::int64_t id) = 0;

    /// Accounts, notes, the audit log and what else staff have.
    virtual StaffTx& staff() = 0;
    /// What is to be done for whom and when, and what outside tools have said.
    virtual TaskTx& tasks() = 0;

    /// For the consent gate: an opt-out must be visible to the sender before it is durable, never after.
    /// On the store thread: `before` runs right before the COMMIT that will carry this job; `failed` runs
    /// when this job is undone after registering, by its own error or exception, by a neighbour's that takes
    /// the whole batch along, or by a COMMIT that fails, whether or not `before` has run. A job that runs
    /// again registers again. Neither may throw or use the transaction.
    virtual void around_commit(std::function<void()> before, std::function<void()> failed) = 0;

    /// Work that may fail while its job goes on: when it throws, all it wrote and registered is undone.
    /// Costs nothing while nothing throws: the first exception has the whole job run again, this time with a
    /// savepoint for each attempt. Throws on when the database itself failed (full or broken disk).
    /// @return what it threw; null when it is done
    [[nodiscard]] virtual std::exception_ptr attempt(const std::function<void()>& work) = 0;
};

/// Read-only view on a connection of its own; sees one committed state. A cell that does not open is shown as
/// `kUnreadable`. Throws `StoreFailure`.
class StoreReader {
public:
    virtual ~StoreReader() = default;
    /// Newest first, ids below `before_id`.
    virtual std::vector<ContactRow> contacts(std::size_t limit, std::int64_t before_id) = 0;
    virtual std::optional<ContactRow> contact(ContactId id) = 0;
    /// The latest `limit` of both directions that are not newer than `until`, oldest first.
    virtual std::vector<MessageRow> messages(ContactId contact, std::size_t limit,
                                             TimePoint until = TimePoint::max()) = 0;
    /// A text of this texter.
    virtual std::optional<MessageRow> received(ContactId contact, MessageId id) = 0;
    /// Texts of texters, the latest first, until `look` says false or `limit` have been looked at.
    virtual void each_text(std::size_t limit, const std::function<bool(const MessageRow&)>& look) = 0;
    /// Newest first, ids below `before_id`; pages have contact 0.
    virtual std::vector<MessageRow> outbox(std::size_t limit, std::int64_t before_id) = 0;
    /// Newest first; `only_open`: not resolved.
    virtual std::vector<EscalationRow> escalations(bool only_open, std::size_t limit) = 0;
    virtual std::vector<EscalationRow> escalations_of(ContactId contact) = 0;         ///< newest first
    virtual std::vector<EscalationLogEntry> escalation_history(EscalationId id) = 0;  ///< oldest first
    virtual std::optional<ContactId> find_contact(std::string_view e164) = 0;
    virtual std::vector<ConsentEntry> consent_ledger(ContactId contact) = 0;
    virtual std::vector<LiveEvent> events_after(std::int64_t id, std::size_t limit) = 0;
    virtual std::int64_t last_event_id() = 0;
    virtual std::vector<QuarantineEntry> quarantined() = 0;  ///< oldest first
    virtual QueueAges queue_ages(TimePoint now) = 0;
    virtual StaffReader& staff() = 0;
    virtual TaskReader& tasks() = 0;
};

/// Durable state. SQLite: one writer thread shares one COMMIT among all waiting jobs;
/// PostgreSQL (later): a pool of connections. Thread-safe.
class Store {
public:
    /// One unit of work: may run again after a rollback, so it has no effect but through its argument and
    /// captures that it overwrites. A returned error rolls it back.
    using Job = std::function<error_code(StoreTx&)>;
    using ReadJob = std::function<error_code(StoreReader&)>;
    using Signature = void(error_code);

    virtual ~Store() = default;

    /// Completes after the COMMIT is durable, on the handler's executor. Completes with `Error::busy`,
    /// nothing done, when the queue is full (answer 503).
    template <boost::asio::completion_token_for<Signature> Token>
    auto async_transact(Job job, Token&& token) {
        return boost::asio::async_initiate<Token, Signature>(
            [this](auto handler, Job j) { enqueue(std::move(j), Completion(std::move(handler))); }, token,
            std::move(job));
    }
    template <boost::asio::completion_token_for<Signature> Token>
    auto async_read(ReadJob job, Token&& token) {
        return boost::asio::async_initiate<Token, Signature>(
            [this](auto handler, ReadJob j) { enqueue_read(std::move(j), Completion(std::move(handler))); },
            token, std::move(job));
    }
    /// Blocking forms for the command line and tests; never on the net thread.
    [[nodiscard]] error_code transact(Job job);
    [[nodiscard]] error_code read(ReadJob job);

    /// True when a commit succeeded or was not needed within the last second (readiness). False for good
    /// after an I/O error at COMMIT: what the disk then holds is not known, so the same handle never tries
    /// again; the process has to restart (reliability.md I9).
    [[nodiscard]] virtual bool healthy() const noexcept = 0;
    /// Finishes what is queued, checkpoints, closes. After it every call completes with `Error::busy`.
    virtual void close() = 0;

protected:
    virtual void enqueue(Job job, Completion done) = 0;
    virtual void enqueue_read(ReadJob job, Completion done) = 0;
};

}  // namespace webhooks::store

template <>
struct boost::system::is_error_code_enum<webhooks::store::Error> : std::true_type {};
