#include "webhooks/http/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "webhooks/net/as_result.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::http {

namespace {

void log_failure(const std::exception_ptr& failure) {
    telemetry::log(telemetry::Level::error, "connection_failed",
                   {{"exception", telemetry::Safe(telemetry::type_of(failure))}});
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor) : executor_(executor), idle_(executor) {}

void TaskGroup::spawn(asio::awaitable<void> task) {
    const auto signal = signals_.emplace(signals_.end());
    auto ended = [this, signal](const std::exception_ptr& failure) {
        signals_.erase(signal);
        if (signals_.empty()) idle_.cancel();
        if (failure) log_failure(failure);
    };
    asio::co_spawn(executor_, std::move(task),
                   asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
}

void TaskGroup::cancel(asio::cancellation_type type) {
    // A task may end while it is told to.
    for (auto signal = signals_.begin(); signal != signals_.end();) (signal++)->emit(type);
}

asio::awaitable<bool> TaskGroup::wait_idle(std::chrono::milliseconds limit) {
    if (signals_.empty()) co_return true;
    idle_.expires_after(limit);
    co_await idle_.async_wait(net::as_result);
    co_return signals_.empty();
}

}  // namespace webhooks::http
