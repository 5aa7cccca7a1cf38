#pragma once
#include <string>
#include <vector>

#include "webhooks/config.hpp"
#include "webhooks/oncall/shift_report.hpp"

namespace webhooks::cli {

/// The report of a shift for whoever takes over, in the line's local time.
[[nodiscard]] std::string describe_shift(const Config& config, const std::vector<oncall::ReportedCase>& cases,
                                         bot::TimePoint from, bot::TimePoint until);

}  // namespace webhooks::cli
