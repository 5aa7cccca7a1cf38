#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "webhooks/net/alarm.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::oncall {

namespace asio = boost::asio;

/// Looks every few seconds whether paging does what it promises: each open case has a next step that is not
/// overdue, each page comes to an end, somebody is on call. Only then it tells the heartbeat URL, so that its
/// own silence is an alarm too (reliability.md, design rule 4). What is wrong is logged, shown in the metrics
/// and told to everybody on call and the hooks (`oncall.trouble`), once until it is well again. Net thread
/// only.
class Auditor {
public:
    struct Parts {
        store::Store& store;
        net::CurlClient& curl;
        const Roster& roster;
        telemetry::Metrics& metrics;
        std::function<void()> committed;
        std::function<std::string()> more_trouble;  ///< what else was found, in words; empty: nothing
    };
    Auditor(asio::any_io_executor executor, Parts parts)
        : executor_(executor), parts_(std::move(parts)), alarm_(executor) {}

    void start();
    void stop();

private:
    asio::awaitable<void> run();
    asio::awaitable<std::string> look();
    asio::awaitable<void> tell(std::string what);
    asio::awaitable<void> beat();

    asio::any_io_executor executor_;
    Parts parts_;
    net::Alarm alarm_;
    std::string trouble_;  ///< of the last look; empty: all was well
    bool told_ = false;
    bool stopping_ = false;
};

/// What is wrong with paging at `now`, in words for staff; empty: nothing.
[[nodiscard]] std::string paging_trouble(store::StoreTx& tx, const Roster& roster, bot::TimePoint now);

}  // namespace webhooks::oncall
