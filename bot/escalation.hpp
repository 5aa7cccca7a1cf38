#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bot/priority.hpp"
#include "bot/time.hpp"

namespace bot {

/// Somebody who can be paged.
struct Responder {
    std::string name;   ///< unique; shown to the texter when they take the conversation
    std::string phone;  ///< E.164
};

/// One step of a ladder: at `after` (from the escalation's start) these people are paged.
struct Rung {
    std::chrono::seconds after{0};
    std::vector<std::string> page;  ///< names of responders
    std::string
        tell_texter;  ///< text id said to the texter if nobody has acknowledged by then ("NOA.2"), or empty
};

/// Who is paged when, for one priority. After the last rung everybody named anywhere in it is paged again
/// every `repeat_every`, for ever: an escalation ends only by a human (I4). Once it is four hours old, a
/// `calm_every` above zero takes the place of `repeat_every`, so that what can wait does not wear out a
/// night.
struct EscalationPolicy {
    std::vector<Rung> rungs;
    std::chrono::seconds repeat_every{600};
    std::chrono::seconds calm_every{0};
};

enum class EscalationState { open, notified, acknowledged, resolved };
[[nodiscard]] std::string_view to_string(EscalationState state) noexcept;

/// One escalation, as the ladder sees it. The policy is snapshotted when it opens: edits do not move a
/// running ladder.
struct Escalation {
    Priority priority = Priority::p1;
    EscalationState state = EscalationState::open;
    TimePoint opened_at{};
    EscalationPolicy policy;
    std::size_t next_rung = 0;
    std::uint32_t repeats = 0;          ///< rounds after the last rung, and pages of ladders before a raise
    std::optional<TimePoint> next_due;  ///< absent only when acknowledged or resolved
    std::string acknowledged_by;
    std::string resolved_by;
};

/// What a step of the ladder asks of the shell.
struct PageResponder {
    std::string name;
    std::uint32_t attempt = 0;
};  ///< (escalation, name, attempt) is the idempotency key
struct PageWebhooks {
    std::uint32_t attempt = 0;
};
struct TellTexter {
    std::string text_id;
    bool exhausted = false;
};
struct TellOthers {
    std::string taken_by;
};  ///< everybody else paged learns who has it
using PageEffect = std::variant<PageResponder, PageWebhooks, TellTexter, TellOthers>;

struct RungDue {};
struct Acknowledge {
    std::string by;
};
struct Resolve {
    std::string by;
};
struct Raise {
    Priority priority = Priority::p0;
    EscalationPolicy policy;
};  ///< restarts on the graver ladder, with whoever had acknowledged at its head
using EscalationEvent = std::variant<RungDue, Acknowledge, Resolve, Raise>;

struct Climb {
    Escalation next;
    std::vector<PageEffect> effects;
    bool accepted = true;  ///< false: a second acknowledgement; `next.acknowledged_by` has it
};

/// Open an escalation: the first rung is due at `now`.
[[nodiscard]] Escalation open_escalation(Priority priority, EscalationPolicy policy, TimePoint now);

/// The ladder as a pure state machine. A `RungDue` that is not due yet changes nothing; one that is late runs
/// at once and the next one counts from its own time, so a clock jump or a long stop never skips a person.
[[nodiscard]] Climb climb(Escalation before, const EscalationEvent& event, TimePoint now);

/// JSON for the store.
[[nodiscard]] std::string serialize(const EscalationPolicy& policy);
[[nodiscard]] EscalationPolicy parse_escalation_policy(std::string_view json);

}  // namespace bot
