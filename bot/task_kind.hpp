#pragma once
#include <cstdint>
#include <string_view>

namespace bot {

/// What a human is to do for a texter. Numbers are stored: new ones go last.
enum class TaskKind : std::uint8_t { call_back, missed_visit };
[[nodiscard]] std::string_view to_string(TaskKind kind) noexcept;

/// How a task left the queue. `missed`: staff called, and nobody answered.
enum class TaskEnd : std::uint8_t { done, missed, cancelled };
[[nodiscard]] std::string_view to_string(TaskEnd how) noexcept;

}  // namespace bot
