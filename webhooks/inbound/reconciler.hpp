#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/inbound/intake.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::inbound {

namespace asio = boost::asio;

/// Asks gateways for their own list of the texts they have for us, and takes in those that never reached us:
/// gateways give up on a webhook sooner or later, and then nobody would know. Once at start, then every few
/// minutes; the last hour each time. A text that came by webhook is known by its id and changes nothing. Net
/// thread only.
class Reconciler {
public:
    /// One of our numbers at an account.
    struct Number {
        const gateways::Gateway* gateway;  ///< outlives this
        std::string number;
    };
    struct Parts {
        store::Store& store;
        net::CurlClient& curl;
        std::shared_ptr<const Line> line;
        telemetry::Metrics& metrics;
        std::vector<Number> numbers;
        std::function<void()> committed;  ///< texts, pages or timers may be due now
    };

    Reconciler(asio::any_io_executor executor, Parts parts)
        : executor_(std::move(executor)), parts_(std::move(parts)) {}

    /// @param every  how long it rests between two rounds; 0: never asks
    void start(std::chrono::seconds every);
    void stop() noexcept { stopping_ = true; }

private:
    asio::awaitable<void> run(std::chrono::seconds every);
    asio::awaitable<void> look(const Number& number);
    asio::awaitable<std::vector<gateways::InboundMessage>> listed(const Number& number, bot::TimePoint now);
    [[nodiscard]] store::Store::Job take_in(const Number& number,
                                            std::vector<gateways::InboundMessage> messages,
                                            std::shared_ptr<int> taken) const;

    asio::any_io_executor executor_;
    Parts parts_;
    bool stopping_ = false;
};

}  // namespace webhooks::inbound
