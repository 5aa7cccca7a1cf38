#include "webhooks/staff/line_api.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "bot/content.hpp"
#include "webhooks/drawing/flow_drawing.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/time_zone.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using drawing::FlowDrawing;
using http::Response;
using nlohmann::json;
using std::chrono::days;
using std::chrono::sys_days;

constexpr std::size_t kMostLookedThrough = 5'000;
constexpr std::size_t kAtOnce = 500;
constexpr int kMostRows = 400;
constexpr days kLately{30};
using Standing = std::map<std::string, std::int64_t>;  ///< "slip/S1" and "slip" -> contacts there

/// Where the newest contacts stand.
Standing read_standing(store::StoreReader& reader) {
    Standing standing;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    for (std::size_t seen = 0; seen < kMostLookedThrough;) {
        const auto rows = reader.contacts(kAtOnce, before);
        for (const store::ContactRow& row : rows) {
            const bot::Conversation state = state_of(row.conversation);
            if (state.stack.empty()) continue;
            const bot::Position& place = state.stack.back();
            ++standing[place.flow];
            ++standing[place.flow + "/" + place.step];
        }
        if (rows.size() < kAtOnce) break;
        seen += rows.size();
        before = rows.back().id.value;
    }
    return standing;
}

std::int64_t count_of(const Standing& standing, const std::string& place) {
    const auto found = standing.find(place);
    return found == standing.end() ? 0 : found->second;
}

std::string_view kind_of(FlowDrawing::Kind kind) {
    constexpr std::string_view kNames[]{"step", "safety", "timer", "elsewhere"};
    return kNames[static_cast<std::size_t>(kind)];
}

json texts_of(const bot::Content& content, const bot::Say& say) {
    json texts = json::array();
    for (const bot::SayItem& item : say) {
        const bot::Text* text = content.find_text(item.text_id);
        if (text == nullptr) continue;
        texts.push_back({{"id", item.text_id},
                         {"en", text->body[bot::index_of(bot::Language::en)]},
                         {"es", text->body[bot::index_of(bot::Language::es)]}});
    }
    return texts;
}

/// What is known of a flow's conversations: where they stand, and how far they came lately.
struct Walked {
    Standing standing;
    std::vector<store::StepFigures> steps;

    [[nodiscard]] store::StepFigures at(const std::string& step) const {
        const auto found = std::ranges::find(steps, step, &store::StepFigures::step);
        return found == steps.end() ? store::StepFigures{step, 0, 0} : *found;
    }
};

json graph_of(const bot::Content& content, const bot::Flow& flow, const Walked& walked) {
    const FlowDrawing drawn = drawing::draw(content, flow);
    json steps = json::array();
    for (const FlowDrawing::Box& box : drawn.boxes) {
        const auto step = flow.steps.find(box.id);
        const bool is_step = step != flow.steps.end();
        const store::StepFigures lately = is_step ? walked.at(box.id) : store::StepFigures{};
        steps.push_back({{"id", box.id},
                         {"kind", kind_of(box.kind)},
                         {"texts", is_step ? texts_of(content, step->second.say) : json::array()},
                         {"here_now", is_step ? count_of(walked.standing, flow.id + "/" + box.id) : 0},
                         {"came", lately.came},
                         {"went_on", lately.went_on}});
    }
    json edges = json::array();
    for (const FlowDrawing::Arrow& arrow : drawn.arrows)
        edges.push_back({{"from", arrow.from},
                         {"to", arrow.to},
                         {"label", arrow.words},
                         {"kind", arrow.silent ? "silent" : "answer"}});
    return {{"id", flow.id},
            {"version", flow.version},
            {"title", flow.about},
            {"steps", std::move(steps)},
            {"edges", std::move(edges)}};
}

std::optional<sys_days> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t length) {
        unsigned value = 0;
        const char* const end = text.data() + at + length;
        const auto read = std::from_chars(text.data() + at, end, value);
        return read.ec == std::errc{} && read.ptr == end ? value : 0U;
    };
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(number(0, 4))),
                                          std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
    // No line is older than this clock, and RFC 3339 has four digits for a year.
    const bool known = day.ok() && day.year() >= std::chrono::year{1970};
    return known ? std::optional(sys_days(day)) : std::nullopt;
}

json seconds_of(const std::optional<std::int64_t>& millis) {
    return millis ? json(static_cast<double>(*millis) / 1'000) : json(nullptr);
}

}  // namespace

std::vector<bot::TimePoint> midnights(sys_days from, sys_days until, bool weekly, const std::string& zone,
                                      const bot::UtcOffset& offset) {
    std::vector<bot::TimePoint> edges;
    const days step{weekly ? 7 : 1};
    for (sys_days day = from;; day += step) {
        const bot::TimePoint there{day};
        edges.push_back(there - offset(zone, there - offset(zone, there)));
        if (day > until) return edges;
    }
}

struct LineApi::Span {
    std::vector<bot::TimePoint> edges;
    bool weekly = false;
};
struct LineApi::Read {
    Span span;
    std::vector<store::Figures> rows;
    std::int64_t open = 0, held = 0;
};

void LineApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (LineApi::*)(const Call&);
    const auto get = [&](std::string path, Permission needs, Method handle) {
        routes.push_back({"GET", "/api/v1" + path, needs, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    get("/flows", Permission::read_flows, &LineApi::flows);
    get("/flows/{}", Permission::read_flows, &LineApi::flow);
    get("/numbers", Permission::read_numbers, &LineApi::numbers);
    get("/numbers.csv", Permission::read_numbers, &LineApi::numbers_csv);
}

asio::awaitable<Response> LineApi::flows(const Call&) {
    const std::function<Standing(store::StoreReader&)> look = read_standing;
    const auto standing = co_await read_from<Standing>(parts_.store, look);
    if (!standing) co_return store_down();
    const auto engine = parts_.line->engine->get();
    json items = json::array();
    for (const auto& [id, flow] : engine->content().flows)
        items.push_back({{"id", id},
                         {"version", flow.version},
                         {"title", flow.about},
                         {"steps", flow.steps.size()},
                         {"here_now", count_of(*standing, id)}});
    co_return answer(200, {{"items", std::move(items)}});
}

asio::awaitable<Response> LineApi::flow(const Call& call) {
    const auto engine = parts_.line->engine->get();
    const auto found = engine->content().flows.find(call.ids.front());
    if (found == engine->content().flows.end()) co_return not_found();
    const std::function<Walked(store::StoreReader&)> look = [id = found->first](store::StoreReader& reader) {
        return Walked{read_standing(reader), reader.staff().step_figures(id, net::now() - kLately)};
    };
    const auto walked = co_await read_from<Walked>(parts_.store, look);
    if (!walked) co_return store_down();
    co_return answer(200, graph_of(engine->content(), found->second, *walked));
}

boost::system::result<LineApi::Span, Response> LineApi::span_of(const Call& call) const {
    const bot::LineSettings line = parts_.line->engine->get()->line();
    const bot::UtcOffset offset = net::utc_offset();
    const bot::TimePoint now = net::now();
    const sys_days today = std::chrono::floor<days>(now + offset(line.time_zone, now));
    const auto day_of = [&](const char* name, sys_days otherwise) -> std::optional<sys_days> {
        const auto word = http::field(call.query, name);
        return word ? parse_day(*word) : otherwise;
    };
    const auto until = day_of("until", today);
    const auto from = day_of("from", until.value_or(today) - days{30});
    const std::string by(http::field(call.query, "by").value_or("day"));
    if (!from) return http::problem(400, "Bad request", "A day like 2026-03-07.", "from");
    if (!until) return http::problem(400, "Bad request", "A day like 2026-03-07.", "until");
    if (by != "day" && by != "week") return http::problem(400, "Bad request", "day or week.", "by");
    if (*until < *from || *until - *from > days{kMostRows * (by == "week" ? 7 : 1)})
        return http::problem(400, "Bad request", "At most 400 rows, from the earlier to the later.", "from");
    return Span{midnights(*from, *until, by == "week", line.time_zone, offset), by == "week"};
}

asio::awaitable<std::optional<LineApi::Read>> LineApi::read_numbers(Span span) {
    const std::function<Read(store::StoreReader&)> look = [span](store::StoreReader& reader) {
        Read read{span, reader.staff().figures(span.edges), 0, 0};
        read.open = static_cast<std::int64_t>(reader.escalations(true, 1'000).size());
        read.held = static_cast<std::int64_t>(reader.staff().held(1'000).size());
        return read;
    };
    co_return co_await read_from<Read>(parts_.store, look);
}

asio::awaitable<Response> LineApi::numbers(const Call& call) {
    auto span = span_of(call);
    if (!span) co_return std::move(span.error());
    const bool weekly = span->weekly;
    const auto read = co_await read_numbers(std::move(*span));
    if (!read) co_return store_down();
    json rows = json::array();
    for (std::size_t i = 0; i < read->rows.size(); ++i) {
        const store::Figures& one = read->rows[i];
        rows.push_back({{"from", iso_time(read->span.edges[i])},
                        {"received", one.received},
                        {"sent", one.sent},
                        {"failed", one.failed},
                        {"by_staff", one.by_staff},
                        {"first_reply_median_s", seconds_of(one.first_reply_median_ms)},
                        {"escalations", one.escalations},
                        {"acknowledge_median_s", seconds_of(one.acknowledge_median_ms)},
                        {"opt_outs", one.opt_outs},
                        {"opt_ins", one.opt_ins},
                        {"check_ins_sent", one.check_ins_sent},
                        {"check_ins_answered", one.check_ins_answered},
                        {"flows_begun", one.flows_begun},
                        {"flows_completed", one.flows_completed}});
    }
    co_return answer(200, {{"by", weekly ? "week" : "day"},
                           {"open_escalations", read->open},
                           {"held", read->held},
                           {"rows", std::move(rows)}});
}

asio::awaitable<Response> LineApi::numbers_csv(const Call& call) {
    auto span = span_of(call);
    if (!span) co_return std::move(span.error());
    const auto read = co_await read_numbers(std::move(*span));
    if (!read) co_return store_down();
    std::string csv =
        "from,received,sent,failed,by_staff,first_reply_median_s,escalations,acknowledge_median_s,opt_outs,"
        "opt_ins,check_ins_sent,check_ins_answered,flows_begun,flows_completed\r\n";
    const auto median = [](const std::optional<std::int64_t>& millis) {
        return millis ? seconds_of(millis).dump() : std::string();
    };
    for (std::size_t i = 0; i < read->rows.size(); ++i) {
        const store::Figures& one = read->rows[i];
        std::ostringstream line;
        line << iso_time(read->span.edges[i]) << ',' << one.received << ',' << one.sent << ',' << one.failed
             << ',' << one.by_staff << ',' << median(one.first_reply_median_ms) << ',' << one.escalations
             << ',' << median(one.acknowledge_median_ms) << ',' << one.opt_outs << ',' << one.opt_ins << ','
             << one.check_ins_sent << ',' << one.check_ins_answered << ',' << one.flows_begun << ','
             << one.flows_completed << "\r\n";
        csv += line.str();
    }
    Response response = Response::with_type(200, "text/csv; charset=utf-8", std::move(csv));
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"handrail-numbers.csv\"");
    co_return response;
}

}  // namespace webhooks::staff
