#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/twilio_calls.hpp"
#include "webhooks/http/router.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks {

namespace asio = boost::asio;

/// How people on call answer beside texts: keys pressed in a call, and the one-time link of a page. Net
/// thread only.
class OncallEndpoints {
public:
    struct Parts {
        store::Store& store;
        std::shared_ptr<const inbound::Line> line;
        telemetry::Metrics& metrics;
        std::function<void()> committed;  ///< called after each commit: texts may be due
    };
    explicit OncallEndpoints(Parts parts) : parts_(std::move(parts)) {}

    /// The webhooks of calls placed by this account. The gateway must live as long as the router.
    void add_voice(http::Router& router, const gateways::Gateway& gateway);
    /// The links in pages: looking at one shows what it would do, so that previews take nothing; only its
    /// button takes the case.
    void add_links(http::Router& router);

private:
    asio::awaitable<http::Response> voice(const gateways::Gateway& gateway, const http::Request& request);
    asio::awaitable<http::Response> voice_status(const gateways::Gateway& gateway,
                                                 const http::Request& request);
    asio::awaitable<http::Response> link(const http::Request& request, bool pressed);
    void count(const std::optional<oncall::Acknowledged>& acknowledged);

    Parts parts_;
};

}  // namespace webhooks
