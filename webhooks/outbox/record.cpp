#include "webhooks/outbox/record.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "webhooks/net/as_result.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::outbox {

namespace asio = boost::asio;
using net::as_result;

asio::awaitable<void> record(store::Store& store, store::Store::Job job) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (bool complained = false;;) {
        store::Store::Job copy = job;
        auto [failed] = co_await store.async_transact(std::move(copy), as_result);
        if (!failed) co_return;
        if (!std::exchange(complained, true)) {
            telemetry::log(telemetry::Level::error, "outcome_not_recorded",
                           {{"error", telemetry::Safe(failed.message())}});
        }
        pause.expires_after(std::chrono::milliseconds{200});
        co_await pause.async_wait(as_result);
    }
}

}  // namespace webhooks::outbox
