#include <doctest.h>

#include <algorithm>

#include "fixture.hpp"

// Waits that fall due while the server stands still (found by tests/sim).

namespace {

using namespace std::chrono_literals;

constexpr bot::TimePoint kTenAtNight = fixture::kNoon + 10h;

// Told of using, and nobody was there when the fifteen minutes were over; `late` after that somebody is.
fixture::Chat waited(bot::TimePoint begun, std::chrono::minutes late) {
    fixture::Chat chat(fixture::engine(), begun);
    chat.text("i slipped last night");
    const auto timer = chat.state.timers.at("step");
    chat.now = timer.due + late;
    chat.event(bot::TimerFired{"step", timer.turn});
    return chat;
}

bool spoke(const fixture::Chat& chat) {
    return std::any_of(chat.last.effects.begin(), chat.last.effects.end(), [](const bot::Effect& effect) {
        return std::holds_alternative<bot::SendText>(effect);
    });
}

}  // namespace

TEST_CASE("late: a wait long past wakes nobody by night, and what it does for staff is done") {
    struct Row {
        const char* why;
        bot::TimePoint begun;
        std::chrono::minutes late;
        bool speaks;
    };
    constexpr Row kRows[]{
        {"in time, by night: they are writing", kTenAtNight, 0min, true},
        {"half an hour late, by night", kTenAtNight, 30min, true},
        {"three hours late, by night", kTenAtNight, 180min, false},
        {"three hours late, by day", fixture::kNoon, 180min, true},
        {"seven hours late, by day", fixture::kNoon - 3h, 420min, false},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const fixture::Chat chat = waited(row.begun, row.late);
        CHECK(spoke(chat) == row.speaks);
        CHECK(chat.had("escalate P2 silent"));
        CHECK(chat.place().empty());
    }
}
