#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace bot {

/// How fast a human is needed (content brief 2A): P0 danger now (ack within 2 min), P1 urgent (5 min), P2
/// this shift (30 min), P3 next working day. Lower is graver.
enum class Priority : std::uint8_t { p0, p1, p2, p3 };

[[nodiscard]] constexpr std::string_view to_string(Priority priority) noexcept {
    constexpr std::string_view kNames[]{"P0", "P1", "P2", "P3"};
    return kNames[static_cast<std::uint8_t>(priority)];
}
[[nodiscard]] constexpr std::optional<Priority> parse_priority(std::string_view word) noexcept {
    if (word.size() != 2 || (word[0] != 'P' && word[0] != 'p') || word[1] < '0' || word[1] > '3')
        return std::nullopt;
    return static_cast<Priority>(word[1] - '0');
}

}  // namespace bot
