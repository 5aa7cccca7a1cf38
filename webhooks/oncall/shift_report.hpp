#pragma once
#include <optional>
#include <string>
#include <vector>

#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// What a shift was: who was paged when by what, whether it reached them, who took it and after how long.
/// Names of staff, case codes and times; never a number, nor a word of a texter or about one.

struct ReportedPage {
    std::string who;
    std::string by;        ///< "sms", "voice", "email", "webhook", "call"
    std::string outcome;   ///< "delivered", "sent", "failed", "answered", "not reached" ...
    bool reached = false;  ///< arrived at the phone, or answered
    bool failed = false;   ///< and never will
    bot::TimePoint at;
};

/// Something a person or the ladder did: "acknowledged", "passed on", "spoke with the texter" ...
struct ReportedStep {
    std::string what;
    std::string who;  ///< empty: the ladder
    bot::TimePoint at;
};

struct ReportedCase {
    std::string code;
    bot::Priority priority = bot::Priority::p1;
    std::string reason;  ///< "self_harm"
    bot::TimePoint opened_at;
    std::optional<std::chrono::milliseconds> acknowledged_after;  ///< the first time
    bool resolved = false;
    std::vector<ReportedPage> pages;
    std::vector<ReportedStep> steps;
};

/// Cases of which anything happened in this span, oldest first, with all that happened in it.
/// @throws std::runtime_error when the store cannot be read
[[nodiscard]] std::vector<ReportedCase> shift_report(store::Store& store, const Roster& roster,
                                                     bot::TimePoint from, bot::TimePoint until);

}  // namespace webhooks::oncall
