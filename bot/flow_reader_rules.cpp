#include <algorithm>

#include "bot/flow_names.hpp"
#include "bot/flow_reader.hpp"

namespace bot {

namespace {

std::map<std::string, std::string> string_members(const JsonReader& json) {
    std::map<std::string, std::string> out;
    for (const auto& [key, member] : named_members(json))
        if (const auto text = member.string()) out.emplace(key, *text);
    return out;
}

int clock_minute(const JsonReader& json) {
    const std::string text = json.string().value_or("");
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
        const int hour = (text[0] - '0') * 10 + (text[1] - '0');
        const int minute = (text[3] - '0') * 10 + (text[4] - '0');
        if (hour < 24 && minute < 60) return hour * 60 + minute;
    }
    json.error("\"" + text + "\" is no time of day; write 09:00");
    return 0;
}

Test flag_test(Test::Kind kind, const JsonReader& json) {
    Test test;
    test.kind = kind;
    test.flag = json.boolean().value_or(true);
    return test;
}

void read_answer_tests(const JsonReader& json, Condition& out) {
    for (const auto& [field, wanted] : named_members(json)) {
        Test test;
        test.kind = Test::Kind::answer;
        test.name = field;
        if (wanted.value().is_array())
            test.values = wanted.some_strings();
        else if (const auto one = wanted.string())
            test.values = {*one};
        out.tests.push_back(std::move(test));
    }
}

void read_number_tests(const JsonReader& json, Condition& out) {
    for (const auto& [field, bounds] : named_members(json)) {
        Test test;
        test.kind = Test::Kind::number;
        test.name = field;
        if (!bounds.expect_object({"min", "max", "max_of", "plus"})) continue;
        if (const auto min = bounds.find("min")) test.min = min->integer();
        if (const auto max = bounds.find("max")) test.max = max->integer();
        if (bounds.value().empty()) bounds.error("bounds nothing: give it min, max or max_of");
        test.max_of = name_or_none(bounds, "max_of");
        test.plus = bounds.integer_or("plus", 0);
        out.tests.push_back(std::move(test));
    }
}

void read_includes_tests(const JsonReader& json, Condition& out) {
    for (const auto& [field, option] : string_members(json)) {
        Test test;
        test.kind = Test::Kind::includes;
        test.name = field;
        test.values = {option};
        out.tests.push_back(std::move(test));
    }
}

std::vector<Consent> read_consents(const JsonReader& json) {
    std::vector<Consent> out;
    for (const std::string& word : json.some_strings()) {
        Consent consent{};
        if (parse_consent(word, consent) && consent != Consent::opted_out)
            out.push_back(consent);
        else
            json.error("\"" + word +
                       "\" is no consent; allowed are none, pending, conversation, recurring, "
                       "declined (a flow never runs for an opted-out person)");
    }
    return out;
}

const std::map<std::string, Test::Kind, std::less<>>& flag_kinds() {
    using Kind = Test::Kind;
    static const std::map<std::string, Kind, std::less<>> kinds{{"staffed", Kind::staffed},
                                                                {"quiet_hours", Kind::quiet_hours},
                                                                {"harm_reduction", Kind::harm_reduction},
                                                                {"discreet", Kind::discreet},
                                                                {"danger", Kind::danger},
                                                                {"first_contact", Kind::first_contact},
                                                                {"parked", Kind::parked},
                                                                {"called", Kind::called}};
    return kinds;
}

Test read_test(const std::string& key, const JsonReader& json) {
    Test test;
    if (key == "language") {
        test.kind = Test::Kind::language;
        const auto language = parse_language(json.string().value_or(""));
        if (!language) json.error("must be en or es");
        test.language = language.value_or(Language::en);
    } else if (key == "consent") {
        test.kind = Test::Kind::consent;
        test.consents = read_consents(json);
    } else if (key == "local_time") {
        test.kind = Test::Kind::local_time;
        if (!json.expect_object({"from", "to"})) return test;
        if (const auto from = json.require("from")) test.from_minute = clock_minute(*from);
        if (const auto to = json.require("to")) test.to_minute = clock_minute(*to);
    } else if (key == "tag" || key == "no_tag") {
        test.kind = key == "tag" ? Test::Kind::tag : Test::Kind::no_tag;
        test.name = json.string().value_or("");
    } else if (key == "any" || key == "not") {
        test.kind = key == "any" ? Test::Kind::any : Test::Kind::negation;
        if (key == "not")
            test.nested.push_back(read_condition(json));
        else
            for (const JsonReader& item : json.some_items()) test.nested.push_back(read_condition(item));
    }
    return test;
}

std::string priority_and_text(const JsonReader& json, std::string_view key, Priority& priority) {
    const auto parsed = parse_priority(json.require_string("priority"));
    if (!parsed) json.error("\"priority\" must be P0, P1, P2 or P3");
    priority = parsed.value_or(Priority::p1);
    return json.require_string(key);
}

TimerAction read_timer_action(const JsonReader& json) {
    TimerAction timer;
    if (!json.expect_object({"name", "after"})) return timer;
    timer.name = json.require_string("name");
    if (const auto after = json.require("after")) timer.after = read_duration(*after);
    return timer;
}

CheckInsAction read_check_ins(const JsonReader& json) {
    CheckInsAction check_ins;
    for (const auto& [name, after] : json.members()) check_ins.series.push_back({name, read_duration(after)});
    std::stable_sort(check_ins.series.begin(), check_ins.series.end(),
                     [](const TimerAction& a, const TimerAction& b) { return a.after < b.after; });
    if (check_ins.series.empty()) json.error("names no timer");
    return check_ins;
}

void read_small_action(const std::string& key, const JsonReader& json, Action& out) {
    if (key == "tag" || key == "untag") {
        out.what = TagAction{read_name(json), key == "tag"};
    } else if (key == "record") {
        out.what = RecordAction{string_members(json)};
    } else if (key == "copy") {
        CopyAction copy;
        for (const auto& [field, source] : named_members(json)) copy.from.emplace(field, read_name(source));
        out.what = std::move(copy);
    } else if (key == "forget") {
        ForgetAction forget;
        for (const JsonReader& field : json.some_items())
            forget.fields.push_back(field.value() == "*" ? std::string("*") : read_name(field));
        out.what = std::move(forget);
    } else if (key == "sum") {
        SumAction sum;
        for (const auto& [field, parts] : named_members(json)) {
            std::vector<std::string>& fields = sum.of[field];
            for (const JsonReader& part : parts.some_items()) fields.push_back(read_name(part));
        }
        out.what = std::move(sum);
    } else if (key == "add") {
        AddAction add;
        for (const auto& [field, amount] : named_members(json))
            add.amounts.emplace(field, amount.integer().value_or(0));
        out.what = std::move(add);
    } else if (key == "quiet_hold") {
        out.what = QuietHoldAction{json.boolean().value_or(true)};
    } else if (key == "cancel_timers") {
        out.what = CancelTimersAction{json.some_strings()};
    } else if (key == "note") {
        out.what = NoteAction{json.string().value_or("")};
        if (json.value() == "") json.error("must not be empty");
    } else if (key == "discreet") {
        if (json.value().is_string() && json.value() == "toggle")
            out.what = DiscreetAction{};
        else
            out.what = DiscreetAction{json.boolean()};
    }
}

void read_weighty_action(const std::string& key, const JsonReader& json, Action& out) {
    if (key == "escalate" && json.expect_object({"priority", "reason", "heard"})) {
        EscalateAction escalate;
        escalate.heard = priority_and_text(json, "heard", escalate.priority);
        escalate.reason = require_name(json, "reason");
        out.what = std::move(escalate);
    } else if (key == "raise" && json.expect_object({"priority", "note"})) {
        RaiseAction raise;
        raise.note = priority_and_text(json, "note", raise.priority);
        out.what = std::move(raise);
    } else if (key == "consent") {
        const std::string to = json.string().value_or("");
        if (to != "recurring" && to != "declined") json.error("must be recurring or declined");
        out.what = ConsentAction{to == "declined" ? Consent::declined : Consent::recurring};
    } else if (key == "opt_out") {
        if (json.boolean() != true) json.error("can only be true");
        out.what = OptOutAction{};
    } else if (key == "language") {
        const auto language = parse_language(json.string().value_or(""));
        if (!language) json.error("must be en or es");
        out.what = LanguageAction{language.value_or(Language::en)};
    } else if (key == "set_timer") {
        out.what = read_timer_action(json);
    } else if (key == "book_call") {
        out.what = BookCallAction{read_name(json)};
    } else if (key == "check_ins") {
        out.what = read_check_ins(json);
    }
}

}  // namespace

Condition read_condition(const JsonReader& json) {
    Condition condition;
    if (!json.expect_object({"language", "consent", "staffed", "quiet_hours", "local_time", "harm_reduction",
                             "discreet", "danger", "first_contact", "parked", "called", "tag", "no_tag",
                             "answer", "includes", "number", "any", "not"}))
        return condition;
    if (json.value().empty()) json.error("an empty condition always holds; leave \"when\" out");
    for (const auto& [key, member] : json.members()) {
        if (const auto flag = flag_kinds().find(key); flag != flag_kinds().end())
            condition.tests.push_back(flag_test(flag->second, member));
        else if (key == "answer")
            read_answer_tests(member, condition);
        else if (key == "includes")
            read_includes_tests(member, condition);
        else if (key == "number")
            read_number_tests(member, condition);
        else
            condition.tests.push_back(read_test(key, member));
    }
    return condition;
}

Actions read_actions(const JsonReader& json) {
    Actions actions;
    for (const JsonReader& item : json.some_items()) {
        if (!item.expect_object({"when",      "tag",       "untag",         "record",    "copy",
                                 "sum",       "add",       "forget",        "escalate",  "raise",
                                 "consent",   "opt_out",   "language",      "discreet",  "quiet_hold",
                                 "set_timer", "check_ins", "cancel_timers", "book_call", "note"}))
            continue;
        Action action;
        std::size_t effects = 0;
        for (const auto& [key, member] : item.members()) {
            if (key == "when") {
                action.when = read_condition(member);
                continue;
            }
            ++effects;
            read_small_action(key, member, action);
            read_weighty_action(key, member, action);
        }
        if (effects == 1)
            actions.push_back(std::move(action));
        else
            item.error("must hold exactly one effect (and \"when\" if it depends on something)");
    }
    return actions;
}

}  // namespace bot
