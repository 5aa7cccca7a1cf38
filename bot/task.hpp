#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

// Timers that the flow intake speaks by: `kCallLate` when nobody called in time, `kCallMissed` when staff did
// and nobody answered.
inline constexpr std::string_view kCallLate = "intake.late";
inline constexpr std::string_view kCallMissed = "intake.missed";

// Tasks: what a human does for a texter at a time of its own (content brief, flow intake). Whoever is on call
// is told a quarter of an hour before, in working hours; for a Sunday on Friday. A promised time that passes
// is told to the texter and makes the case graver: that page keeps no hours.

/// A texter asked to be called. @param when  field with the time in their words
void book_call(TurnBuilder& turn, const std::string& when);
void call_back_set(TurnBuilder& turn, const CallBackSet& event);
/// When staff called and nobody answered, the texter is asked for a better time, by day.
void call_back_ended(TurnBuilder& turn, const CallBackEnded& event);
/// Somebody missed a visit: in a day a human looks after them, unless a new visit is entered before.
void book_missed_visit(TurnBuilder& turn);
void task_due(TurnBuilder& turn, const TaskDue& event);
/// The kind of task whose time alone said this to a case, by the case's own reason and words, or by a note
/// ("reason: words"). Nothing: somebody asked for something.
[[nodiscard]] std::optional<TaskKind> task_that_told(std::string_view note);
[[nodiscard]] std::optional<TaskKind> task_that_told(std::string_view reason, std::string_view heard);

}  // namespace bot
