#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "webhooks/http/peer.hpp"
#include "webhooks/http/router.hpp"
#include "webhooks/inbound/sign_up.hpp"
#include "webhooks/signup/limits.hpp"
#include "webhooks/signup/number.hpp"
#include "webhooks/signup/page.hpp"
#include "webhooks/signup/posted.hpp"
#include "webhooks/signup/proof.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::signup {

namespace asio = boost::asio;

/// The web sign-up: GET /signup, /signup/embed (for an iframe on the sites the operator names), GET
/// /api/v1/signups/challenge and POST /api/v1/signups.
///
/// Nobody can learn from it whether a number is a texter's, or has opted out: whatever the number is to us,
/// the answer has the same words and, as good as, the same time. What it refuses depends on the request and
/// on counters only. Numbers are neither logged nor kept in memory. Net thread only.
class SignUp {
public:
    struct Parts {
        asio::any_io_executor executor;
        store::Store& store;
        std::shared_ptr<const inbound::Line> line;
        telemetry::Metrics& metrics;
        Settings settings;
        std::vector<std::string> trusted_proxies;  ///< checked: addresses or networks
        std::function<void()> committed;           ///< a text may be due now
    };

    explicit SignUp(Parts parts);
    void add(http::Router& router);

private:
    [[nodiscard]] http::Response page(const http::Request& request, bool embedded) const;
    [[nodiscard]] http::Response challenge();
    asio::awaitable<http::Response> post(const http::Request& request);
    /// The checked number in E.164, or why not.
    boost::system::result<std::string, http::Response> admit(const Posted& posted,
                                                             const std::string& address);
    asio::awaitable<bool> ask(std::string number, bot::Language language);
    http::Response refuse(const char* result, http::Response response);

    Parts parts_;
    std::vector<http::Network> proxies_;
    Numbers numbers_;
    ProofOfWork proof_;
    Limits limits_;
    Page page_;
};

}  // namespace webhooks::signup
