#pragma once
#include "bot/time.hpp"

namespace webhooks::net {

/// Local time for the core, from the machine's tz database. An unknown zone counts as UTC: the configuration
/// has refused it already. Thread-safe.
[[nodiscard]] bot::UtcOffset utc_offset();

}  // namespace webhooks::net
