#include "bot/call_time.hpp"

#include <doctest.h>

#include <string>

#include "bot/oncall_schedule.hpp"

namespace {

using bot::TimePoint;
using bot::WallTime;
using namespace std::chrono_literals;
using std::chrono::local_days;

// Five hours west of Greenwich all year: what is read is a matter of days and hours.
const bot::UtcOffset kOffset = [](std::string_view, TimePoint) { return std::chrono::seconds{-5h}; };
const bot::WorkingHours kHours{};
constexpr std::string_view kZone = "America/New_York";

// Wednesday, 4 March 2026, 14:00.
const TimePoint kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4} + 19h};

std::string day_and_time(TimePoint at) {
    static constexpr const char* kDays[]{"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const WallTime wall = bot::wall_at(at, kZone, kOffset);
    const local_days day = std::chrono::floor<std::chrono::days>(wall);
    const std::chrono::hh_mm_ss time(wall - day);
    std::string text = std::to_string(static_cast<unsigned>(std::chrono::year_month_day{day}.day()));
    text.append(" ").append(kDays[std::chrono::weekday{day}.iso_encoding()]).append(" ");
    text.append(std::to_string(time.hours().count())).append(":");
    return text.append(time.minutes().count() < 10 ? "0" : "").append(std::to_string(time.minutes().count()));
}

std::string read(std::string_view words, TimePoint now = kNow) {
    const auto window = bot::read_call_time(words, now, kHours, kZone, kOffset);
    if (!window) return "-";
    const std::string from = day_and_time(window->from);
    return window->from == window->until ? from : from + " to " + day_and_time(window->until);
}

}  // namespace

TEST_CASE("call time: days and hours as people text them") {
    struct Row {
        const char* why;
        const char* words;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"day and hour", "Tue 3pm", "10 Tue 15:00"},
        {"the words the flow asks for, apart", "fri at 10 am", "6 Fri 10:00"},
        {"minutes", "thursday 10:30", "5 Thu 10:30"},
        {"minutes, run together", "thu 1030am", "5 Thu 10:30"},
        {"a small hour is an afternoon", "thurs after 5", "5 Thu 17:00 to 5 Thu 19:00"},
        {"before an hour", "friday before 11", "6 Fri 9:00 to 6 Fri 11:00"},
        {"a part of a day", "tomorrow morning", "5 Thu 9:00 to 5 Thu 12:00"},
        {"a part of a day makes an hour late", "10 tomorrow night", "5 Thu 22:00"},
        {"in Spanish: tomorrow, early",
         "ma\xc3\xb1"
         "ana temprano",
         "5 Thu 9:00 to 5 Thu 12:00"},
        {"in Spanish: the same word is morning",
         "el viernes por la ma\xc3\xb1"
         "ana",
         "6 Fri 9:00 to 6 Fri 12:00"},
        {"in Spanish: both",
         "ma\xc3\xb1"
         "ana en la ma\xc3\xb1"
         "ana",
         "5 Thu 9:00 to 5 Thu 12:00"},
        {"in Spanish: the day after tomorrow",
         "pasado ma\xc3\xb1"
         "ana a las 4",
         "6 Fri 16:00"},
        {"in Spanish: an hour in the afternoon", "el lunes a las 5 de la tarde", "9 Mon 17:00"},
        {"in Spanish: one o'clock", "martes a la una", "10 Tue 13:00"},
        {"in Spanish: later is no afternoon", "hoy mas tarde", "4 Wed 14:00 to 4 Wed 17:00"},
        {"today, from now on", "later today", "4 Wed 14:00 to 4 Wed 17:00"},
        {"tonight", "tonight", "4 Wed 17:00 to 4 Wed 20:00"},
        {"an hour still ahead", "4pm", "4 Wed 16:00"},
        {"an hour past today", "11am", "5 Thu 11:00"},
        {"today's day of the week, still ahead", "wed 4pm", "4 Wed 16:00"},
        {"today's day of the week, past", "wed 9am", "11 Wed 9:00"},
        {"a day alone is its working hours", "monday", "9 Mon 9:00 to 9 Mon 17:00"},
        {"after work", "tmrw after work", "5 Thu 17:00 to 5 Thu 20:00"},
        {"noon", "friday noon", "6 Fri 12:00 to 6 Fri 13:00"},
        {"twelve at night", "saturday 12am", "7 Sat 0:00"},
        {"24 hours", "fri 15:45", "6 Fri 15:45"},
        {"what is past is no time", "today 9am", "-"},
        {"a number of a phone is no time", "call 555 0101", "-"},
        {"no time", "as soon as we can", "-"},
        {"nothing", "", "-"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        CAPTURE(row.words);
        CHECK(read(row.words) == row.want);
    }
}

TEST_CASE("working hours: open, next and last, over a week-end and a change of clocks") {
    const auto at = [](int day, std::chrono::minutes of_day) {
        return bot::instants_of(WallTime{local_days{std::chrono::year{2026} / 3 / day} + of_day}, kZone,
                                kOffset)
            .first;
    };
    CHECK(kHours.is_open(kNow, kOffset));
    CHECK(kHours.next_open(kNow, kOffset) == kNow);
    CHECK_FALSE(kHours.is_open(at(4, 17h), kOffset));
    CHECK(day_and_time(kHours.next_open(at(6, 17h), kOffset)) == "9 Mon 9:00");
    CHECK(day_and_time(kHours.next_open(at(6, 8h), kOffset)) == "6 Fri 9:00");
    CHECK(day_and_time(kHours.last_open(at(8, 15h), kOffset)) == "6 Fri 17:00");
    CHECK(day_and_time(kHours.last_open(at(9, 8h), kOffset)) == "6 Fri 17:00");

    // New York puts its clocks forward on 8 March 2026 at 2:00.
    const TimePoint change{std::chrono::sys_days{std::chrono::year{2026} / 3 / 8} + 7h};
    const bot::UtcOffset new_york = [change](std::string_view, TimePoint t) {
        return std::chrono::seconds{t < change ? -5h : -4h};
    };
    const TimePoint saturday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 7} + 17h};
    const TimePoint monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 9} + 13h};
    CHECK(kHours.next_open(saturday, new_york) == monday);
}
