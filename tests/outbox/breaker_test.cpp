#include "webhooks/outbox/breaker.hpp"

#include <doctest.h>

#include <string>
#include <vector>

#include "webhooks/outbox/routes.hpp"

using namespace std::chrono_literals;
using bot::MessageKind;
using webhooks::outbox::Breaker;
using webhooks::outbox::Breakers;
using webhooks::outbox::Route;
using webhooks::outbox::Routes;

namespace {

const Breaker::TimePoint kStart = Breaker::TimePoint{} + 1h;

}  // namespace

TEST_CASE("breaker: five failures in a row open it, and not four") {
    Breaker breaker;
    for (int i = 1; i < Breaker::kFailures; ++i) {
        breaker.failed(kStart);
        CHECK(breaker.is_closed());
    }
    breaker.succeeded();
    for (int i = 1; i < Breaker::kFailures; ++i) breaker.failed(kStart);
    CHECK(breaker.is_closed());
    breaker.failed(kStart);
    CHECK_FALSE(breaker.is_closed());
    CHECK_FALSE(breaker.admits(kStart + Breaker::kProbe - 1ms));
}

TEST_CASE(
    "breaker: while it is open one text every ten seconds tries the gateway, and the first taken closes it") {
    Breaker breaker;
    for (int i = 0; i < Breaker::kFailures; ++i) breaker.failed(kStart);
    int probes = 0;
    for (auto at = 0ms; at < 60s; at += 100ms) {
        if (!breaker.admits(kStart + at)) continue;
        breaker.began(kStart + at);
        breaker.failed(kStart + at);
        ++probes;
    }
    CHECK(probes == 5);
    CHECK(breaker.admits(kStart + 60s));
    breaker.began(kStart + 60s);
    breaker.succeeded();
    CHECK(breaker.is_closed());
    CHECK(breaker.admits(kStart + 60s));
}

TEST_CASE("breaker: a fault of the account opens it at once") {
    Breaker breaker;
    breaker.failed(kStart, true);
    CHECK_FALSE(breaker.is_closed());
}

TEST_CASE(
    "breaker: ten reports in a row that nobody was reached open it, and only one that somebody was closes "
    "it") {
    Breaker breaker;
    for (int i = 0; i < 2 * Breaker::kBadReports; ++i) breaker.reported(i % 2 == 0, kStart);
    CHECK(breaker.is_closed());
    for (int i = 0; i < Breaker::kBadReports; ++i) breaker.reported(false, kStart);
    CHECK_FALSE(breaker.is_closed());
    breaker.succeeded();  // it takes texts, as it did all the time
    CHECK_FALSE(breaker.is_closed());
    breaker.reported(true, kStart);
    CHECK(breaker.is_closed());
}

TEST_CASE("breakers: each account has its own, and every change is told once") {
    std::vector<std::string> told;
    Breakers all([&](std::string_view account, bool open) {
        told.push_back(std::string(account) + (open ? " down" : " up"));
    });
    for (int i = 0; i < 2 * Breaker::kFailures; ++i) all.failed("a", kStart);
    all.succeeded("b");
    CHECK_FALSE(all.is_closed("a"));
    CHECK(all.is_closed("b"));
    CHECK(all.is_closed("never heard of"));
    all.succeeded("a");
    all.succeeded("a");
    CHECK(told == std::vector<std::string>{"a down", "a up"});
}

TEST_CASE("routes: the next account that is fit, round and round") {
    const Routes routes({{"a", "1"}, {"b", "2"}, {"c", "3"}});
    const auto after = [&](const char* account, const char* unfit) -> std::string {
        const auto route = routes.after(account, [&](std::string_view one) { return one != unfit; });
        return route ? route->account + route->channel : "none";
    };
    CHECK(after("a", "") == "b2");
    CHECK(after("a", "b") == "c3");
    CHECK(after("c", "") == "a1");
    CHECK(after("no longer configured", "a") == "b2");
    CHECK_FALSE(Routes(std::vector<Route>{{"a", "1"}}).after("a", [](std::string_view) { return true; }));
    CHECK_FALSE(routes.after("a", [](std::string_view) { return false; }));
}

TEST_CASE("routes: only what cannot wait leaves by another number, replies if the operator says so") {
    const Routes strict, loose({}, true);
    for (const MessageKind kind : {MessageKind::crisis, MessageKind::page}) {
        CHECK(strict.may_move(kind));
        CHECK(loose.may_move(kind));
    }
    for (const MessageKind kind : {MessageKind::reply, MessageKind::staff}) {
        CHECK_FALSE(strict.may_move(kind));
        CHECK(loose.may_move(kind));
    }
    for (const MessageKind kind : {MessageKind::opt_out_confirm, MessageKind::check_in}) {
        CHECK_FALSE(strict.may_move(kind));
        CHECK_FALSE(loose.may_move(kind));
    }
}
