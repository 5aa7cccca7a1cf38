#pragma once
#include <optional>
#include <string_view>

#include "bot/time.hpp"
#include "bot/working_hours.hpp"

namespace bot {

/// When somebody wants to be called: from `from`, and `until` at the latest. The same instant for a time of
/// the clock.
struct CallWindow {
    TimePoint from{};
    TimePoint until{};
};

/// Reads what people text for a time, in English or Spanish: "thurs after 5", "tomorrow morning", "2pm",
/// "manana por la tarde", "el lunes a las 10". Without a.m. or p.m. an hour from 1 to 7 is in the afternoon;
/// a day alone is its working hours.
/// @param hours  of the line
/// @param zone   the texter's
/// @return nothing when no time can be read, or it is past: staff read the words
[[nodiscard]] std::optional<CallWindow> read_call_time(std::string_view words, TimePoint now,
                                                       const WorkingHours& hours, std::string_view zone,
                                                       const UtcOffset& offset);

}  // namespace bot
