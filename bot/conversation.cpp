#include "bot/conversation.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"

namespace bot {

namespace {

using nlohmann::json;

// Short keys and no defaults: a conversation at rest is a few hundred bytes, and there are many.
json to_json(const Position& position) {
    json out = json::array({position.flow, position.step, position.version});
    if (position.entered) out.push_back(true);
    return out;
}

json to_json(const std::optional<TimePoint>& at) { return at ? json(to_millis(*at)) : json(); }

void put(json& out, const char* key, json value, bool wanted) {
    if (wanted) out[key] = std::move(value);
}

json to_json(const Conversation::Danger& danger) {
    json out{{"r", danger.reason}, {"p", static_cast<int>(danger.priority)}};
    put(out, "a", true, danger.acknowledged);
    put(out, "x", true, danger.exhausted);
    put(out, "l", true, danger.late);
    return out;
}

json to_json(const Conversation::Signs& signs) {
    return json::array({std::lround(signs.level * 100), to_millis(signs.at)});
}

json to_json(const std::map<std::string, Conversation::Timer>& timers) {
    json out = json::object();
    for (const auto& [name, timer] : timers) out[name] = json::array({timer.turn, to_millis(timer.due)});
    return out;
}

// Reading: a member of the wrong type reads as absent.
std::string text(const json& in, const char* key) {
    const auto at = in.find(key);
    return at != in.end() && at->is_string() ? at->get<std::string>() : std::string();
}
std::int64_t number(const json& in, const char* key, std::int64_t otherwise = 0) {
    const auto at = in.find(key);
    return at != in.end() && at->is_number_integer() ? at->get<std::int64_t>() : otherwise;
}
bool flag(const json& in, const char* key) {
    const auto at = in.find(key);
    return at != in.end() && at->is_boolean() && at->get<bool>();
}
std::optional<TimePoint> time(const json& in, const char* key) {
    const auto at = in.find(key);
    if (at == in.end() || !at->is_number_integer()) return std::nullopt;
    return from_millis(at->get<std::int64_t>());
}

std::optional<Position> position(const json& in) {
    if (!in.is_array() || in.size() < 3 || !in[0].is_string() || !in[1].is_string() ||
        !in[2].is_number_integer())
        return std::nullopt;
    return Position{in[0], in[1], in[2], in.size() > 3 && in[3] == true};
}

std::optional<Conversation::Danger> danger(const json& in) {
    if (!in.is_object()) return std::nullopt;
    Conversation::Danger out;
    out.reason = text(in, "r");
    out.priority = static_cast<Priority>(std::clamp<std::int64_t>(number(in, "p", 1), 0, 3));
    out.acknowledged = flag(in, "a");
    out.exhausted = flag(in, "x");
    out.late = flag(in, "l");
    return out;
}

std::optional<Conversation::Signs> signs(const json& in) {
    if (!in.is_array() || in.size() != 2 || !in[0].is_number_integer() || !in[1].is_number_integer())
        return std::nullopt;
    return Conversation::Signs{in[0].get<double>() / 100, from_millis(in[1].get<std::int64_t>())};
}

void read_place(const json& in, Conversation& out) {
    for (const json& item : in.value("s", json::array()))
        if (auto place = position(item)) out.stack.push_back(std::move(*place));
    if (in.contains("p")) out.parked = position(in["p"]);
    out.misses_here = static_cast<int>(number(in, "mh"));
    out.misses = static_cast<int>(number(in, "m"));
    out.first_miss = time(in, "fm").value_or(TimePoint{});
    const json facts = in.value("f", json::object());  // named: items() refers to it
    for (const auto& [key, value] : facts.items())
        if (value.is_string()) out.facts.emplace(key, value.get<std::string>());
    for (const json& tag : in.value("t", json::array()))
        if (tag.is_string()) out.tags.insert(tag.get<std::string>());
    const json timers = in.value("T", json::object());
    for (const auto& [name, value] : timers.items())
        if (value.is_array() && value.size() == 2 && value[0].is_number_integer() &&
            value[1].is_number_integer())
            out.timers[name] = {value[0].get<std::uint64_t>(), from_millis(value[1].get<std::int64_t>())};
}

void read_state(const json& in, Conversation& out) {
    if (in.contains("D")) out.danger = danger(in["D"]);
    if (in.contains("sg")) out.signs = signs(in["sg"]);
    if (in.contains("h")) out.held_by = text(in, "h");
    out.quiet_hold = flag(in, "q");
    out.visit = time(in, "v_at");
    out.turn = static_cast<std::uint64_t>(number(in, "n"));
    out.said_turn = static_cast<std::uint64_t>(number(in, "sn"));
    out.step_turn = static_cast<std::uint64_t>(number(in, "st"));
    out.last_inbound = time(in, "li");
    out.pieces = text(in, "pc");
    out.last_said = time(in, "ls");
    out.last_out_notice = time(in, "lo");
    out.last_out_danger = time(in, "ld");
    out.out_pointer_sent = flag(in, "op");
}

void write_state(const Conversation& from, json& out) {
    put(out, "D", from.danger ? to_json(*from.danger) : json(), from.danger.has_value());
    put(out, "sg", from.signs ? to_json(*from.signs) : json(), from.signs.has_value());
    put(out, "h", from.held_by.value_or(""), from.held_by.has_value());
    put(out, "q", true, from.quiet_hold);
    put(out, "v_at", to_json(from.visit), from.visit.has_value());
    put(out, "n", from.turn, from.turn != 0);
    put(out, "sn", from.said_turn, from.said_turn != 0);
    put(out, "st", from.step_turn, from.step_turn != 0);
    put(out, "li", to_json(from.last_inbound), from.last_inbound.has_value());
    put(out, "pc", from.pieces, !from.pieces.empty());
    put(out, "ls", to_json(from.last_said), from.last_said.has_value());
    put(out, "lo", to_json(from.last_out_notice), from.last_out_notice.has_value());
    put(out, "ld", to_json(from.last_out_danger), from.last_out_danger.has_value());
    put(out, "op", true, from.out_pointer_sent);
}

}  // namespace

std::string serialize(const Conversation& from) {
    json out{{"v", 1}, {"c", std::string(to_string(from.consent))}};
    put(out, "l", std::string(to_string(from.language)), from.language != Language::en);
    put(out, "lk", true, from.language_known);
    put(out, "d", true, from.discreet);
    put(out, "z", from.time_zone, !from.time_zone.empty());
    json stack = json::array();
    for (const Position& place : from.stack) stack.push_back(to_json(place));
    put(out, "s", std::move(stack), !from.stack.empty());
    put(out, "p", from.parked ? to_json(*from.parked) : json(), from.parked.has_value());
    put(out, "mh", from.misses_here, from.misses_here != 0);
    put(out, "m", from.misses, from.misses != 0);
    put(out, "fm", to_millis(from.first_miss), from.misses != 0);
    put(out, "f", from.facts, !from.facts.empty());
    put(out, "t", from.tags, !from.tags.empty());
    put(out, "T", to_json(from.timers), !from.timers.empty());
    write_state(from, out);
    return json_text(out);
}

boost::system::result<Conversation> parse_conversation(std::string_view text_json) {
    const json in = json::parse(text_json, nullptr, false);
    if (!in.is_object() || number(in, "v") < 1)
        return boost::system::errc::make_error_code(boost::system::errc::bad_message);
    Conversation out;
    if (!parse_consent(text(in, "c"), out.consent))
        return boost::system::errc::make_error_code(boost::system::errc::bad_message);
    out.language = parse_language(text(in, "l")).value_or(Language::en);
    out.language_known = flag(in, "lk");
    out.discreet = flag(in, "d");
    out.time_zone = text(in, "z");
    read_place(in, out);
    read_state(in, out);
    return out;
}

}  // namespace bot
