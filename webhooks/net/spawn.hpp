#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace webhooks::net {

/// Starts a coroutine that nobody waits for. One that throws ends the run of its io_context with that
/// exception: a loop that ended in silence would leave texts and pages unsent for ever, while a restart takes
/// everything up again from the rows.
inline void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> task) {
    auto ended = [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    };
    boost::asio::co_spawn(executor, std::move(task), std::move(ended));
}

}  // namespace webhooks::net
