#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "bot/time.hpp"

namespace bot {

/// When staff look after what can wait: by the clock on the wall of `zone`. Whoever is in danger is paged at
/// any hour.
struct WorkingHours {
    std::uint8_t days = 0x1f;  ///< bit 0 is Monday; at least one
    std::chrono::minutes from{9 * 60};
    std::chrono::minutes until{17 * 60};  ///< later than `from`, at most 24 h
    std::string zone = "America/New_York";

    [[nodiscard]] bool is_open(TimePoint at, const UtcOffset& offset) const;
    /// `at`, or the next opening after it.
    [[nodiscard]] TimePoint next_open(TimePoint at, const UtcOffset& offset) const;
    /// `at`, or the last closing before it.
    [[nodiscard]] TimePoint last_open(TimePoint at, const UtcOffset& offset) const;
};

}  // namespace bot
