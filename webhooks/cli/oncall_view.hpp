#pragma once
#include <string>

#include "webhooks/config.hpp"
#include "webhooks/oncall/coverage.hpp"

namespace webhooks::cli {

/// Who is on call at an instant, until when and who follows, what the ladders are, how people are reached.
/// No phone number.
[[nodiscard]] std::string describe_on_call(const Config& config, const oncall::Known& known,
                                           bot::TimePoint at);
/// "Mon 2026-01-05 09:00:07", where the line is.
[[nodiscard]] std::string local_seconds(const Config& config, bot::TimePoint at);
/// One line.
[[nodiscard]] std::string describe_gap(const Config& config, const oncall::Gap& gap);

}  // namespace webhooks::cli
