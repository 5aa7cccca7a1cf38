#include "webhooks/cli/oncall_report.hpp"

#include <algorithm>
#include <chrono>

#include "bot/oncall_schedule.hpp"
#include "webhooks/cli/oncall_view.hpp"

namespace webhooks::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string span_words(milliseconds span) {
    const auto all = std::chrono::round<seconds>(span).count();
    std::string text;
    if (all >= 3'600) text.append(std::to_string(all / 3'600)).append(" h ");
    if (all >= 60) text.append(std::to_string(all / 60 % 60)).append(" min ");
    return text.append(std::to_string(all % 60)).append(" s");
}

/// What happened, in the order of time, pages and steps together.
std::string story_of(const Config& config, const oncall::ReportedCase& one) {
    std::vector<std::pair<bot::TimePoint, std::string>> lines;
    for (const oncall::ReportedPage& page : one.pages)
        lines.emplace_back(page.at, page.who + " by " + page.by + ": " + page.outcome);
    for (const oncall::ReportedStep& step : one.steps)
        lines.emplace_back(step.at, step.who.empty() ? step.what : step.who + " " + step.what);
    std::ranges::stable_sort(lines, {}, &std::pair<bot::TimePoint, std::string>::first);
    std::string text;
    for (const auto& [at, words] : lines)
        text.append("  ").append(local_seconds(config, at)).append("  ").append(words).append("\n");
    return text;
}

std::string head_of(const Config& config, const oncall::ReportedCase& one) {
    std::string text(bot::to_string(one.priority));
    text.append(" case ").append(one.code).append(", ").append(one.reason);
    text.append(", opened ").append(local_seconds(config, one.opened_at));
    if (one.acknowledged_after)
        text.append(", taken after ").append(span_words(*one.acknowledged_after));
    else
        text.append(one.resolved ? ", never taken" : ", NOT TAKEN YET");
    return text.append(one.resolved ? ", closed\n" : ", STILL OPEN\n");
}

std::string sums_of(const std::vector<oncall::ReportedCase>& cases) {
    std::vector<milliseconds> waits;
    std::ptrdiff_t pages = 0;
    std::ptrdiff_t reached = 0;
    std::ptrdiff_t failed = 0;
    for (const oncall::ReportedCase& one : cases) {
        if (one.acknowledged_after) waits.push_back(*one.acknowledged_after);
        pages += std::ssize(one.pages);
        reached += std::ranges::count_if(one.pages, &oncall::ReportedPage::reached);
        failed += std::ranges::count_if(one.pages, &oncall::ReportedPage::failed);
    }
    std::string text = std::to_string(cases.size()) + " case(s), ";
    text.append(std::to_string(pages)).append(" page(s): ").append(std::to_string(reached));
    text.append(" known to have reached somebody, ").append(std::to_string(failed)).append(" failed\n");
    if (waits.empty()) return text;
    std::ranges::sort(waits);
    text.append("taken after ").append(span_words(waits[waits.size() / 2])).append(" (median), ");
    return text.append(span_words(waits.back())).append(" (longest)\n");
}

}  // namespace

std::string describe_shift(const Config& config, const std::vector<oncall::ReportedCase>& cases,
                           bot::TimePoint from, bot::TimePoint until) {
    std::string text = "shift from " + local_seconds(config, from) + " until " + local_seconds(config, until);
    text.append(" (").append(config.line.time_zone).append(")\n").append(sums_of(cases));
    for (const oncall::ReportedCase& one : cases)
        text.append("\n").append(head_of(config, one)).append(story_of(config, one));
    return text;
}

}  // namespace webhooks::cli
