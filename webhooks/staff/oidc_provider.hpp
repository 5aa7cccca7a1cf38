#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>

#include "webhooks/net/curl_client.hpp"
#include "webhooks/staff/id_token.hpp"
#include "webhooks/staff/oidc_settings.hpp"

namespace webhooks::staff {

/// What is asked of the identity provider itself: where things are (OpenID Connect Discovery 1.0), who it was
/// that signed in, and its keys. What it says of itself is kept for an hour; its keys are read again when a
/// token names one that is not among them, once a minute at most. Only https, or this machine. Net thread
/// only.
class OidcProvider {
public:
    OidcProvider(const OidcSettings& settings, net::CurlClient& curl) : settings_(settings), curl_(curl) {}

    /// One sign-in, as the browser began it.
    struct Attempt {
        std::string state, nonce, verifier, redirect_uri;
    };
    /// Where the browser is sent (RFC 6749, 4.1.1, with PKCE S256); nothing when the provider does not
    /// answer.
    boost::asio::awaitable<std::optional<std::string>> authorization_url(const Attempt& attempt);

    struct Failure {
        bool reached = false;  ///< it answered, and the answer was not good
        std::string why;       ///< for the audit log
    };
    /// What the code stands for: the checked claims of its ID token, as JSON.
    boost::asio::awaitable<boost::system::result<std::string, Failure>> redeem(std::string code,
                                                                               const Attempt& attempt);

private:
    struct Endpoints {
        std::string authorization, token, keys;
        bool secret_in_body = false;
    };
    boost::asio::awaitable<bool> discover();
    boost::asio::awaitable<bool> read_keys();
    boost::asio::awaitable<std::optional<nlohmann::json>> fetch(net::OutgoingRequest request);
    [[nodiscard]] net::OutgoingRequest token_request(std::string code, const Attempt& attempt) const;

    using Clock = std::chrono::steady_clock;
    const OidcSettings& settings_;
    net::CurlClient& curl_;
    std::optional<Endpoints> endpoints_;
    Clock::time_point found_at_{}, keys_at_{};
    KeySet keys_;
};

}  // namespace webhooks::staff
