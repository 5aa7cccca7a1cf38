#include "webhooks/outbox/rate.hpp"

#include <doctest.h>

#include <deque>

using namespace std::chrono_literals;
using bot::MessageKind;
using webhooks::outbox::NumberRate;
using webhooks::outbox::Rates;
using webhooks::store::Allowance;

namespace {

const NumberRate::TimePoint kStart = NumberRate::TimePoint{} + 1h;

/// Sends and ends as many as it may every millisecond; the instants at which they left.
std::deque<std::chrono::milliseconds> send_greedily(NumberRate& rate, std::chrono::milliseconds for_so_long,
                                                    MessageKind kind = MessageKind::reply) {
    std::deque<std::chrono::milliseconds> left;
    for (auto at = 0ms; at < for_so_long; at += 1ms) {
        const auto allowance = rate.allowance(kStart + at);
        for (std::size_t n = webhooks::store::is_urgent(kind) ? allowance.all : allowance.others; n > 0;
             --n) {
            rate.began(kind, kStart + at);
            rate.ended(kind);
            left.push_back(at);
        }
    }
    return left;
}

}  // namespace

TEST_CASE("rate: never faster than the number's own, over any second, and never much slower") {
    for (const int per_second : {1, 2, 3, 10, 30, 100, 1'000}) {
        for (const MessageKind kind : {MessageKind::reply, MessageKind::crisis}) {
            CAPTURE(per_second);
            NumberRate rate(per_second);
            const auto left = send_greedily(rate, 10s, kind);
            const auto at_once = static_cast<std::size_t>(per_second / 10 + 1);
            std::size_t most = 0;
            for (std::size_t first = 0, last = 0; last < left.size(); ++last) {
                while (left[last] - left[first] >= 1s) ++first;
                most = std::max(most, last - first + 1);
            }
            CHECK(most <= static_cast<std::size_t>(per_second) + at_once);
            CHECK(left.size() >= static_cast<std::size_t>(10 * per_second));
            CHECK(left.size() <= static_cast<std::size_t>(10 * per_second) + at_once);
        }
    }
}

TEST_CASE("rate: silence is not saved up") {
    NumberRate rate(10);
    (void)send_greedily(rate, 1s);
    const auto allowance = rate.allowance(kStart + 1h);
    CHECK(allowance.all == 2);
    CHECK(allowance.others == 2);
}

TEST_CASE("rate: urgent texts count too, and what they leave is the others'") {
    NumberRate rate(10);
    rate.began(MessageKind::page, kStart);
    rate.began(MessageKind::opt_out_confirm, kStart);
    CHECK(rate.allowance(kStart).all == 0);
    CHECK(rate.allowance(kStart).others == 0);
    CHECK(rate.full_until(kStart) == kStart + 100ms);
    CHECK(rate.allowance(kStart + 99ms).all == 0);
    CHECK(rate.allowance(kStart + 100ms).all == 1);
    CHECK_FALSE(rate.full_until(kStart + 100ms).has_value());
}

TEST_CASE("rate: when every way is taken by texts that hang, the ways kept for urgent ones are free") {
    NumberRate rate(1'000);
    for (auto at = kStart; rate.allowance(at).others > 0; at += 1ms) rate.began(MessageKind::reply, at);
    const auto later = kStart + 1h;
    CHECK(rate.allowance(later).others == 0);
    CHECK(rate.allowance(later).all == 16);
    for (int i = 0; i < 16; ++i) rate.began(MessageKind::page, later);
    CHECK(rate.allowance(later + 1h).all == 0);
    rate.ended(MessageKind::page);
    CHECK(rate.allowance(later + 1h).all == 1);
    CHECK(rate.allowance(later + 1h).others == 0);
    rate.ended(MessageKind::reply);
    CHECK(rate.allowance(later + 1h).others == 1);
}

TEST_CASE("rate: told to wait, only urgent texts go on") {
    NumberRate rate(10);
    rate.pause(kStart + 5s);
    rate.pause(kStart + 1s);  // the longer one holds
    CHECK(rate.allowance(kStart).all == 2);
    CHECK(rate.allowance(kStart).others == 0);
    CHECK(rate.allowance(kStart + 4'999ms).others == 0);
    CHECK(rate.allowance(kStart + 5s).others == 2);
}

TEST_CASE("rate: each number of each account has its own") {
    Rates rates([](std::string_view account) { return account == "fast" ? 100 : 1; });
    rates.of("fast", "+15550199").began(MessageKind::reply, kStart);
    rates.of("slow", "+15550199").began(MessageKind::reply, kStart);
    const auto allowances = rates.allowances(kStart);
    CHECK(allowances("fast", "+15550199").all == 10);
    CHECK(allowances("slow", "+15550199").all == 0);
    CHECK(allowances("never", "used").all == 1);
    CHECK(rates.full_until(kStart) == kStart + 900ms);
    CHECK_FALSE(rates.full_until(kStart + 1s).has_value());
}
