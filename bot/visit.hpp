#pragma once
#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

// The timers, as the flow names them.
inline constexpr std::string_view kVisitReminder = "appointment.day_before";
inline constexpr std::string_view kVisitMissed = "appointment.missed";

// Visits that staff enter (content brief, flow appointment): a plain reminder the day before, by day, to
// whoever has agreed to texts that we begin. A visit within a day is not reminded of: it has just been made.
void visit_set(TurnBuilder& turn, const VisitSet& event);
void visit_cancelled(TurnBuilder& turn);
/// The door is kept open a few hours later, by day; the day after staff look after them.
void visit_missed(TurnBuilder& turn);

}  // namespace bot
