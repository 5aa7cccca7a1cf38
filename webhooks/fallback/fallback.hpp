#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

#include "webhooks/fallback/settings.hpp"
#include "webhooks/fallback/spool.hpp"
#include "webhooks/gateways/gateway.hpp"
#include "webhooks/http/server.hpp"

namespace webhooks::fallback {

namespace asio = boost::asio;

/// A process of its own that stands in for a server that is down (`handrail fallback`): it keeps the webhooks
/// that a gateway signed and says to the gateway that they were taken; the server reads them when it is up
/// again (handover.hpp). It knows no texter, no flow and no store, and answers nobody.
class Fallback {
public:
    struct Parts {
        Settings settings;
        http::Limits limits;  ///< the server's: what it would refuse is not kept
        std::vector<std::unique_ptr<gateways::Gateway>> gateways;
        std::shared_ptr<const store::Vault> vault;
    };

    /// Binds, listens and takes the folder. @throws std::runtime_error when it cannot
    explicit Fallback(Parts parts);

    /// Until SIGTERM or SIGINT; what is under way is finished.
    void run();

private:
    [[nodiscard]] asio::awaitable<http::Response> take(const gateways::Gateway& gateway,
                                                       gateways::Endpoint endpoint,
                                                       const http::Request& request);
    asio::awaitable<void> stop_on_signal();

    Parts parts_;
    SpoolWriter spool_;
    asio::io_context io_{1};
    http::Router router_;
    http::Server server_;
};

}  // namespace webhooks::fallback
