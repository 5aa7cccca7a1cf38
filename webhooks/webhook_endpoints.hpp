#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "webhooks/gateways/nonce_memory.hpp"
#include "webhooks/http/router.hpp"
#include "webhooks/inbound/intake.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks {

namespace asio = boost::asio;

/// The paths that gateways call: /webhooks/<kind>/<account>/sms, /status, and /probe, which checks a
/// signature just as /sms does and has no other effect (`handrail doctor`). Net thread only.
class WebhookEndpoints {
public:
    struct Parts {
        store::Store& store;
        std::shared_ptr<const inbound::Line> line;
        telemetry::Metrics& metrics;
        std::size_t quarantine_keep = 200;
        std::function<void()> committed;  ///< texts, pages or timers may be due now
        /// A report has come by this account: whether its text reached somebody. Blocks by the recipient and
        /// by filters are no fault of the gateway's.
        std::function<void(std::string_view account, bool delivered)> reported = {};
        /// Awaited before each webhook: takes in what came before it by the fallback.
        std::function<asio::awaitable<void>()> older_first = {};
    };

    explicit WebhookEndpoints(Parts parts) : parts_(std::move(parts)) {}

    /// @param gateway  must outlive the router
    void add(http::Router& router, const gateways::Gateway& gateway);

    /// One that the fallback took while we were down (fallback/handover.hpp), judged as of then.
    /// @return the status it would have been answered with; 404 when no account has its path
    [[nodiscard]] asio::awaitable<int> take_kept(const http::Request& request, bot::TimePoint arrived);

private:
    struct Path {
        const gateways::Gateway& gateway;
        gateways::Endpoint endpoint;
    };

    asio::awaitable<http::Response> receive_now(const gateways::Gateway& gateway, gateways::Endpoint endpoint,
                                                const http::Request& request);
    asio::awaitable<http::Response> receive(const gateways::Gateway& gateway, gateways::Endpoint endpoint,
                                            const http::Request& request, bot::TimePoint arrived);
    asio::awaitable<http::Response> unreadable(const gateways::Gateway& gateway, gateways::Endpoint endpoint,
                                               const http::Request& request, const gateways::Refused& refused,
                                               bot::TimePoint arrived);
    asio::awaitable<http::Response> store(const gateways::Gateway& gateway, gateways::Events events);
    asio::awaitable<http::Response> refuse(const gateways::Gateway& gateway, const http::Request& request,
                                           gateways::Refused refused, bool keep, bot::TimePoint arrived);
    void count(const gateways::Gateway& gateway, const inbound::Received& received);
    bool may_quarantine();

    Parts parts_;
    gateways::NonceMemory nonces_;
    std::map<std::string, Path, std::less<>> paths_;
    std::chrono::steady_clock::time_point quarantine_window_{};
    int quarantined_in_window_ = 0;
};

}  // namespace webhooks
