#include "webhooks/signup/limits.hpp"

#include <doctest.h>

#include <set>
#include <string>

using namespace std::chrono_literals;
using webhooks::signup::Limits;
using webhooks::signup::Rate;
using webhooks::signup::Settings;

namespace {

const Rate::Clock::time_point kNow{1'000h};

/// +1 212 555 01xx, of which each hundred is one of its own block.
std::string number(int i) {
    return "+1" + std::to_string(212 + i / 100) + "55501" + std::to_string(10 + i % 90);
}
std::string address(int i) { return "192.0.2." + std::to_string(i); }

std::string refused(Limits& limits, const std::string& from, const std::string& number,
                    Rate::Clock::time_point now) {
    const auto full = limits.admit(from, number, now);
    return full ? full->which : "";
}

}  // namespace

TEST_CASE("rate: so many at once, then one by one as they are earned back") {
    Rate rate(3, 1h, 1'024);
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(rate.wait("a", kNow));
        rate.take("a", kNow);
    }
    CHECK(rate.wait("a", kNow) == 20min);
    CHECK_FALSE(rate.wait("b", kNow));
    CHECK(rate.wait("a", kNow + 20min - 1s) == 1s);
    CHECK_FALSE(rate.wait("a", kNow + 20min));
    rate.take("a", kNow + 20min);
    CHECK(rate.wait("a", kNow + 20min) == 20min);
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(rate.wait("a", kNow + 3h));
        rate.take("a", kNow + 3h);
    }
    CHECK(rate.wait("a", kNow + 3h).has_value());
}

TEST_CASE("rate: a flood of keys never frees one that is full") {
    Rate rate(1, 1h, 16);
    rate.take("victim", kNow);
    for (int i = 0; i < 10'000; ++i) {
        const std::string key = std::to_string(i);
        if (!rate.wait(key, kNow)) rate.take(key, kNow);
    }
    CHECK(rate.wait("victim", kNow).has_value());
}

TEST_CASE("limits: each one by its name, and what is refused is not counted elsewhere") {
    Settings settings;
    settings.per_address_an_hour = 2;
    settings.per_prefix_an_hour = 3;
    settings.an_hour = 5;
    settings.a_day = 6;
    Limits limits(settings);
    CHECK(refused(limits, address(1), number(0), kNow) == "");
    CHECK(refused(limits, address(1), number(1), kNow) == "");
    CHECK(refused(limits, address(1), number(100), kNow) == "address");
    CHECK(refused(limits, address(2), number(2), kNow) == "");
    CHECK(refused(limits, address(3), number(3), kNow) == "prefix");
    CHECK(refused(limits, address(3), number(100), kNow) == "");
    CHECK(refused(limits, address(3), number(200), kNow) == "");
    CHECK(refused(limits, address(4), number(300), kNow) == "all");
    CHECK(refused(limits, address(4), number(300), kNow + 12min) == "");
    CHECK(refused(limits, address(5), number(400), kNow + 24min) == "all");
    CHECK(refused(limits, address(5), number(400), kNow + 4h) == "");
}

TEST_CASE("limits: a number is counted by itself") {
    Settings settings;
    settings.per_number_a_day = 2;
    Limits limits(settings);
    CHECK(limits.admit_number(number(0), kNow));
    CHECK(limits.admit_number(number(0), kNow));
    CHECK_FALSE(limits.admit_number(number(0), kNow + 11h));
    int others = 0;  // one of them may share the slot of the first
    for (int i = 1; i <= 20; ++i) others += limits.admit_number(number(i), kNow) ? 1 : 0;
    CHECK(others >= 18);
    CHECK(limits.admit_number(number(0), kNow + 12h));
}

TEST_CASE("limits: five thousand sequential numbers from as many addresses cost what a day may (T4)") {
    const Settings settings;
    Limits limits(settings);
    int taken = 0;
    std::set<std::string> why;
    for (int i = 0; i < 5'000; ++i) {
        const std::string e164 = "+1212555" + std::to_string(5'000 + i);
        const auto full = limits.admit("198.51." + std::to_string(i), e164, kNow + i * 17s);  // a whole day
        taken += full ? 0 : 1;
        if (full) why.insert(full->which);
    }
    CHECK(taken <= settings.a_day);
    CHECK(why.contains("prefix"));
    CHECK(taken <= 5 * (settings.per_prefix_an_hour + 24 * settings.per_prefix_an_hour));
}
