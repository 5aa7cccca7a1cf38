#pragma once
#include <chrono>

#include "bot/priority.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::cli {

/// Opens a case that nobody texted for, which the running server pages as any other, marked as a drill;
/// prints who is paged, by what and when, and closes it when somebody takes it or `wait` is over.
/// @return whether somebody took it
[[nodiscard]] bool run_drill(store::Store& store, const oncall::Roster& roster, bot::Priority priority,
                             std::chrono::minutes wait);

}  // namespace webhooks::cli
