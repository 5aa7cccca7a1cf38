#include "webhooks/inbound/clockwork.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/cases.hpp"

namespace webhooks::inbound {

namespace {

using boost::system::error_code;
using store::StoreTx;

using net::as_result;
constexpr std::size_t kAtOnce = 64;  // ladders and timers a transaction: texters wait behind it

}  // namespace

Clockwork::Clockwork(asio::any_io_executor executor, store::Store& store, std::shared_ptr<const Line> line,
                     std::function<void()> committed)
    : executor_(executor),
      store_(store),
      line_(std::move(line)),
      committed_(std::move(committed)),
      alarm_(executor) {}

void Clockwork::start() { asio::co_spawn(executor_, run(), asio::detached); }

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

asio::awaitable<bool> Clockwork::tick() {
    auto done = std::make_shared<std::size_t>(0);
    store::Store::Job job = [done, line = line_](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        *done = 0;
        for (const oncall::Told& told : oncall::climb_due(tx, line->roster, now, kAtOnce)) {
            Turns(tx, *line, now).event(told.contact, told.change);
            ++*done;
        }
        for (const store::TimerRow& timer : tx.due_timers(now, kAtOnce)) {
            tx.remove_timer(timer.id);
            Turns(tx, *line, now).event(timer.contact, bot::TimerFired{timer.name, timer.turn});
            ++*done;
        }
        return {};
    };
    auto [failed] = co_await store_.async_transact(std::move(job), as_result);
    if (failed) co_return false;
    if (*done > 0) committed_();
    co_return *done >= kAtOnce;
}

}  // namespace webhooks::inbound
