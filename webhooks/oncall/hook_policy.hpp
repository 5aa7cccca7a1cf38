#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

namespace webhooks::oncall {

/// Wait before try number `attempts` + 1 of an outgoing webhook: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20
/// h, 24 h (reliability.md T22), spread by a fifth both ways. Nothing when all ten tries are made.
/// @param attempts  tries made, from 1
/// @param random    uniform in [0, 1)
[[nodiscard]] std::optional<std::chrono::milliseconds> hook_back_off(std::uint32_t attempts,
                                                                     double random) noexcept;

}  // namespace webhooks::oncall
