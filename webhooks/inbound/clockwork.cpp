#include "webhooks/inbound/clockwork.hpp"

#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::inbound {

namespace {

using boost::system::error_code;
using net::as_result;
using store::StoreTx;

constexpr std::size_t kAtOnce = 64;  // ladders or timers a transaction: texters wait behind it

std::size_t climb_ladders(StoreTx& tx, const Line& line, bot::TimePoint now) {
    const oncall::Climbed climbed = oncall::climb_due(tx, line.roster, now, kAtOnce);
    for (const oncall::Told& told : climbed.told) Turns(tx, line, now).event(told.contact, told.change);
    return climbed.ladders;
}

std::size_t fire_timers(StoreTx& tx, const Line& line, bot::TimePoint now) {
    const std::vector<store::TimerRow> due = tx.due_timers(now, kAtOnce);
    for (const store::TimerRow& timer : due) {
        tx.remove_timer(timer.id);
        Turns(tx, line, now).event(timer.contact, bot::TimerFired{timer.name, timer.turn});
    }
    return due.size();
}

}  // namespace

Clockwork::Clockwork(asio::any_io_executor executor, store::Store& store, std::shared_ptr<const Line> line,
                     std::function<void()> committed)
    : executor_(executor),
      store_(store),
      line_(std::move(line)),
      committed_(std::move(committed)),
      alarm_(executor) {}

void Clockwork::start() { net::spawn(executor_, run()); }

void Clockwork::stop() {
    stopping_ = true;
    alarm_.ring();
}

asio::awaitable<void> Clockwork::run() {
    while (!stopping_) {
        const bool more = co_await tick();
        if (!more) co_await alarm_.wait(std::chrono::milliseconds{250});
    }
}

/// Two units: whatever breaks the timers, pages still go out.
asio::awaitable<bool> Clockwork::tick() {
    const std::size_t climbed = co_await carry_out(climb_ladders);
    const std::size_t fired = co_await carry_out(fire_timers);
    co_return climbed >= kAtOnce || fired >= kAtOnce;
}

asio::awaitable<std::size_t> Clockwork::carry_out(Work work) {
    auto done = std::make_shared<std::size_t>(0);
    store::Store::Job job = [done, work, line = line_](StoreTx& tx) -> error_code {
        *done = work(tx, *line, net::now());
        return {};
    };
    auto [failed] = co_await store_.async_transact(std::move(job), as_result);
    if (failed) {
        if (failing_.insert(work).second) {
            telemetry::log(telemetry::Level::error, "clockwork_failed",
                           {{"error", telemetry::Safe(failed.message())}});
        }
        co_return 0;
    }
    failing_.erase(work);
    if (*done > 0) committed_();
    co_return *done;
}

}  // namespace webhooks::inbound
