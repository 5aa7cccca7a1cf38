#pragma once
#include <chrono>
#include <functional>
#include <string_view>

namespace bot {

/// An instant in UTC. The core never asks what time it is: every instant arrives as an argument.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// Seconds to add to UTC for local time in an IANA zone at an instant ("America/New_York" -> -18000 s in
/// winter). The shell supplies it (it reads the tz database); it must be a pure function and safe on every
/// thread. An unknown zone gives 0.
using UtcOffset = std::function<std::chrono::seconds(std::string_view zone, TimePoint at)>;

[[nodiscard]] constexpr std::int64_t to_millis(TimePoint at) noexcept {
    return at.time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint from_millis(std::int64_t millis) noexcept {
    return TimePoint{std::chrono::milliseconds{millis}};
}

}  // namespace bot
