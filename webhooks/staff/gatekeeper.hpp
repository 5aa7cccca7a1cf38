#pragma once
#include <boost/system/result.hpp>

#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// A browser session ends after so long without a request, and after so long in any case.
inline constexpr std::chrono::hours kIdleLimit{2};
inline constexpr std::chrono::hours kSessionLimit{14};
inline constexpr std::string_view kCookie = "handrail_session";

/// Finds out who asks: an API token (configured, or made by an administrator) or a browser's session. Net
/// thread only.
class Gatekeeper {
public:
    explicit Gatekeeper(const Parts& parts);

    /// @return the caller, or the refusal: 401, 503
    [[nodiscard]] asio::awaitable<boost::system::result<Caller, http::Response>> authorize(
        const http::Request& request) const;
    /// For limits and the audit log.
    [[nodiscard]] std::string address_of(const http::Request& request) const;

    /// A POST that another site may have had the browser send: refused whoever it seems to be from.
    [[nodiscard]] static bool is_from_elsewhere(const http::Request& request);
    /// A session's POST carries a header that a form of another site cannot.
    [[nodiscard]] static bool has_own_header(const http::Request& request);

private:
    using Result = boost::system::result<Caller, http::Response>;
    asio::awaitable<Result> by_token(std::string_view token, std::string address) const;
    asio::awaitable<Result> by_session(std::string cookie, std::string address) const;
    [[nodiscard]] const ApiToken* configured(const std::string& hash) const;

    const Parts& parts_;
    std::vector<http::Network> proxies_;
};

/// The cookie of that name, as the browser sent it.
[[nodiscard]] std::optional<std::string_view> cookie_of(const http::Request& request, std::string_view name);

}  // namespace webhooks::staff
