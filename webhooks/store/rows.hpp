#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/consent.hpp"
#include "bot/message.hpp"
#include "bot/time.hpp"
#include "webhooks/store/ids.hpp"

// What goes into the store and comes out of it about contacts and their messages. Values; times are UTC.

namespace webhooks::store {

using bot::TimePoint;

enum class Seen { first, duplicate };

struct NewInbound {
    std::string account;      ///< gateway account name
    std::string external_id;  ///< unique per account
    std::string contact;      ///< E.164 of the texter
    std::string channel;      ///< our number
    std::string text;
    std::string media_json;  ///< "[]" or [{"url","content_type"}]
    TimePoint at;
};

struct Recorded {
    Seen seen = Seen::first;
    ContactId contact;
    MessageId message;
};

/// One piece of a long text that the gateway hands on in pieces.
struct NewPart {
    std::string account;
    std::string external_id;  ///< of this piece
    std::string from, to;
    std::string reference;  ///< the same in all pieces
    int index = 1;          ///< from 1
    int total = 1;
    std::string text;
    TimePoint at;
};

/// A text put together again: all of it, or what had come when the waiting was over.
struct JoinedText {
    std::string account;
    std::string external_id;  ///< of its first piece at hand
    std::string from, to, text;
};

/// State of one contact between two events.
struct ConversationRow {
    std::string state;  ///< bot::serialize
    bot::Consent consent =
        bot::Consent::none;  ///< clear copy: the hand-over check reads it without unsealing
    std::uint64_t turn = 0;
    bool held = false;    ///< clear copy: a person has the conversation
    std::string account;  ///< the channel the contact last used: where replies leave
    std::string channel;
    // The last answered thought, kept so that a text that follows within the gathering window is answered
    // with it.
    std::string before_last;  ///< state before that turn; empty when nothing may be gathered any more
    std::string last_text;
    TimePoint last_at{};
};

enum class OutboxState : std::uint8_t {
    queued,
    wired,
    errored,
    sent,
    delivered,
    failed,
    unknown,
    cancelled,
    stale
};

[[nodiscard]] std::string_view to_string(OutboxState state) noexcept;
struct NewOutbound {
    std::optional<ContactId> contact;  ///< absent for pages: those go to staff
    std::optional<EscalationId> escalation;
    std::string account;
    std::string channel;  ///< our number
    std::string to;       ///< E.164
    std::string text;
    bot::MessageKind kind = bot::MessageKind::reply;
    std::string text_id;  ///< "SLP.1"; empty for staff-typed text
    std::string said_by;  ///< "slip/S1@1"
    std::uint64_t turn = 0;
    TimePoint at;
    TimePoint due;
    TimePoint fresh_until;
    std::string
        page_key;  ///< pages only: unique (escalation, person, attempt); a second enqueue changes nothing
};

/// A claimed message: state `wired`, ours to hand over.
struct Claimed {
    MessageId id;
    std::optional<ContactId> contact;
    std::optional<EscalationId> escalation;
    std::string account, channel, to, text;
    bot::MessageKind kind = bot::MessageKind::reply;
    std::uint32_t attempts = 0;  ///< including this one
    TimePoint received_at;       ///< when the turn that made it was committed
    TimePoint fresh_until;
    std::string page_key;
};

/// Texts that are never held back behind others.
[[nodiscard]] constexpr bool is_urgent(bot::MessageKind kind) noexcept {
    return kind <= bot::MessageKind::opt_out_confirm;
}

/// How many messages may leave by one of our numbers now: `all` together, and of these at most `others` that
/// are not urgent; none but pages while everything else is halted.
struct Allowance {
    std::size_t all = std::numeric_limits<std::size_t>::max();
    std::size_t others = std::numeric_limits<std::size_t>::max();
    bool pages_only = false;
};

/// Asked once for each number that has something waiting, on the store thread.
using AllowanceOf = std::function<Allowance(std::string_view account, std::string_view channel)>;

/// Told of each row that claiming closed because it can never leave now, in the same transaction: `stale`, or
/// `failed` when its cell does not open (then without texts and names).
using OnClosed = std::function<void(const Claimed& message, OutboxState state)>;

/// What a delivery report was about.
struct Reported {
    MessageId message;
    std::optional<ContactId> contact;
    std::optional<EscalationId> escalation;  ///< pages only
    std::string page_key;                    ///< pages only
    bot::MessageKind kind = bot::MessageKind::reply;
    TimePoint said_at;
    std::string text_id;  ///< of a text that failed
    bool moved = false;   ///< false: the report was old, doubled or out of order
};

struct ConsentEntry {
    ContactId contact;
    bot::Consent to = bot::Consent::none;
    std::string source, rule, wording;
    std::optional<MessageId> message;
    TimePoint at;
};

struct TimerRow {
    std::int64_t id = 0;
    ContactId contact;
    std::string name;
    std::uint64_t turn = 0;
    TimePoint due;
};

struct LiveEvent {
    std::int64_t id = 0;  ///< the SSE id: grows by commit
    std::string type;     ///< "message.received", "message.queued", "message.sent", "escalation.opened",
                          ///< "consent.changed" ...
    std::string data;     ///< JSON: ids and states; never text or number
    TimePoint at;
};

struct QuarantineEntry {
    std::int64_t id = 0;
    TimePoint at;
    std::string account;
    std::string reason;   ///< gateways::to_string(Refusal)
    std::string request;  ///< JSON of the whole request; sealed at rest
};

/// Something that was heard in a text: the id of the rule, and its reason in words for staff.
struct Heard {
    std::string rule, words;
};

struct MessageRow {  ///< for the read API, unsealed
    MessageId id;
    ContactId contact;
    bool inbound = false;
    std::string text;
    std::string kind, state, text_id, said_by, error_code;
    TimePoint at;
    std::vector<Heard> heard;       ///< of an inbound one: what its turn heard in it, gravest first
    std::string account;            ///< of an inbound one: the gateway account it came by
    std::string media_json = "[]";  ///< the same: as in NewInbound
};

struct ContactRow {
    ContactId id;
    std::string number;  ///< E.164; mask before showing
    ConversationRow conversation;
    TimePoint updated_at{};
};

struct QueueAges {  ///< for metrics
    std::int64_t outbox_queued = 0;
    std::int64_t outbox_oldest_ms = 0;
    std::int64_t escalations_open = 0;  ///< not acknowledged, not resolved
    std::int64_t escalations_oldest_ms = 0;
};

/// What a reader shows for a cell that was changed or moved.
inline constexpr std::string_view kUnreadable = "[unreadable]";

}  // namespace webhooks::store
