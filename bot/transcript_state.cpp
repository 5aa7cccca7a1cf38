#include "bot/transcript_state.hpp"

#include <algorithm>

#include "bot/flow_run.hpp"
#include "bot/transcript.hpp"

namespace bot {

namespace {

std::string place_of(const std::optional<Position>& position) {
    return position ? position->flow + "/" + position->step : "nowhere";
}

std::string top_of(const Conversation& state) {
    return state.stack.empty() ? "nowhere" : place_of(state.stack.back());
}

std::vector<std::string> cut(std::string_view list, char mark) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(mark), list.size());
        if (end > 0) parts.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return parts;
}

std::string without_blanks(std::string text) {
    std::replace(text.begin(), text.end(), ' ', '_');
    return text;
}

bool give_danger(const std::string& value, Conversation& state) {
    const auto colon = value.find(':');
    const auto priority = colon == std::string::npos ? std::nullopt : parse_priority(value.substr(colon + 1));
    if (!priority) return false;
    state.danger = Conversation::Danger{value.substr(0, colon), *priority};
    state.tags.insert("danger_" + state.danger->reason);
    return true;
}

// "appointment.day_before:18h": what staff, or a conversation before this one, left running.
bool give_timer(const std::string& value, const Content& content, TimePoint at, Conversation& state) {
    const auto colon = value.find(':');
    std::chrono::seconds span{0};
    if (colon == std::string::npos || !parse_span(value.substr(colon + 1), span)) return false;
    if (!content.timers.contains(value.substr(0, colon))) return false;
    state.timers[value.substr(0, colon)] = {state.turn, at + span};
    return true;
}

bool give_place(const std::string& key, const std::string& value, const Content& content,
                Conversation& state) {
    const Position position = FlowRun::find(content, value);
    if (content.find_step(position.flow, position.step) == nullptr) return false;
    if (key == "at")
        state.stack.push_back(position);
    else
        state.parked = position;
    return true;
}

}  // namespace

std::vector<std::string> words_of(std::string_view line) { return cut(line, ' '); }

bool apply_given(const std::string& word, const Content& content, TimePoint at, Conversation& state) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) return false;
    const std::string key = word.substr(0, equals);
    const std::string value = word.substr(equals + 1);
    std::chrono::seconds span{0};
    if (key == "consent") return parse_consent(value, state.consent);
    if (key == "lang_known")
        state.language_known = value == "yes";
    else if (key == "discreet")
        state.discreet = value == "yes";
    else if (key == "held")
        state.held_by = value;
    else if (key == "zone")
        state.time_zone = value;
    else if (key.starts_with("facts."))
        state.facts[key.substr(6)] = value;
    else if (key == "tags")
        for (const std::string& tag : cut(value, ',')) state.tags.insert(tag);
    else if (key == "danger")
        return give_danger(value, state);
    else if (key == "at" || key == "parked")
        return give_place(key, value, content, state);
    else if (key == "timer")
        return give_timer(value, content, at, state);
    else if (key == "last" && parse_span(value, span))
        state.last_inbound = at - span;
    else
        return false;
    return true;
}

std::string state_word(const std::string& word, const Conversation& state) {
    const auto equals = word.find('=');
    const std::string key = word.substr(0, equals);
    if (word.starts_with('+') || word.starts_with('-'))
        return (state.tags.contains(word.substr(1)) ? "+" : "-") + word.substr(1);
    if (word == "opted_out" || key == "consent") {
        if (word == "opted_out" && state.consent == Consent::opted_out) return word;
        return "consent=" + std::string(to_string(state.consent));
    }
    if (key == "lang") return "lang=" + std::string(to_string(state.language));
    if (key == "danger")
        return "danger=" + (state.danger ? std::string(to_string(state.danger->priority)) : "none");
    if (key == "held") return "held=" + state.held_by.value_or("none");
    if (key == "parked") return "parked=" + place_of(state.parked);
    if (key == "misses") return "misses=" + std::to_string(state.misses);
    if (key == "discreet") return std::string("discreet=") + (state.discreet ? "yes" : "no");
    if (key == "quiet_hold") return std::string("quiet_hold=") + (state.quiet_hold ? "yes" : "no");
    if (key == "timer") return "timer=" + (state.timers.contains(word.substr(6)) ? word.substr(6) : "none");
    if (key.starts_with("fact:")) {
        const auto fact = state.facts.find(key.substr(5));
        return key + "=" + (fact == state.facts.end() ? "" : without_blanks(fact->second));
    }
    return top_of(state);
}

}  // namespace bot
