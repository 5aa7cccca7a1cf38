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

constexpr std::chrono::seconds kPutBack{2};
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

/// A time that has passed is late at once: nobody is told first that it is due.
std::size_t fire_tasks(StoreTx& tx, const Line& line, bot::TimePoint now) {
    const std::vector<store::TaskRow> due = tx.tasks().due(now, kAtOnce);
    for (const store::TaskRow& task : due) {
        const bool late = task.late_at && *task.late_at <= now;
        tx.tasks().paged(task.id, late ? std::nullopt : task.late_at, now);
        const auto open = tx.open_escalation_of(task.contact);
        Turns(tx, line, now).event(task.contact, bot::TaskDue{task.kind, late});
        if (open) oncall::tell_holder_of_task(tx, line.roster, *open, task, late, now);
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
        co_await mind_the_clock();
        const bool more = co_await tick();
        if (!more) co_await alarm_.wait(std::chrono::milliseconds{250});
    }
}

/// Put ahead, steps come early, each in its turn; put back, they would wait for all that time again.
asio::awaitable<void> Clockwork::mind_the_clock() {
    const auto steady = std::chrono::steady_clock::now();
    const bot::TimePoint wall = net::now();
    const bool first = steady_ == std::chrono::steady_clock::time_point{};
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - steady_);
    const std::chrono::milliseconds back = first ? std::chrono::milliseconds{0} : wall_ + passed - wall;
    if (back > kPutBack) {
        telemetry::log(telemetry::Level::warning, "clock_put_back", {{"ms", back.count()}});
        store::Store::Job job = [back](StoreTx& tx) -> error_code {
            oncall::clock_put_back(tx, back, net::now());
            return {};
        };
        auto [failed] = co_await store_.async_transact(std::move(job), as_result);
        if (failed) co_return;  // seen again at the next look
    }
    wall_ = wall;
    steady_ = steady;
}

/// Each a unit of its own: whatever breaks the timers, pages still go out.
asio::awaitable<bool> Clockwork::tick() {
    const std::size_t climbed = co_await carry_out(climb_ladders);
    const std::size_t fired = co_await carry_out(fire_timers);
    const std::size_t tasks = co_await carry_out(fire_tasks);
    co_return climbed >= kAtOnce || fired >= kAtOnce || tasks >= kAtOnce;
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
