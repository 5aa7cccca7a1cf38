#include "webhooks/outbox/policy.hpp"

#include <doctest.h>

#include "webhooks/oncall/hook_policy.hpp"

using namespace std::chrono_literals;
using bot::MessageKind;
using namespace webhooks::outbox;
using webhooks::oncall::hook_back_off;

namespace {

constexpr MessageKind kKinds[]{MessageKind::crisis, MessageKind::page,  MessageKind::opt_out_confirm,
                               MessageKind::staff,  MessageKind::reply, MessageKind::check_in};

}  // namespace

TEST_CASE("policy: what happens to a send, by kind") {
    struct Row {
        MessageKind kind;
        std::vector<std::chrono::milliseconds> waits;  // the last repeats
        std::chrono::seconds fresh_for;
        int sends_when_uncertain;  // 0: for ever
    };
    const Row rows[]{
        {MessageKind::crisis, {1s, 3s, 10s, 30s}, 30min, 2},
        {MessageKind::page, {2s, 5s, 20s}, 24h * 365, 0},
        {MessageKind::opt_out_confirm, {5s, 1min, 10min}, 24h, 1},
        {MessageKind::staff, {1s, 5s, 25s, 60s}, 1h, 2},
        {MessageKind::reply, {1s, 5s, 25s, 60s}, 10min, 2},
        {MessageKind::check_in, {30s, 2min, 10min}, 2h, 1},
    };
    for (const Row& row : rows) {
        CAPTURE(bot::to_string(row.kind));
        CHECK(fresh_for(row.kind) == row.fresh_for);
        for (std::uint32_t attempts = 1; attempts < 12; ++attempts) {
            CAPTURE(attempts);
            CHECK(back_off(row.kind, attempts) ==
                  row.waits[std::min<std::size_t>(attempts, row.waits.size()) - 1]);
            const bool again =
                row.sends_when_uncertain == 0 || static_cast<int>(attempts) < row.sends_when_uncertain;
            CHECK(resend_when_uncertain(row.kind, attempts) == again);
        }
    }
}

TEST_CASE("policy: a gateway may make a page or a crisis text wait half a minute, no longer") {
    for (const MessageKind kind : kKinds) {
        CAPTURE(bot::to_string(kind));
        const bool grave = kind == MessageKind::crisis || kind == MessageKind::page;
        CHECK((longest_wait(kind) == 30s) == grave);
        CHECK(longest_wait(kind) >= back_off(kind, 99));
    }
}

TEST_CASE("policy: jitter is a fifth either way") {
    CHECK(with_jitter(10s, 0) == 8s);
    CHECK(with_jitter(10s, 0.5) == 10s);
    CHECK(with_jitter(10s, 1) == 12s);
}

TEST_CASE("policy: outgoing webhooks are tried ten times over three days") {
    const std::chrono::seconds waits[]{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    std::chrono::seconds all{0};
    for (std::uint32_t attempts = 1; attempts <= 9; ++attempts) {
        CAPTURE(attempts);
        CHECK(hook_back_off(attempts, 0.5) == waits[attempts - 1]);
        CHECK(*hook_back_off(attempts, 0) < *hook_back_off(attempts, 1));
        all += waits[attempts - 1];
    }
    CHECK(all > 72h);
    CHECK_FALSE(hook_back_off(10, 0.5).has_value());
}
