#pragma once
#include "webhooks/staff/challenges.hpp"
#include "webhooks/staff/doorkeeper.hpp"
#include "webhooks/staff/oidc_provider.hpp"

namespace webhooks::staff {

/// Signing in by an identity provider: the way there and back (authorization code flow with PKCE). A browser
/// is told what went wrong by the page. Net thread only.
class OidcApi {
public:
    OidcApi(const Parts& parts, Doorkeeper& door);

    void add(Routes& routes);

private:
    asio::awaitable<http::Response> begin(const Call& call);
    asio::awaitable<http::Response> come_back(const Call& call);

    [[nodiscard]] OidcProvider::Attempt attempt_of(const std::string& secret, std::string state) const;
    [[nodiscard]] http::Response to_page(std::string_view fragment) const;
    [[nodiscard]] std::string cookie(const std::string& value, std::chrono::seconds lasts) const;
    asio::awaitable<http::Response> turn_away(const Call& call, std::string_view code, std::string who,
                                              std::string why);
    asio::awaitable<http::Response> let_in(const Call& call, std::string claims);

    const Parts& parts_;
    Doorkeeper& door_;
    Challenges challenges_;
    std::optional<OidcProvider> provider_;
};

/// Logins are compared without regard to case, as e-mail addresses are in practice.
[[nodiscard]] std::string lower_login(std::string login);

}  // namespace webhooks::staff
