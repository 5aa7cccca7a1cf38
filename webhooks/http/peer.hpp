#pragma once
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/message.hpp"

namespace webhooks::http {

/// An address with the length of its network's prefix: "10.0.0.0/8", "::1".
struct Network {
    boost::asio::ip::address address;
    unsigned short prefix = 0;

    [[nodiscard]] bool holds(const boost::asio::ip::address& other) const;
};
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

/// One household or one attacker: an IPv4 address, or the /64 of an IPv6 one.
[[nodiscard]] boost::asio::ip::address network_of(const boost::asio::ip::address& address);

/// Who asks, for limits only: the peer of the connection or, when that is one of our proxies, the last
/// address of X-Forwarded-For that is not. What stands before it anybody can write. An entry that is no
/// address is not believed: then it is the proxy's.
[[nodiscard]] boost::asio::ip::address client_of(const Request& request, const std::vector<Network>& proxies);

}  // namespace webhooks::http
