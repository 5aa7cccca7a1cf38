#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bot/priority.hpp"
#include "bot/responder.hpp"
#include "bot/time.hpp"

namespace bot {

/// One step of a ladder: at `after` (from the escalation's start) these are paged.
struct Rung {
    std::chrono::seconds after{0};
    std::vector<std::string> page;  ///< names of people or of schedules
    std::string
        tell_texter;  ///< text id said to the texter if nobody has acknowledged by then ("NOA.2"), or empty
    std::uint32_t need = 1;  ///< so many have to acknowledge before the ladder rests
};

/// Who is paged when, for one priority. After the last rung everybody named anywhere in it is paged again
/// every `repeat_every`, for ever: an escalation ends only by a human (I4). Once it is four hours old, a
/// `calm_every` above zero takes the place of `repeat_every`, so that what can wait does not wear out a
/// night.
struct EscalationPolicy {
    std::vector<Rung> rungs;
    std::chrono::seconds repeat_every{600};
    std::chrono::seconds calm_every{0};
    std::chrono::seconds lease{120};         ///< from an acknowledgement to the first words to the texter
    std::chrono::seconds talk_lease{1'800};  ///< from each of these words to the next
    std::vector<std::string> catch_all{};    ///< paged when a ladder has reached nobody, and in each repeat
};

enum class EscalationState { open, notified, acknowledged, resolved };
[[nodiscard]] std::string_view to_string(EscalationState state) noexcept;

/// One escalation, as the ladder sees it. The policy is snapshotted when it opens: edits do not move a
/// running ladder. Acknowledging it is a lease: without words to the texter in time the ladder climbs on.
struct Escalation {
    Priority priority = Priority::p1;
    EscalationState state = EscalationState::open;
    TimePoint opened_at{};
    EscalationPolicy policy;
    std::size_t next_rung = 0;
    std::uint32_t repeats = 0;          ///< rounds after the last rung, and pages of ladders before a raise
    std::optional<TimePoint> next_due;  ///< of the rung or, acknowledged, the end of the lease; never absent
                                        ///< before it is resolved but in records of before there were leases
    std::string acknowledged_by;        ///< who has it; others in `takers` stand by
    std::string resolved_by;
    std::optional<TimePoint> rungs_from;  ///< where the rungs count from, when not from `opened_at`
    std::optional<TimePoint> spoke_at;    ///< when a human last wrote or spoke to the texter
    std::vector<std::string> takers;      ///< who has acknowledged, first come first
    std::vector<std::string> paged;       ///< everybody paged so far on this ladder
    std::vector<std::string> passed;      ///< who has handed it on since the last page
    std::uint32_t takes = 0;              ///< how often it has been taken
    bool by_phone = false;                ///< the holder writes from their own phone: answers go there
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
    bool more_asked = false;  ///< another person still has to acknowledge
};                            ///< everybody else paged learns who has it
struct LeaseLapsed {
    std::string holder;
    bool had_spoken = false;
};  ///< no words reached the texter in time: the holder and the conversation learn that the ladder climbs on
struct RungSkipped {
    std::size_t rung = 0;
};                        ///< it reaches nobody now; the next one took its place at once
struct NobodyReached {};  ///< not even the catch-all reaches anybody: an alarm
using PageEffect = std::variant<PageResponder, PageWebhooks, TellTexter, TellOthers, LeaseLapsed, RungSkipped,
                                NobodyReached>;

struct RungDue {};
struct Acknowledge {
    std::string by;
};
/// They cannot: the ladder climbs on at once when they had it, or when nobody paged is left who has not
/// passed.
struct Pass {
    std::string by;
};
/// Words of a human have reached the texter, or they have each other on the phone.
struct Spoke {
    std::string by;
    bool by_phone = false;  ///< through the line's number, from their own phone
};
struct Resolve {
    std::string by;
};
struct Raise {
    Priority priority = Priority::p0;
    EscalationPolicy policy;
};  ///< restarts on the graver ladder, with whoever had acknowledged at its head
using EscalationEvent = std::variant<RungDue, Acknowledge, Pass, Spoke, Resolve, Raise>;

struct Climb {
    Escalation next;
    std::vector<PageEffect> effects;
    bool accepted = true;  ///< false: a second acknowledgement; `next.acknowledged_by` has it
};

/// Who a name on a rung stands for at an instant: a person who can be reached, whoever a schedule puts on
/// call, or nobody. Must be a pure function. An empty one takes each name for a person.
using Reach = std::function<std::vector<std::string>(const std::string& name, TimePoint at)>;

/// Open an escalation: the first rung is due at `now`.
[[nodiscard]] Escalation open_escalation(Priority priority, EscalationPolicy policy, TimePoint now);

/// The ladder as a pure state machine. A `RungDue` that is not due yet changes nothing; one that is late runs
/// at once and the next one counts from its own time, so a clock jump or a long stop never skips a person. A
/// rung that reaches nobody is skipped in the same step.
[[nodiscard]] Climb climb(Escalation before, const EscalationEvent& event, TimePoint now,
                          const Reach& reach = {});

/// JSON for the store.
[[nodiscard]] std::string serialize(const EscalationPolicy& policy);
[[nodiscard]] EscalationPolicy parse_escalation_policy(std::string_view json);
/// The fields of a ladder that have no column of their own.
[[nodiscard]] std::string serialize_progress(const Escalation& ladder);
/// @param ladder  its policy and columns are read already: a record of before these fields gets what they say
void read_progress(std::string_view json, Escalation& ladder);

}  // namespace bot
