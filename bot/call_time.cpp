#include "bot/call_time.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/oncall_schedule.hpp"

namespace bot {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::minutes;
using Words = std::vector<std::string>;

enum class Part { none, morning, noon, afternoon, evening };

/// What the words named, as far as they did.
struct Named {
    std::optional<int> weekday;  ///< 0 is Monday
    std::optional<int> days_ahead;
    Part part = Part::none;
    std::optional<minutes> clock;
    bool half_known = false;  ///< a.m. or p.m. was said
    bool after = false;
    bool before = false;

    [[nodiscard]] bool anything() const { return weekday || days_ahead || part != Part::none || clock; }
};

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string at(const Words& words, std::size_t i) { return i < words.size() ? words[i] : std::string(); }
std::string before(const Words& words, std::size_t i, std::size_t back) {
    return i >= back ? words[i - back] : std::string();
}

std::optional<int> weekday_of(const std::string& word) {
    static const std::array<std::vector<std::string_view>, 7> kDays{{
        {"monday", "mon", "lunes"},
        {"tuesday", "tue", "tues", "martes"},
        {"wednesday", "wed", "weds", "miercoles"},
        {"thursday", "thu", "thur", "thurs", "jueves"},
        {"friday", "fri", "viernes"},
        {"saturday", "sat", "sabado"},
        {"sunday", "sun", "domingo"},
    }};
    for (std::size_t day = 0; day < kDays.size(); ++day)
        if (std::find(kDays[day].begin(), kDays[day].end(), word) != kDays[day].end())
            return static_cast<int>(day);
    return std::nullopt;
}

Part part_of(const Words& words, std::size_t i) {
    const std::string& word = words[i];
    if (is_one_of(word, {"morning", "mornings", "early", "temprano"})) return Part::morning;
    if (word == "manana" && before(words, i, 1) == "la") return Part::morning;
    if (is_one_of(word, {"noon", "lunch", "midday", "mediodia"})) return Part::noon;
    if (is_one_of(word, {"afternoon", "afternoons", "tardes"})) return Part::afternoon;
    if (word == "tarde" && before(words, i, 1) != "mas") return Part::afternoon;
    if (is_one_of(word, {"evening", "evenings", "night", "tonight", "noche", "work", "trabajo"}))
        return Part::evening;
    return Part::none;
}

void read_day(const Words& words, std::size_t i, Named& named) {
    const std::string& word = words[i];
    if (const auto day = weekday_of(word); day && !named.weekday) named.weekday = day;
    if (is_one_of(word, {"today", "tonight", "hoy", "later"}) && !named.days_ahead) named.days_ahead = 0;
    if (word == "esta" && is_one_of(at(words, i + 1), {"tarde", "noche"})) named.days_ahead = 0;
    if (word == "this" && is_one_of(at(words, i + 1), {"morning", "afternoon", "evening"}))
        named.days_ahead = 0;
    if (is_one_of(word, {"tomorrow", "tmrw", "tmr", "tomorow"})) named.days_ahead = 1;
    if (word == "manana" && before(words, i, 1) != "la")
        named.days_ahead = before(words, i, 1) == "pasado" ? 2 : 1;
}

/// "3", "3pm", "1030am", of which the digits and the letters.
struct Token {
    int number = 0;
    std::size_t digits = 0;
    std::string rest;
};

std::optional<Token> token_of(const std::string& word) {
    Token token;
    while (token.digits < word.size() && token.digits < 5 && word[token.digits] >= '0' &&
           word[token.digits] <= '9')
        token.number = token.number * 10 + (word[token.digits++] - '0');
    if (token.digits == 0 || token.digits > 4) return std::nullopt;
    token.rest = word.substr(token.digits);
    if (!token.rest.empty() && !is_one_of(token.rest, {"am", "pm", "a", "p"})) return std::nullopt;
    return token;
}

bool is_minutes(const std::string& word) {
    const auto token = token_of(word);
    return token && token->digits == 2 && token->number < 60;
}

/// Of the number at `i`, when it is a time of the clock.
void read_clock(const Words& words, std::size_t i, Named& named) {
    const auto token = token_of(words[i]);
    if (named.clock || !token) return;
    const bool long_form = token->digits >= 3;
    if (long_form && token->rest.empty() && !is_one_of(before(words, i, 1), {"at", "las"})) return;
    int hour = long_form ? token->number / 100 : token->number;
    int minute = long_form ? token->number % 100 : 0;
    std::size_t next = i + 1;
    std::string half = token->rest;
    if (!long_form && half.empty() && is_minutes(at(words, next))) {
        const auto after = token_of(words[next++]);
        minute = after->number;
        half = after->rest;
    }
    if (half.empty() && is_one_of(at(words, next), {"am", "pm", "a", "p"}) && at(words, next + 1) != "las")
        half = words[next];
    if (hour > 23 || minute > 59 || (hour == 0 && half.empty())) return;
    named.half_known = !half.empty() || hour > 12;
    if (half.starts_with('p') && hour < 12) hour += 12;
    if (half.starts_with('a') && hour == 12) hour = 0;
    named.clock = hour * 1h + minutes{minute};
    for (std::size_t back = 1; back <= 3; ++back) {
        if (is_one_of(before(words, i, back), {"after", "despues", "past"})) named.after = true;
        if (is_one_of(before(words, i, back), {"before", "antes", "by"})) named.before = true;
    }
}

Named read(const Words& words) {
    Named named;
    for (std::size_t i = 0; i < words.size(); ++i) {
        read_day(words, i, named);
        if (const Part part = part_of(words, i); part != Part::none) named.part = part;
        read_clock(words, i, named);
        if (words[i] == "una" && before(words, i, 1) == "la" && !named.clock) named.clock = 1h;
    }
    if (!named.clock || named.half_known) return named;
    const bool late = named.part == Part::afternoon || named.part == Part::evening;
    const bool early = named.part == Part::morning;
    if (*named.clock < 12h && (late || (!early && *named.clock < 8h))) *named.clock += 12h;
    return named;
}

/// From midnight of its day.
struct Hours {
    minutes from;
    minutes until;
};

Hours hours_of(const Named& named, const WorkingHours& working) {
    if (named.clock && named.after) return {*named.clock, std::min<minutes>(*named.clock + 2h, 24h)};
    if (named.clock && named.before) return {std::max<minutes>(*named.clock - 2h, 0h), *named.clock};
    if (named.clock) return {*named.clock, *named.clock};
    switch (named.part) {
        case Part::morning:
            return {9h, 12h};
        case Part::noon:
            return {12h, 13h};
        case Part::afternoon:
            return {12h, 17h};
        case Part::evening:
            return {17h, 20h};
        case Part::none:
            break;
    }
    return {working.from, working.until};
}

}  // namespace

std::optional<CallWindow> read_call_time(std::string_view text, TimePoint now, const WorkingHours& working,
                                         std::string_view zone, const UtcOffset& offset) {
    const Named named = read(normalize(text).words);
    if (!named.anything()) return std::nullopt;
    const Hours hours = hours_of(named, working);
    const std::chrono::local_days today = std::chrono::floor<days>(wall_at(now, zone, offset));
    const auto window_on = [&](std::chrono::local_days day) {
        return CallWindow{instants_of(WallTime{day + hours.from}, zone, offset).first,
                          instants_of(WallTime{day + hours.until}, zone, offset).first};
    };
    const auto ahead = [&](CallWindow window) -> std::optional<CallWindow> {
        if (window.until <= now) return std::nullopt;
        window.from = std::max(window.from, now);
        return window;
    };
    if (named.weekday) {
        const int weekday = static_cast<int>(std::chrono::weekday{today}.iso_encoding()) - 1;
        const days until{(*named.weekday - weekday + 7) % 7};
        if (const auto soon = ahead(window_on(today + until))) return soon;
        return ahead(window_on(today + until + days{7}));
    }
    if (named.days_ahead) return ahead(window_on(today + days{*named.days_ahead}));
    if (const auto soon = ahead(window_on(today))) return soon;
    return ahead(window_on(today + days{1}));
}

}  // namespace bot
