#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "bot/time.hpp"
#include "webhooks/gateways/gateway.hpp"

namespace webhooks::gateways {

/// For proofs that cover a nonce but not the body (`Gateway::open_nonce`): whoever has seen one such request
/// could send any other under its signature. The first request that carries a nonce is the only one that may,
/// for an hour: the same once more is the gateway's own repeat after an answer it did not like, and must not
/// be lost; another one is refused. Keeps the latest 20,000, about 5 MB; a restart forgets them. Not
/// thread-safe.
class NonceMemory {
public:
    /// @param arrived  of requests in the order of their coming
    /// @return why it is refused
    [[nodiscard]] std::optional<Refused> check(const Gateway& gateway, const http::Request& request,
                                               bot::TimePoint arrived);

private:
    void forget(bot::TimePoint now);

    struct First {
        bot::TimePoint at;
        std::string key;
    };
    std::map<std::string, std::string, std::less<>> seen_;  ///< account and nonce -> SHA-256 of the request
    std::deque<First> order_;
};

}  // namespace webhooks::gateways
