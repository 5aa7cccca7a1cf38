#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/escalation.hpp"
#include "bot/oncall_schedule.hpp"
#include "bot/time.hpp"
#include "webhooks/store/ids.hpp"

// What goes into the store and comes out of it about escalations: pages to people, webhooks to other systems.

namespace webhooks::store {

using bot::TimePoint;

struct NewEscalation {
    ContactId contact;
    std::string reason;
    std::string heard;
    bool call_do_not_text = false;
    bot::Escalation ladder;
};

struct EscalationRow {
    EscalationId id;
    std::string code;  ///< 4 digits, unique among those not resolved: what a pager answers with
    ContactId contact;
    std::string reason;
    std::string heard;
    bool call_do_not_text = false;
    bot::Escalation ladder;
    std::optional<TimePoint> acknowledged_at;
};

struct EscalationLogEntry {
    std::string what, who, detail;
    TimePoint at;
};

/// A webhook owed to another system (Standard Webhooks).
struct NewHook {
    std::string endpoint;  ///< configured name
    std::string event;     ///< "escalation.opened"
    std::string key;       ///< webhook-id; unique per endpoint, a second enqueue changes nothing
    std::string payload;   ///< JSON: ids and states only
    TimePoint at;
    std::optional<std::int64_t> webhook{};  ///< the managed one that `endpoint` is
};

struct ClaimedHook {
    std::int64_t id = 0;
    std::optional<std::int64_t> webhook;  ///< a managed one; empty: `endpoint` is configured
    std::string endpoint, event, key, payload;
    std::uint32_t attempts = 0;
    TimePoint at;
};

/// Where one page stands that is not a text of its own in the outbox. `calling`: the phone may be ringing.
/// `answered`: a human took, passed or opened it; `not_reached`: a machine, nobody, or no key pressed.
enum class PageState : std::uint8_t {
    waiting,
    claimed,
    calling,
    handed_over,
    answered,
    not_reached,
    failed,
    cancelled
};

struct NewPage {
    std::optional<EscalationId> escalation;  ///< absent: a test
    std::string responder;
    bot::PageBy by = bot::PageBy::voice;
    std::string hook;  ///< for PageBy::hook
    std::string key;   ///< (escalation, person, attempt, way): a second one of the same key changes nothing
    std::string note;  ///< said in place of the case, for a test
    PageState state = PageState::waiting;
    TimePoint at;
    TimePoint due;
};

struct PageRow {
    PageId id;
    std::optional<EscalationId> escalation;
    std::string responder, hook, key, note;
    bot::PageBy by = bot::PageBy::voice;
    PageState state = PageState::waiting;
    std::uint32_t attempts = 0;  ///< tries made
    TimePoint at;
};

/// What is known of a responder's phone.
struct ResponderRow {
    std::string name;
    std::optional<TimePoint> stopped_at;  ///< texted STOP since they were last heard of
    std::optional<TimePoint> heard_at;    ///< last text or key press from it
};

/// What should not be, counted (reliability.md, design rule 4).
struct PagingAudit {
    std::int64_t without_step = 0;  ///< open cases whose ladder has no next step
    std::int64_t overdue = 0;       ///< ... or one that should have come
    std::int64_t stuck = 0;         ///< pages that have not come to an end in time
    [[nodiscard]] bool sound() const noexcept { return without_step + overdue + stuck == 0; }
};

}  // namespace webhooks::store
