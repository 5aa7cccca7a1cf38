// What happened, in figures: only the clear columns are read.
#include <algorithm>

#include "webhooks/store/sqlite/staff_tables.hpp"
#include "webhooks/store/sqlite/tables.hpp"

namespace webhooks::store::sqlite {

namespace {

static_assert(static_cast<int>(bot::MessageKind::staff) == 3 &&
              static_cast<int>(bot::MessageKind::check_in) == 5);
static_assert(static_cast<int>(bot::Consent::conversation) == 2);

constexpr std::int64_t kAnsweredWithin = 24 * 3'600'000;

/// Which span a time falls into.
class Spans {
public:
    explicit Spans(const std::vector<TimePoint>& edges)
        : edges_(edges), rows_(edges.empty() ? 0 : edges.size() - 1) {}

    Figures* at(TimePoint when) {
        const auto next = std::ranges::upper_bound(edges_, when);
        if (next == edges_.begin() || next == edges_.end()) return nullptr;
        return &rows_[static_cast<std::size_t>(next - edges_.begin()) - 1];
    }
    std::size_t index_of(const Figures* row) const { return static_cast<std::size_t>(row - rows_.data()); }
    std::vector<Figures> take() { return std::move(rows_); }
    std::size_t size() const { return rows_.size(); }
    Figures& operator[](std::size_t index) { return rows_[index]; }

private:
    const std::vector<TimePoint>& edges_;
    std::vector<Figures> rows_;
};

std::optional<std::int64_t> median(std::vector<std::int64_t>& values) {
    if (values.empty()) return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// The median of (time, length) rows in each span.
void put_medians(Cursor cursor, Spans& spans, std::optional<std::int64_t> Figures::*where) {
    std::vector<std::vector<std::int64_t>> lengths(spans.size());
    while (cursor.next()) {
        Row row = cursor.row();
        const Figures* span = spans.at(row.time());
        if (span != nullptr)
            lengths[spans.index_of(span)].push_back(std::max<std::int64_t>(0, row.integer()));
    }
    for (std::size_t i = 0; i < spans.size(); ++i) spans[i].*where = median(lengths[i]);
}

/// One row of the outbox: pages, which go to staff, are not among them.
void count_outgoing(Figures& span, bot::MessageKind kind, OutboxState state, bool answered) {
    const bool out = state == OutboxState::sent || state == OutboxState::delivered;
    if (state == OutboxState::failed || state == OutboxState::unknown) ++span.failed;
    if (!out) return;
    ++span.sent;
    if (kind == bot::MessageKind::staff) ++span.by_staff;
    if (kind != bot::MessageKind::check_in) return;
    ++span.check_ins_sent;
    span.check_ins_answered += answered ? 1 : 0;
}

TimePoint hour_of(TimePoint at) { return std::chrono::floor<std::chrono::hours>(at); }

}  // namespace

void StaffTables::count_step(std::string_view flow, std::string_view step, bool came, TimePoint now) {
    db_.run(
        "INSERT INTO flow_figure(hour, flow, step, came, went_on) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(flow, step, hour) DO UPDATE SET came = came + excluded.came,"
        " went_on = went_on + excluded.went_on",
        hour_of(now), flow, step, came ? 1 : 0, came ? 0 : 1);
}

std::vector<StepFigures> StaffTables::step_figures(std::string_view flow, TimePoint from) {
    std::vector<StepFigures> steps;
    Cursor cursor = db_.query(
        "SELECT step, sum(came), sum(went_on) FROM flow_figure WHERE flow = ? AND hour >= ? AND step <> ''"
        " GROUP BY step",
        flow, hour_of(from));
    while (cursor.next()) {
        Row row = cursor.row();
        StepFigures& one = steps.emplace_back();
        one.step = row.text();
        one.came = row.integer();
        one.went_on = row.integer();
    }
    return steps;
}

std::vector<Figures> StaffTables::figures(const std::vector<TimePoint>& edges) {
    Spans spans(edges);
    if (spans.size() == 0) return {};
    const TimePoint from = edges.front();
    const TimePoint until = edges.back();
    Cursor inbound = db_.query("SELECT at FROM inbound WHERE at >= ? AND at < ?", from, until);
    while (inbound.next())
        if (Figures* span = spans.at(inbound.row().time())) ++span->received;

    Cursor outbox = db_.query(
        "SELECT at, kind, state, kind = 5 AND EXISTS (SELECT 1 FROM inbound WHERE inbound.contact ="
        " outbox.contact AND inbound.at > outbox.at AND inbound.at < outbox.at + ?)"
        " FROM outbox WHERE contact IS NOT NULL AND at >= ? AND at < ?",
        kAnsweredWithin, from, until);
    while (outbox.next()) {
        Row row = outbox.row();
        Figures* span = spans.at(row.time());
        const auto kind = row.as<bot::MessageKind>();
        const auto state = row.as<OutboxState>();
        if (span != nullptr) count_outgoing(*span, kind, state, row.flag());
    }

    Cursor consent =
        db_.query("SELECT at, consent FROM consent_ledger WHERE at >= ? AND at < ?", from, until);
    while (consent.next()) {
        Row row = consent.row();
        Figures* span = spans.at(row.time());
        const auto to = row.as<bot::Consent>();
        if (span == nullptr) continue;
        span->opt_outs += to == bot::Consent::opted_out ? 1 : 0;
        span->opt_ins += to == bot::Consent::conversation ? 1 : 0;
    }

    Cursor escalations =
        db_.query("SELECT opened_at FROM escalation WHERE opened_at >= ? AND opened_at < ?", from, until);
    while (escalations.next())
        if (Figures* span = spans.at(escalations.row().time())) ++span->escalations;

    Cursor flows =
        db_.query("SELECT hour, came, went_on FROM flow_figure WHERE step = '' AND hour >= ? AND hour < ?",
                  from, until);
    while (flows.next()) {
        Row row = flows.row();
        Figures* span = spans.at(row.time());
        const std::int64_t begun = row.integer();
        const std::int64_t completed = row.integer();
        if (span == nullptr) continue;
        span->flows_begun += begun;
        span->flows_completed += completed;
    }

    put_medians(
        db_.query("SELECT opened_at, acknowledged_at - opened_at FROM escalation WHERE acknowledged_at IS"
                  " NOT NULL AND opened_at >= ? AND opened_at < ?",
                  from, until),
        spans, &Figures::acknowledge_median_ms);
    put_medians(
        db_.query("SELECT inbound.at, min(outbox.updated_at) - inbound.at FROM inbound JOIN outbox ON"
                  " outbox.contact = inbound.contact AND outbox.turn = inbound.turn WHERE outbox.state IN"
                  " (3, 4) AND inbound.at >= ? AND inbound.at < ? GROUP BY inbound.id",
                  from, until),
        spans, &Figures::first_reply_median_ms);
    return spans.take();
}

}  // namespace webhooks::store::sqlite
