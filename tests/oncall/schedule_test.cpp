#include "bot/oncall_schedule.hpp"

#include <doctest.h>

#include <algorithm>

#include "webhooks/net/time_zone.hpp"

// Who is on call, by the clock on the wall, in zones that put their clocks forward and back (I7).

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using bot::TimePoint;
using bot::WallTime;
using Names = std::vector<std::string>;

const bot::UtcOffset kOffset = webhooks::net::utc_offset();

WallTime wall(year_month_day day, minutes time = 0min) { return WallTime{local_days{day} + time}; }
TimePoint utc(year_month_day day, minutes time = 0min) { return TimePoint{sys_days{day} + time}; }

bot::Rota weekly(const std::string& zone, WallTime hand_over) {
    bot::Rota rota;
    rota.rotations = {{"turns", {"Maya", "Luis", "Noor"}, bot::Rotation::Every::weeks, 1, hand_over}};
    rota.schedules = {{"primary", zone, {{.on_call = "turns"}}}};
    return rota;
}

}  // namespace

TEST_CASE("wall clock: twice when it is put back, the change itself when it jumps over") {
    struct Row {
        const char* zone;
        WallTime wall;
        TimePoint first, last;
        const char* why;
    };
    const Row rows[]{
        {"America/New_York", wall(2026y / 1 / 5, 9h), utc(2026y / 1 / 5, 14h), utc(2026y / 1 / 5, 14h),
         "plain"},
        {"America/New_York", wall(2026y / 3 / 8, 2h + 30min), utc(2026y / 3 / 8, 7h), utc(2026y / 3 / 8, 7h),
         "put forward over it"},
        {"America/New_York", wall(2026y / 11 / 1, 1h + 30min), utc(2026y / 11 / 1, 5h + 30min),
         utc(2026y / 11 / 1, 6h + 30min), "put back over it"},
        {"Australia/Lord_Howe", wall(2026y / 4 / 5, 1h + 45min), utc(2026y / 4 / 4, 14h + 45min),
         utc(2026y / 4 / 4, 15h + 15min), "half an hour"},
        {"Pacific/Apia", wall(2011y / 12 / 30, 12h), utc(2011y / 12 / 30, 10h), utc(2011y / 12 / 30, 10h),
         "a day that was not"},
        {"Asia/Kathmandu", wall(2026y / 1 / 5, 9h), utc(2026y / 1 / 5, 3h + 15min),
         utc(2026y / 1 / 5, 3h + 15min), "no hour's difference"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.why);
        const bot::Instants found = bot::instants_of(row.wall, row.zone, kOffset);
        CHECK(found.first == row.first);
        CHECK(found.last == row.last);
    }
}

TEST_CASE("rotation: the hand-over keeps its time of day when the clocks change") {
    const auto rota = weekly("America/New_York", wall(2026y / 3 / 2, 9h));
    const auto at = [&](TimePoint when) { return rota.on_call("primary", when, kOffset); };
    CHECK(at(utc(2026y / 3 / 2, 14h)) == Names{"Maya"});  // 9:00 EST
    CHECK(at(utc(2026y / 3 / 9, 12h + 59min)) == Names{"Maya"});
    CHECK(at(utc(2026y / 3 / 9, 13h)) == Names{"Luis"});  // 9:00 EDT
    CHECK(at(utc(2026y / 3 / 16, 13h)) == Names{"Noor"});
    CHECK(at(utc(2026y / 3 / 2, 13h)) == Names{"Noor"});  // before the first turn the round goes backwards
}

TEST_CASE("rotation: handed over in the hour that comes twice, both are on call in it") {
    const auto rota = weekly("America/New_York", wall(2026y / 10 / 25, 1h + 30min));
    const auto at = [&](TimePoint when) { return rota.on_call("primary", when, kOffset); };
    CHECK(at(utc(2026y / 11 / 1, 5h + 29min)) == Names{"Maya"});
    CHECK(at(utc(2026y / 11 / 1, 5h + 30min)) == Names{"Maya", "Luis"});
    CHECK(at(utc(2026y / 11 / 1, 6h + 30min)) == Names{"Luis"});
}

TEST_CASE("rotation: every three days, and every twelve hours whatever the clocks do") {
    bot::Rota rota = weekly("Europe/Madrid", wall(2026y / 3 / 27, 8h));
    rota.rotations[0].unit = bot::Rotation::Every::days;
    rota.rotations[0].every = 3;
    CHECK(rota.on_call("primary", utc(2026y / 3 / 30, 5h + 59min), kOffset) == Names{"Maya"});
    CHECK(rota.on_call("primary", utc(2026y / 3 / 30, 6h), kOffset) == Names{"Luis"});
    rota.rotations[0].unit = bot::Rotation::Every::hours;
    rota.rotations[0].every = 12;
    const auto slots = rota.slots("primary", utc(2026y / 3 / 28, 7h), utc(2026y / 3 / 30, 7h), kOffset);
    CHECK(slots.size() == 4);
    for (const bot::Slot& slot : slots) CHECK(slot.until - slot.from == 12h);
}

TEST_CASE("schedule: hours of some days, over midnight, and an override in the place of one or of all") {
    bot::Rota rota;
    rota.schedules = {{"desk",
                       "America/New_York",
                       {{.on_call = "Maya", .days = 0x1f, .from = 9h, .until = 17h},
                        {.on_call = "Luis", .days = 0x10, .from = 22h, .until = 6h}}}};
    const auto at = [&](TimePoint when) { return rota.on_call("desk", when, kOffset); };
    CHECK(at(utc(2026y / 1 / 9, 15h)) == Names{"Maya"});   // Friday 10:00
    CHECK(at(utc(2026y / 1 / 10, 15h)) == Names{});        // Saturday
    CHECK(at(utc(2026y / 1 / 10, 10h)) == Names{"Luis"});  // Saturday 5:00: Friday's night
    CHECK(at(utc(2026y / 1 / 10, 11h)) == Names{});
    rota.overrides = {{"desk", utc(2026y / 1 / 9, 15h), utc(2026y / 1 / 9, 16h), "Noor", "Maya"},
                      {"desk", utc(2026y / 1 / 10, 0h), utc(2026y / 1 / 10, 20h), "Chief", ""}};
    CHECK(at(utc(2026y / 1 / 9, 15h)) == Names{"Noor"});
    CHECK(at(utc(2026y / 1 / 9, 16h)) == Names{"Maya"});
    CHECK(at(utc(2026y / 1 / 10, 10h)) == Names{"Chief"});
    CHECK(rota.on_call("no such", utc(2026y / 1 / 9, 15h), kOffset).empty());
}

TEST_CASE("rotation: somebody is on call at every minute of three years, in zones of every kind") {
    for (const char* zone : {"America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia",
                             "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Casablanca", "Africa/Cairo",
                             "America/St_Johns", "Asia/Tehran", "Europe/London", "Pacific/Chatham"}) {
        CAPTURE(zone);
        for (const auto unit : {bot::Rotation::Every::days, bot::Rotation::Every::weeks}) {
            bot::Rota rota = weekly(zone, wall(2010y / 1 / 4, 2h + 15min));
            rota.rotations[0].unit = unit;
            const TimePoint from = utc(2010y / 12 / 20);
            const TimePoint until = utc(2013y / 12 / 20);
            TimePoint covered = from;
            for (const bot::Slot& slot : rota.slots("primary", from, until, kOffset)) {
                REQUIRE(slot.from == covered);
                REQUIRE_FALSE(slot.people.empty());
                REQUIRE(slot.people == rota.on_call("primary", slot.until - 1s, kOffset));
                covered = slot.until;
            }
            CHECK(covered == until);
        }
    }
}
