#include <date/date.h>

#include <algorithm>
#include <sstream>

#include "webhooks/config_sections.hpp"
#include "webhooks/net/time_zone.hpp"

namespace webhooks {

using namespace std::chrono_literals;

namespace {

constexpr const char* kDays[]{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

template <class Value>
bool parsed(const char* format, std::string_view text, Value& out) {
    std::istringstream in{std::string(text)};
    in >> date::parse(format, out);
    return !in.fail() && in.peek() == std::istringstream::traits_type::eof();
}

bool is_wall_time(std::string_view text) {
    date::local_time<std::chrono::minutes> ignored;
    return text.size() == 16 && parsed("%Y-%m-%dT%H:%M", text, ignored);
}
bool is_time_of_day(std::string_view text) {
    std::chrono::minutes ignored{};
    return text.size() == 5 && parsed("%H:%M", text, ignored);
}
bool is_day(std::string_view text) {
    return std::find(std::begin(kDays), std::end(kDays), text) != std::end(kDays);
}
bool is_turn(std::string_view text) {
    const auto span = parse_duration(text);
    return span && *span > 0ms && *span <= std::chrono::days{366} &&
           (text.ends_with('h') || text.ends_with('d'));
}

const TextRule kWallTime{is_wall_time, "a local time like \"2026-01-05T09:00\""};
const TextRule kTimeOfDay{is_time_of_day, "a time of day like \"09:00\""};
const TextRule kDay{is_day, "mon, tue, wed, thu, fri, sat or sun"};
const TextRule kTurn{is_turn, "whole hours or days, like \"12h\" or \"7d\""};

bot::WallTime wall_time(std::string_view text) {
    date::local_time<std::chrono::minutes> at{};
    parsed("%Y-%m-%dT%H:%M", text, at);
    return bot::WallTime{at.time_since_epoch()};
}

std::chrono::minutes time_of_day(ConfigTable& table, const char* key) {
    std::string text;
    table.text(key, text, kTimeOfDay);
    std::chrono::minutes at{0};
    if (is_time_of_day(text)) parsed("%H:%M", text, at);
    return at;
}

void read_turn(ConfigTable& table, bot::Rotation& rotation) {
    std::string every = "7d";
    table.text("every", every, kTurn);
    if (!is_turn(every)) return;
    const auto span = *parse_duration(every);
    // "24h" are 24 hours; "1d" ends at the same time of day, also when the clocks change.
    rotation.unit = every.ends_with('h') ? bot::Rotation::Every::hours : bot::Rotation::Every::days;
    rotation.every = static_cast<int>(every.ends_with('h') ? span / 1h : span / std::chrono::days{1});
}

void check_new_name(ConfigTable& table, const std::string& name, const Config& config) {
    const oncall::Roster& roster = config.oncall;
    if (!name.empty() && (roster.knows(name) || roster.rota.rotation(name) != nullptr))
        table.complain("name", "is the name of a person, rotation or schedule already");
}

void read_rotation(ConfigTable& table, Config& config) {
    bot::Rotation rotation;
    std::string hand_over;
    table.require({"name", "people", "hand_over"});
    table.text("name", rotation.name, kAnyText);
    table.texts("people", rotation.people, kAnyText);
    table.text("hand_over", hand_over, kWallTime);
    if (is_wall_time(hand_over)) rotation.hand_over = wall_time(hand_over);
    read_turn(table, rotation);
    table.refuse_unknown_keys();
    check_new_name(table, rotation.name, config);
    if (table.has("people") && rotation.people.empty()) table.complain("people", "must not be empty");
    for (const std::string& name : rotation.people)
        if (config.oncall.by_name(name) == nullptr)
            table.complain("people", "names somebody who is not an [[oncall.person]]");
    config.oncall.rota.rotations.push_back(std::move(rotation));
}

std::uint8_t read_days(ConfigTable& table, std::uint8_t otherwise) {
    std::vector<std::string> names;
    table.texts("days", names, kDay);
    if (names.empty()) return otherwise;
    unsigned days = 0;
    for (const std::string& name : names)
        days |= 1U << (std::find(std::begin(kDays), std::end(kDays), name) - std::begin(kDays));
    return static_cast<std::uint8_t>(days);
}

void read_working_hours(ConfigTable table, Config& config) {
    bot::WorkingHours hours;
    hours.zone = config.line.time_zone;
    hours.days = read_days(table, hours.days);
    if (table.has("from")) hours.from = time_of_day(table, "from");
    if (table.has("until")) hours.until = time_of_day(table, "until");
    table.refuse_unknown_keys();
    if (hours.until <= hours.from) table.complain("until", "must be later than from");
    config.line.working_hours = hours;
    config.oncall.working_hours = hours;
}

bot::ScheduleRule read_hours(ConfigTable& table, const Config& config) {
    bot::ScheduleRule rule;
    table.require({"on_call"});
    table.text("on_call", rule.on_call, kAnyText);
    rule.days = read_days(table, rule.days);
    rule.from = time_of_day(table, "from");
    rule.until = time_of_day(table, "until");
    table.refuse_unknown_keys();
    if (!rule.on_call.empty() && config.oncall.by_name(rule.on_call) == nullptr &&
        config.oncall.rota.rotation(rule.on_call) == nullptr)
        table.complain("on_call", "must name an [[oncall.rotation]] or an [[oncall.person]]");
    return rule;
}

void read_schedule(ConfigTable& table, Config& config) {
    bot::Schedule schedule;
    schedule.zone = config.line.time_zone;
    table.require({"name", "hours"});
    table.text("name", schedule.name, kAnyText);
    table.text("time_zone", schedule.zone, kTimeZone);
    for (ConfigTable& hours : table.tables("hours")) schedule.rules.push_back(read_hours(hours, config));
    table.refuse_unknown_keys();
    check_new_name(table, schedule.name, config);
    if (table.has("hours") && schedule.rules.empty())
        table.complain("hours", "must not be empty: nobody would ever be on call");
    config.oncall.rota.schedules.push_back(std::move(schedule));
}

void read_override(ConfigTable& table, Config& config) {
    bot::Override other;
    std::string from;
    std::string until;
    table.require({"schedule", "from", "until", "person"});
    table.text("schedule", other.schedule, kAnyText);
    table.text("from", from, kWallTime);
    table.text("until", until, kWallTime);
    table.text("person", other.person, kAnyText);
    table.text("instead_of", other.instead_of, kAnyText);
    table.refuse_unknown_keys();
    const bot::Schedule* schedule = config.oncall.rota.schedule(other.schedule);
    if (schedule == nullptr) table.complain("schedule", "must name an [[oncall.schedule]]");
    for (const auto& [key, name] : {std::pair{"person", &other.person}, {"instead_of", &other.instead_of}})
        if (!name->empty() && config.oncall.by_name(*name) == nullptr)
            table.complain(key, "names somebody who is not an [[oncall.person]]");
    if (schedule == nullptr || !is_wall_time(from) || !is_wall_time(until)) return;
    const bot::UtcOffset offset = net::utc_offset();
    other.from = bot::instants_of(wall_time(from), schedule->zone, offset).first;
    other.until = bot::instants_of(wall_time(until), schedule->zone, offset).last;
    if (other.until <= other.from) table.complain("until", "must be later than from");
    config.oncall.rota.overrides.push_back(std::move(other));
}

}  // namespace

std::optional<bot::WallTime> parse_wall_time(std::string_view text) {
    if (!is_wall_time(text)) return std::nullopt;
    return wall_time(text);
}

void read_rota(ConfigTable& oncall, Config& config) {
    for (ConfigTable& table : oncall.tables("rotation")) read_rotation(table, config);
    for (ConfigTable& table : oncall.tables("schedule")) read_schedule(table, config);
    for (ConfigTable& table : oncall.tables("override")) read_override(table, config);
    config.oncall.utc_offset = net::utc_offset();
    read_working_hours(oncall.table("working_hours"), config);
}

}  // namespace webhooks
