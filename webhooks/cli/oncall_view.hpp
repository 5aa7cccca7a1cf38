#pragma once
#include <string>

#include "webhooks/config.hpp"
#include "webhooks/oncall/coverage.hpp"

namespace webhooks::cli {

/// Who is on call at an instant, until when and who follows, what the ladders are, how people are reached.
/// No phone number.
[[nodiscard]] std::string describe_on_call(const Config& config, const oncall::Known& known,
                                           bot::TimePoint at);
/// One line.
[[nodiscard]] std::string describe_gap(const Config& config, const oncall::Gap& gap);

}  // namespace webhooks::cli
