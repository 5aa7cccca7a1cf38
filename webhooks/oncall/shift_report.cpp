#include "webhooks/oncall/shift_report.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "webhooks/oncall/pages.hpp"

namespace webhooks::oncall {

namespace {

using bot::TimePoint;
using store::EscalationRow;
using store::OutboxState;
using store::PageRow;
using store::PageState;
using store::StoreTx;

struct Span {
    TimePoint from;
    TimePoint until;
    [[nodiscard]] bool holds(TimePoint at) const { return from <= at && at < until; }
};

void must(const store::error_code& failed) {
    if (failed) throw std::runtime_error(failed.message());
}

/// What the history says, in words; empty: nothing for a report, or words about the texter.
std::string in_words(const std::string& what) {
    static constexpr std::pair<std::string_view, std::string_view> kWords[]{
        {"acknowledged", "acknowledged"},
        {"passed_on", "passed it on"},
        {"human_spoke", "spoke with the texter"},
        {"resolved", "closed it"},
        {"lease_lapsed", "had said nothing in time: offered to others again"},
        {"told_texter", "the texter was told that nobody has answered yet"},
        {"rung_skipped", "a step reached nobody and was skipped"},
        {"nobody_on_call", "NOBODY on call could be reached"},
        {"not_paged", "was named, but is not on call any more"},
        {"call_asked", "asked to be put through to the texter"},
        {"call_answered", "was put through to the texter"},
    };
    for (const auto& [name, words] : kWords)
        if (what == name) return std::string(words);
    return {};
}

const char* word_of(PageState state) {
    static constexpr const char* kWords[]{"waits",    "under way",   "rings",  "handed over",
                                          "answered", "not reached", "failed", "not needed any more"};
    return kWords[static_cast<std::size_t>(state)];
}

/// A text's fate is the outbox's: by which of our numbers it went at last.
ReportedPage page_by_text(StoreTx& tx, const Roster& roster, const PageRow& page) {
    ReportedPage out{page.responder, "sms", "waits", false, false, page.at};
    for (const std::string& key : keys_of_ways(roster, page.key)) {
        const auto state = tx.state_of_page(key);
        if (!state) continue;
        out.outcome = std::string(store::to_string(*state));
        out.reached = *state == OutboxState::delivered;
        out.failed = *state == OutboxState::failed || *state == OutboxState::stale;
    }
    if (page.state == PageState::answered) out.outcome += ", its link was used";
    return out;
}

ReportedPage report_page(StoreTx& tx, const Roster& roster, const PageRow& page) {
    if (page.by == bot::PageBy::sms && page.state != PageState::waiting && page.state != PageState::cancelled)
        return page_by_text(tx, roster, page);
    return {page.responder,
            std::string(word_for(page.by)),
            word_of(page.state),
            page.state == PageState::answered,
            page.state == PageState::not_reached || page.state == PageState::failed,
            page.at};
}

std::vector<ReportedStep> steps_of(const std::vector<store::EscalationLogEntry>& history, const Span& span) {
    std::vector<ReportedStep> steps;
    for (const store::EscalationLogEntry& entry : history)
        if (std::string words = in_words(entry.what); !words.empty() && span.holds(entry.at))
            steps.push_back({std::move(words), entry.who, entry.at});
    return steps;
}

ReportedCase report_case(const EscalationRow& row, const std::vector<store::EscalationLogEntry>& history,
                         const Span& span) {
    ReportedCase out;
    out.code = row.code;
    out.priority = row.ladder.priority;
    out.reason = row.reason;
    out.opened_at = row.ladder.opened_at;
    out.resolved = row.ladder.state == bot::EscalationState::resolved;
    const auto first = std::ranges::find_if(history, [](const store::EscalationLogEntry& entry) {
        return entry.what == "acknowledged" || entry.what == "human_spoke";
    });
    if (first != history.end()) out.acknowledged_after = first->at - out.opened_at;
    out.steps = steps_of(history, span);
    return out;
}

}  // namespace

std::vector<ReportedCase> shift_report(store::Store& store, const Roster& roster, TimePoint from,
                                       TimePoint until) {
    const Span span{from, until};
    std::vector<std::pair<store::EscalationId, ReportedCase>> cases;
    must(store.read([&](store::StoreReader& reader) -> store::error_code {
        cases.clear();
        for (const EscalationRow& row : reader.escalations(false, std::numeric_limits<std::int32_t>::max()))
            if (row.ladder.opened_at < until)
                cases.emplace_back(row.id, report_case(row, reader.escalation_history(row.id), span));
        return {};
    }));
    must(store.transact([&](StoreTx& tx) -> store::error_code {
        for (auto& [id, one] : cases) {
            one.pages.clear();
            for (const PageRow& page : tx.pages_of(id))
                if (span.holds(page.at)) one.pages.push_back(report_page(tx, roster, page));
        }
        return {};
    }));
    std::vector<ReportedCase> report;
    for (auto& [id, one] : cases)
        if (span.holds(one.opened_at) || !one.pages.empty() || !one.steps.empty())
            report.push_back(std::move(one));
    std::ranges::stable_sort(report, {}, &ReportedCase::opened_at);
    return report;
}

}  // namespace webhooks::oncall
