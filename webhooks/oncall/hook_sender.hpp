#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <map>
#include <string>

#include "webhooks/net/alarm.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::oncall {

namespace asio = boost::asio;

/// Sends the webhooks owed to other systems, signed after the Standard Webhooks specification, and tries
/// again with back-off for about three days (standardwebhooks.com, "Deliverability and reliability"). The
/// webhook-id stays the same over retries. Net thread only.
class HookSender {
public:
    HookSender(asio::any_io_executor executor, store::Store& store, net::CurlClient& curl,
               const Roster& roster, telemetry::Metrics& metrics);

    void start();
    void wake() { alarm_.ring(); }
    void stop();

private:
    asio::awaitable<void> run();
    asio::awaitable<std::size_t> claim_and_send();
    asio::awaitable<void> send(store::ClaimedHook hook);
    net::OutgoingRequest request_for(const Endpoint& endpoint, const store::ClaimedHook& hook) const;

    asio::any_io_executor executor_;
    store::Store& store_;
    net::CurlClient& curl_;
    std::map<std::string, Endpoint, std::less<>> endpoints_;
    telemetry::Metrics& metrics_;
    net::Alarm alarm_;
    std::size_t sending_ = 0;
    bool stopping_ = false;
};

}  // namespace webhooks::oncall
