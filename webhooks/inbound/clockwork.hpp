#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>

#include "webhooks/inbound/line.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::inbound {

namespace asio = boost::asio;

/// Everything that happens because time has passed: waits of conversations, rungs of ladders. All of it is
/// rows with a due time, so a restart or a clock jump loses nothing; looked at every second at least. When
/// the wall clock is put back under a running server, ladders keep the time they had to go. Net thread only.
class Clockwork {
public:
    /// @param committed  called after each commit that did something: pages and texts may be due
    Clockwork(asio::any_io_executor executor, store::Store& store, std::shared_ptr<const Line> line,
              std::function<void()> committed);

    void start();
    /// A timer or a ladder was written: it may be due before the next look.
    void wake() { alarm_.ring(); }
    void stop();

private:
    asio::awaitable<void> run();
    asio::awaitable<bool> tick();
    asio::awaitable<void> mind_the_clock();
    /// One unit of work. @return how much was due
    using Work = std::size_t (*)(store::StoreTx&, const Line&, bot::TimePoint);
    asio::awaitable<std::size_t> carry_out(Work work);

    asio::any_io_executor executor_;
    store::Store& store_;
    std::shared_ptr<const Line> line_;
    std::function<void()> committed_;
    net::Alarm alarm_;
    bool stopping_ = false;
    bot::TimePoint wall_{};                           ///< at the last look ...
    std::chrono::steady_clock::time_point steady_{};  ///< ... on both clocks
    std::set<Work> failing_;                          ///< logged once, until it goes well again
};

}  // namespace webhooks::inbound
