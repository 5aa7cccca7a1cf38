#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <list>

namespace webhooks::http {

namespace asio = boost::asio;

/// Owns the coroutines of a server, so that it can tell them to stop and knows when the last one has. One
/// executor, one thread. A task that throws ends alone and is logged by the type of its exception.
class TaskGroup {
public:
    explicit TaskGroup(asio::any_io_executor executor);

    void spawn(asio::awaitable<void> task);
    /// Reaches whatever each task awaits now.
    void cancel(asio::cancellation_type type);
    /// True when no task is left, false when some are after `limit`.
    [[nodiscard]] asio::awaitable<bool> wait_idle(std::chrono::milliseconds limit);
    [[nodiscard]] std::size_t size() const noexcept { return signals_.size(); }

private:
    asio::any_io_executor executor_;
    asio::steady_timer idle_;
    std::list<asio::cancellation_signal> signals_;
};

}  // namespace webhooks::http
