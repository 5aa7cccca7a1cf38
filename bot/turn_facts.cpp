#include <algorithm>
#include <charconv>

#include "bot/turn_builder.hpp"

namespace bot {

namespace {

constexpr int kMinutesADay = 24 * 60;

std::optional<int> number_of(const std::map<std::string, std::string>& facts, const std::string& field) {
    const auto fact = facts.find(field);
    if (fact == facts.end()) return std::nullopt;
    int value = 0;
    const char* end = fact->second.data() + fact->second.size();
    const auto [stop, failure] = std::from_chars(fact->second.data(), end, value);
    if (failure != std::errc{} || stop != end) return std::nullopt;
    return value;
}

bool in_list(const std::string& list, const std::string& option) {
    const std::string padded = " " + list + " ";
    return padded.find(" " + option + " ") != std::string::npos;
}

std::string two_digits(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

bool TurnBuilder::open_danger() const { return state.danger && state.danger->priority <= Priority::p1; }

int TurnBuilder::local_minute(TimePoint at) const {
    const auto local = at + utc_offset_(zone(), at);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local.time_since_epoch()).count();
    return static_cast<int>(((minutes % kMinutesADay) + kMinutesADay) % kMinutesADay);
}

int TurnBuilder::local_weekday(TimePoint at) const {
    const auto day = std::chrono::floor<std::chrono::days>(at + utc_offset_(zone(), at));
    return static_cast<int>(std::chrono::weekday{day}.c_encoding());
}

bool TurnBuilder::quiet_hours(TimePoint at) const {
    const int hour = local_minute(at) / 60;
    if (line.quiet_from_hour == line.quiet_until_hour) return false;
    if (line.quiet_from_hour < line.quiet_until_hour)
        return hour >= line.quiet_from_hour && hour < line.quiet_until_hour;
    return hour >= line.quiet_from_hour || hour < line.quiet_until_hour;
}

TimePoint TurnBuilder::by_day(TimePoint due) const {
    if (!quiet_hours(due)) return due;
    const int minute = local_minute(due);
    int wait = line.quiet_until_hour * 60 - minute;
    if (wait <= 0) wait += kMinutesADay;
    TimePoint morning = std::chrono::floor<std::chrono::minutes>(due) + std::chrono::minutes{wait};
    // A change of summer time in that night shifts the hour: step until it is day.
    for (int i = 0; i < 4 && quiet_hours(morning); ++i) morning += std::chrono::minutes{30};
    return morning;
}

std::string TurnBuilder::local_time_words(TimePoint at) const {
    const int minute = local_minute(at);
    const auto& days = content.line.days[index_of(state.language)];
    const auto weekday = static_cast<std::size_t>(local_weekday(at));
    const std::string day = weekday < days.size() ? days[weekday] + " " : "";
    const int hour = minute / 60;
    if (state.language == Language::es) return day + std::to_string(hour) + ":" + two_digits(minute % 60);
    const int twelve = hour % 12 == 0 ? 12 : hour % 12;
    return day + std::to_string(twelve) + ":" + two_digits(minute % 60) + (hour < 12 ? " AM" : " PM");
}

bool TurnBuilder::holds(const Condition& condition) const {
    return std::all_of(condition.tests.begin(), condition.tests.end(),
                       [&](const Test& test) { return holds(test); });
}

bool TurnBuilder::number_holds(const Test& test) const {
    const auto number = number_of(state.facts, test.name);
    if (!number) return false;
    if (test.min && *number < *test.min) return false;
    if (test.max && *number > *test.max) return false;
    if (test.max_of.empty()) return true;
    const auto bound = number_of(state.facts, test.max_of);
    return bound && *number <= *bound + test.plus;
}

bool TurnBuilder::holds(const Test& test) const {
    using Kind = Test::Kind;
    const auto fact = [&] {
        const auto found = state.facts.find(test.name);
        return found == state.facts.end() ? std::string() : found->second;
    };
    switch (test.kind) {
        case Kind::language:
            return state.language == test.language;
        case Kind::consent:
            return std::find(test.consents.begin(), test.consents.end(), state.consent) !=
                   test.consents.end();
        case Kind::staffed:
            return line.staffed == test.flag;
        case Kind::quiet_hours:
            return quiet_hours(now) == test.flag;
        case Kind::local_time: {
            const int minute = local_minute(now);
            if (test.from_minute <= test.to_minute)
                return minute >= test.from_minute && minute < test.to_minute;
            return minute >= test.from_minute || minute < test.to_minute;
        }
        case Kind::harm_reduction:
            return line.harm_reduction == test.flag;
        case Kind::discreet:
            return state.discreet == test.flag;
        case Kind::danger:
            return open_danger() == test.flag;
        case Kind::first_contact:
            return first_contact == test.flag;
        case Kind::parked:
            return state.parked.has_value() == test.flag;
        case Kind::called:
            return (state.stack.size() > 1) == test.flag;
        case Kind::tag:
            return state.tags.contains(test.name);
        case Kind::no_tag:
            return !state.tags.contains(test.name);
        case Kind::answer:
            return std::find(test.values.begin(), test.values.end(), fact()) != test.values.end();
        case Kind::includes:
            return !test.values.empty() && in_list(fact(), test.values.front());
        case Kind::number:
            return number_holds(test);
        case Kind::any:
            return std::any_of(test.nested.begin(), test.nested.end(),
                               [&](const Condition& nested) { return holds(nested); });
        case Kind::negation:
            return test.nested.empty() || !holds(test.nested.front());
    }
    return false;
}

}  // namespace bot
