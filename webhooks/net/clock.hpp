#pragma once
#include "bot/time.hpp"

namespace webhooks::net {

/// The wall clock, in one place. Thread-safe.
[[nodiscard]] inline bot::TimePoint now() noexcept {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace webhooks::net
