#pragma once
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace webhooks::net {

/// Lets one loop sleep until there is work: until a while has passed, or somebody rings. A ring between two
/// waits is not lost. Net thread only.
class Alarm {
public:
    explicit Alarm(boost::asio::any_io_executor executor) : timer_(std::move(executor)) {}

    void ring() {
        rung_ = true;
        timer_.cancel();
    }

    /// Never longer than a second: wall-clock deadlines are looked at that often, as the wall clock may jump
    /// and a long sleep would not notice (reliability.md F8).
    boost::asio::awaitable<void> wait(std::chrono::milliseconds at_most) {
        namespace asio = boost::asio;
        if (!rung_) {
            timer_.expires_after(
                std::clamp(at_most, std::chrono::milliseconds{0}, std::chrono::milliseconds{1'000}));
            co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        rung_ = false;
    }

private:
    boost::asio::steady_timer timer_;
    bool rung_ = false;
};

}  // namespace webhooks::net
