#include "bot/flow_reader.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "bot/flow_names.hpp"

namespace bot {

namespace {

Target named_target(const JsonReader& json, const std::string& word) {
    using Kind = Target::Kind;
    static const std::map<std::string, Kind> kWords{{"end", Kind::end},
                                                    {"stay", Kind::stay},
                                                    {"again", Kind::again},
                                                    {"park", Kind::park},
                                                    {"resume", Kind::resume}};
    if (const auto found = kWords.find(word); found != kWords.end()) return {found->second, "", "", ""};
    const auto slash = word.find('/');
    const std::string flow = slash == std::string::npos ? "" : word.substr(0, slash);
    const std::string step = slash == std::string::npos ? word : word.substr(slash + 1);
    if ((slash != std::string::npos && !is_id(flow)) || (slash == std::string::npos && !is_id(step)) ||
        (!step.empty() && !is_id(step)))
        json.error("\"" + word +
                   "\" is no target: a step, flow/, flow/step, end, stay, again, park or resume");
    return {slash == std::string::npos ? Kind::step : Kind::flow, flow, step, ""};
}

Target read_target(const JsonReader& json) {
    if (json.value().is_string()) return named_target(json, *json.string());
    Target target{Target::Kind::call, "", "", ""};
    if (!json.expect_object({"call", "then"})) return {};
    const std::string call = json.require_string("call");
    const auto [flow, step] = split_place(call);
    target.flow = flow;
    target.step = step;
    target.then = require_id(json, "then");
    return target;
}

Next read_next(const JsonReader& json) {
    if (!json.value().is_array()) return {Branch{{}, read_target(json)}};
    Next next;
    for (const JsonReader& item : json.items()) {
        if (!item.expect_object({"when", "to"})) continue;
        Branch branch;
        if (const auto when = item.find("when")) branch.when = read_condition(*when);
        if (const auto to = item.require("to")) branch.to = read_target(*to);
        next.push_back(std::move(branch));
    }
    if (next.empty()) {
        json.error("an empty list of branches leads nowhere");
        return next;
    }
    if (next.size() == 1) json.error("a single branch is no choice: write its target alone");
    if (!next.back().when.tests.empty())
        json.error("the last branch must have no \"when\": otherwise some answers lead nowhere");
    for (std::size_t i = 0; i + 1 < next.size(); ++i)
        if (next[i].when.tests.empty()) json.error("only the last branch may have no \"when\"");
    return next;
}

Next next_of(const JsonReader& json, std::string_view key = "next") {
    const auto next = json.find(key);
    return next ? read_next(*next) : Next{};
}

Say say_of(const JsonReader& json) {
    const auto say = json.find("say");
    return say ? read_say(*say) : Say{};
}

Actions actions_of(const JsonReader& json) {
    const auto actions = json.find("do");
    return actions ? read_actions(*actions) : Actions{};
}

Choice read_choice(const JsonReader& json, const Line& line) {
    Choice choice;
    if (!json.expect_object({"number", "name", "words", "detail", "say", "do", "next"})) return choice;
    if (const auto number = json.find("number")) choice.number = number->integer();
    if (choice.number && (*choice.number < 0 || *choice.number > 20))
        json.error("\"number\" must be 0 to 20");
    choice.name = require_choice_name(json, "name");
    if (const auto words = json.find("words")) choice.words = read_words(*words, line);
    choice.detail = name_or_none(json, "detail");
    choice.say = say_of(json);
    choice.actions = actions_of(json);
    choice.next = next_of(json);
    return choice;
}

NumberAnswer read_number(const JsonReader& json) {
    NumberAnswer number;
    if (!json.expect_object({"field", "min", "max", "do", "next"})) return number;
    number.field = require_name(json, "field");
    for (const char* key : {"min", "max"}) (void)json.require(key);
    number.min = json.integer_or("min", 0);
    number.max = json.integer_or("max", 10);
    if (number.min > number.max) json.error("\"min\" is greater than \"max\"");
    number.actions = actions_of(json);
    number.next = next_of(json);
    return number;
}

TextAnswer read_text_answer(const JsonReader& json) {
    using As = TextAnswer::As;
    static const std::map<std::string, As> kForms{{"any", As::any},
                                                  {"name", As::name},
                                                  {"name_and_number", As::name_and_number},
                                                  {"day_time", As::day_time}};
    TextAnswer text;
    if (!json.expect_object({"field", "as", "max_length", "say", "do", "next"})) return text;
    text.field = name_or_none(json, "field");
    const std::string as = json.string_or("as", "any");
    if (const auto form = kForms.find(as); form != kForms.end())
        text.as = form->second;
    else
        json.error("\"as\" is \"" + as + "\"; allowed are any, name, name_and_number, day_time");
    const int longest = json.integer_or("max_length", 300);
    if (longest < 1 || longest > 1000) json.error("\"max_length\" must be 1 to 1000");
    text.max_length = static_cast<std::size_t>(std::clamp(longest, 1, 1000));
    text.say = say_of(json);
    text.actions = actions_of(json);
    text.next = next_of(json);
    return text;
}

Ask read_ask(const JsonReader& json, const Line& line) {
    Ask ask;
    if (!json.expect_object({"field", "choices", "many", "number", "text", "next"})) return ask;
    if (!json.has("choices") && !json.has("number") && !json.has("text"))
        json.error("understands nothing: give it choices, number or text");
    ask.field = name_or_none(json, "field");
    ask.many = name_or_none(json, "many");
    if (const auto choices = json.find("choices"))
        for (const JsonReader& item : choices->some_items()) ask.choices.push_back(read_choice(item, line));
    if (const auto number = json.find("number")) ask.number = read_number(*number);
    if (const auto text = json.find("text")) ask.text = read_text_answer(*text);
    ask.next = next_of(json);
    return ask;
}

Wait read_wait(const JsonReader& json) {
    Wait wait;
    if (!json.expect_object({"after", "say", "do", "next"})) return wait;
    if (const auto after = json.require("after")) wait.after = read_duration(*after);
    wait.say = say_of(json);
    wait.actions = actions_of(json);
    if (json.require("next")) wait.next = next_of(json);
    return wait;
}

Step read_step(const std::string& id, const JsonReader& json, const Line& line) {
    Step step;
    step.id = id;
    if (!json.expect_object(
            {"about", "covers", "do", "say", "ask", "asides", "safety", "wait", "not_understood", "next"}))
        return step;
    (void)json.string_or("about");  // for reviewers of the file alone
    step.covers = json.strings_or_none("covers");
    step.actions = actions_of(json);
    step.say = say_of(json);
    if (const auto ask = json.find("ask")) step.ask = read_ask(*ask, line);
    if (const auto asides = json.find("asides"))
        for (const JsonReader& item : asides->some_items()) {
            if (!item.expect_object({"words", "say"})) continue;
            Aside aside;
            if (const auto words = item.require("words")) aside.words = read_words(*words, line);
            if (item.require("say")) aside.say = say_of(item);
            step.asides.push_back(std::move(aside));
        }
    step.safety = json.boolean_or("safety", false);
    if (const auto wait = json.find("wait")) step.wait = read_wait(*wait);
    if (const auto missed = json.find("not_understood");
        missed && missed->expect_object({"ask_again", "next"})) {
        step.ask_again = missed->integer_or("ask_again", 1);
        if (step.ask_again < 0 || step.ask_again > 2)
            missed->error("\"ask_again\" must be 0 to 2: a person is offered after that");
        step.not_understood = next_of(*missed);
    }
    step.next = next_of(json);
    return step;
}

DangerEntry read_entry(const JsonReader& json, bool priority_needed) {
    DangerEntry entry;
    if (!json.expect_object({"priority", "step"})) return entry;
    if (priority_needed) (void)json.require("priority");
    if (const auto priority = json.find("priority")) {
        entry.priority = parse_priority(priority->string().value_or(""));
        if (!entry.priority) priority->error("must be P0, P1, P2 or P3");
    }
    entry.step = require_id(json, "step");
    return entry;
}

void read_danger(const JsonReader& json, Flow& flow) {
    for (const auto& [name, route_json] : json.members()) {
        const auto risk = parse_risk_class(name);
        if (!risk)
            route_json.error("no such risk; allowed are self_harm, overdose, violence, harm_others, child");
        if (!risk || !route_json.expect_object({"clear", "imminent", "someone_else", "unclear"})) continue;
        DangerRoute route;
        route.flow = flow.id;
        if (const auto clear = route_json.require("clear")) route.clear = read_entry(*clear, true);
        if (const auto entry = route_json.find("imminent")) route.imminent = read_entry(*entry, true);
        if (const auto entry = route_json.find("someone_else")) route.someone_else = read_entry(*entry, true);
        if (const auto entry = route_json.find("unclear")) route.unclear = read_entry(*entry, false);
        flow.danger.emplace(*risk, std::move(route));
    }
}

void read_timers(const JsonReader& json, Flow& flow) {
    for (const auto& [name, rule_json] : json.members()) {
        if (!rule_json.expect_object({"proactive", "when", "at_steps", "say", "do", "next"})) continue;
        TimerRule rule;
        rule.flow = flow.id;
        rule.proactive = rule_json.boolean_or("proactive", false);
        if (const auto when = rule_json.find("when")) rule.when = read_condition(*when);
        if (const auto at_steps = rule_json.find("at_steps"))
            for (const JsonReader& step : at_steps->some_items()) rule.at_steps.push_back(read_id(step));
        rule.say = say_of(rule_json);
        rule.actions = actions_of(rule_json);
        rule.next = next_of(rule_json);
        check_timer_name(rule_json, name);
        flow.timers.emplace(name, std::move(rule));
    }
}

void read_starts(const JsonReader& json, Flow& flow, const Line& line) {
    if (!json.expect_object({"situations", "intents", "words", "step"})) return;
    flow.starts.situations = json.strings_or_none("situations");
    flow.starts.intents = json.strings_or_none("intents");
    if (const auto words = json.find("words")) flow.starts.words = read_words(*words, line);
    if (const auto step = json.find("step")) flow.starts.step = read_id(*step);
}

}  // namespace

std::chrono::seconds read_duration(const JsonReader& json) {
    const std::string text = json.string().value_or("");
    int amount = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), amount);
    const bool one_letter = !text.empty() && end == text.data() + text.size() - 1;
    if (failure == std::errc{} && one_letter && amount > 0 && amount <= 100'000) {
        switch (*end) {
            case 's':
                return std::chrono::seconds{amount};
            case 'm':
                return std::chrono::minutes{amount};
            case 'h':
                return std::chrono::hours{amount};
            case 'd':
                return std::chrono::hours{24L * amount};
            default:
                break;
        }
    }
    json.error("\"" + text + "\" is no duration; write 60s, 15m, 24h or 7d");
    return std::chrono::seconds{0};
}

Say read_say(const JsonReader& json) {
    Say say;
    for (const JsonReader& item : json.items()) {
        if (item.value().is_string()) {
            say.push_back({*item.string(), {}});
        } else if (item.expect_object({"text", "when"})) {
            SayItem entry;
            entry.text_id = item.require_string("text");
            if (const auto when = item.require("when")) entry.when = read_condition(*when);
            say.push_back(std::move(entry));
        }
    }
    if (json.value().is_array() && say.empty()) json.error("names no text");
    return say;
}

PerLanguage<PhraseList> read_words(const JsonReader& json, const Line& line) {
    PerLanguage<PhraseList> out;
    const auto add = [&](const JsonReader& list, Language language) {
        for (const JsonReader& item : list.some_items()) {
            auto word = item.string();
            if (word && word->empty()) item.error("an empty word matches nothing");
            if (!word || word->empty()) continue;
            const bool whole_set =
                word->starts_with("=@");  // each word of it counts only as the whole message
            if (whole_set) word->erase(0, 1);
            PhraseList& words = out[index_of(language)];
            if (!word->starts_with('@')) {
                words.add(*word);
                continue;
            }
            const auto set = line.sets.find(*word);
            if (set == line.sets.end()) {
                item.error("no such word set \"" + *word + "\" in line.json");
                continue;
            }
            for (const std::string& entry : set->second[index_of(language)]) {
                const bool plain = !entry.starts_with('!') && !entry.starts_with('=');
                words.add(whole_set && plain ? std::string("=").append(entry) : entry);
            }
        }
    };
    if (json.value().is_array()) {
        add(json, Language::en);
        Problems twice;  // the same defects once more
        add(JsonReader(json.value(), json.file(), json.where(), twice), Language::es);
        return out;
    }
    for (const auto& [code, list] : json.some_members()) {
        if (const auto language = parse_language(code))
            add(list, *language);
        else
            list.error("no such language; allowed are en and es");
    }
    return out;
}

Flow read_flow(const JsonReader& json, const Line& line) {
    Flow flow;
    if (!json.expect_object(
            {"$schema", "flow", "version", "about", "starts", "danger", "timers", "told", "first", "steps"}))
        return flow;
    if (const auto id = json.require("flow")) flow.id = read_id(*id);
    flow.version = json.require("version") ? json.integer_or("version", 1) : 1;
    flow.fingerprint = std::hash<std::string>{}(json.value().dump(-1, ' ', true));
    if (flow.version < 1) json.error("\"version\" must be 1 or more");
    flow.about = json.require_string("about");
    if (const auto starts = json.find("starts")) read_starts(*starts, flow, line);
    if (const auto danger = json.find("danger")) read_danger(*danger, flow);
    if (const auto timers = json.find("timers")) read_timers(*timers, flow);
    if (const auto told = json.find("told"))
        for (const auto& [text_id, next] : told->members()) flow.told.emplace(text_id, read_next(next));
    if (const auto first = json.require("first")) flow.first = read_id(*first);
    if (const auto steps = json.require("steps"))
        for (const auto& [id, step] : steps->some_members()) {
            if (!is_id(id)) step.error("\"" + id + "\" is no id: letters, digits and _ only");
            flow.steps.emplace(id, read_step(id, step, line));
        }
    return flow;
}

}  // namespace bot
