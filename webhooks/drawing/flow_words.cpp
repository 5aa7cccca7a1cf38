#include "webhooks/drawing/flow_words.hpp"

#include <algorithm>
#include <vector>

#include "bot/consent.hpp"
#include "bot/language.hpp"
#include "webhooks/config_values.hpp"

namespace webhooks::drawing {

namespace {

using Kind = bot::Test::Kind;

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : between) + part;
    return all;
}

std::string flag(const bot::Test& test, const char* name) {
    return (test.flag ? "" : "not ") + std::string(name);
}

std::string clock(int minutes) {
    const std::string hour = std::to_string(minutes / 60);
    const std::string minute = std::to_string(minutes % 60);
    return (hour.size() < 2 ? "0" : "") + hour + ":" + (minute.size() < 2 ? "0" : "") + minute;
}

std::string bounds(const bot::Test& test) {
    std::vector<std::string> parts;
    if (test.min) parts.push_back(test.name + " >= " + std::to_string(*test.min));
    if (test.max) parts.push_back(test.name + " <= " + std::to_string(*test.max));
    if (!test.max_of.empty())
        parts.push_back(test.name + " <= " + test.max_of + (test.plus < 0 ? " - " : " + ") +
                        std::to_string(std::abs(test.plus)));
    return joined(parts, ", ");
}

std::string nested(const bot::Test& test, const char* between) {
    std::vector<std::string> parts;
    for (const bot::Condition& condition : test.nested) parts.push_back(words_for(condition));
    return joined(parts, between);
}

std::string consents(const bot::Test& test) {
    std::vector<std::string> parts;
    for (const bot::Consent consent : test.consents) parts.emplace_back(bot::to_string(consent));
    return "consent " + joined(parts, " or ");
}

std::string words_for(const bot::Test& test) {
    switch (test.kind) {
        case Kind::language:
            return std::string(bot::to_string(test.language));
        case Kind::consent:
            return consents(test);
        case Kind::staffed:
            return flag(test, "staffed");
        case Kind::quiet_hours:
            return flag(test, "quiet hours");
        case Kind::local_time:
            return clock(test.from_minute) + " to " + clock(test.to_minute);
        case Kind::harm_reduction:
            return flag(test, "harm reduction");
        case Kind::discreet:
            return flag(test, "discreet");
        case Kind::danger:
            return flag(test, "danger");
        case Kind::first_contact:
            return flag(test, "first contact");
        case Kind::parked:
            return flag(test, "parked");
        case Kind::called:
            return flag(test, "called");
        case Kind::tag:
            return "tag " + test.name;
        case Kind::no_tag:
            return "no tag " + test.name;
        case Kind::answer:
            return test.name + " = " + joined(test.values, " or ");
        case Kind::includes:
            return test.name + " has " + joined(test.values, " or ");
        case Kind::number:
            return bounds(test);
        case Kind::any:
            return nested(test, " or ");
        case Kind::negation:
            return "not (" + nested(test, "") + ")";
    }
    return {};
}

}  // namespace

std::string words_for(std::chrono::seconds span) { return to_text(span); }

std::string words_for(const bot::Choice& choice) {
    return (choice.number ? std::to_string(*choice.number) + " " : "") + choice.name;
}

std::string words_for(const bot::NumberAnswer& number) {
    return std::to_string(number.min) + " to " + std::to_string(number.max);
}

std::string words_for(const bot::TextAnswer& text) {
    using As = bot::TextAnswer::As;
    switch (text.as) {
        case As::name:
            return "a name";
        case As::name_and_number:
            return "a name and number";
        case As::day_time:
            return "a day and time";
        case As::any:
            break;
    }
    return "any words";
}

std::string words_for(const bot::Condition& condition) {
    std::vector<std::string> parts;
    for (const bot::Test& test : condition.tests) parts.push_back(words_for(test));
    return joined(parts, ", ");
}

std::string words_for(const bot::Target& target) {
    using TargetKind = bot::Target::Kind;
    switch (target.kind) {
        case TargetKind::step:
            return target.step;
        case TargetKind::flow:
            return target.flow + "/" + target.step;
        case TargetKind::call:
            return target.flow + "/" + target.step + " then " + target.then;
        case TargetKind::end:
            return "end";
        case TargetKind::stay:
            return "stay";
        case TargetKind::again:
            return "again";
        case TargetKind::park:
            return "park";
        case TargetKind::resume:
            return "resume";
    }
    return {};
}

}  // namespace webhooks::drawing
