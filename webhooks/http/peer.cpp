#include "webhooks/http/peer.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>

#include "webhooks/http/ascii.hpp"

namespace webhooks::http {

namespace {

namespace ip = boost::asio::ip;

/// An IPv4 address that came over an IPv6 socket is an IPv4 address.
ip::address plain(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<ip::address> parse_address(std::string_view text) {
    boost::system::error_code failed;
    const ip::address address = ip::make_address(std::string(text), failed);
    return failed ? std::nullopt : std::optional(plain(address));
}

/// Some proxies add the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::optional<ip::address> parse_forwarded(std::string_view entry) {
    entry = trimmed(entry);
    if (entry.starts_with('[')) return parse_address(entry.substr(1, entry.find(']') - 1));
    if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
    return parse_address(entry);
}

bool is_proxy(const ip::address& address, const std::vector<Network>& proxies) {
    return std::ranges::any_of(proxies, [&](const Network& each) { return each.holds(address); });
}

}  // namespace

bool Network::holds(const ip::address& other) const {
    const ip::address asked = plain(other);
    if (address.is_v4() != asked.is_v4()) return false;
    if (address.is_v4())
        return ip::make_network_v4(address.to_v4(), prefix).canonical() ==
               ip::make_network_v4(asked.to_v4(), prefix).canonical();
    return ip::make_network_v6(address.to_v6(), prefix).canonical() ==
           ip::make_network_v6(asked.to_v6(), prefix).canonical();
}

std::optional<Network> parse_network(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned short longest = address->is_v4() ? 32 : 128;
    if (slash == text.size()) return Network{*address, longest};
    unsigned short prefix = 0;
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (failed != std::errc{} || end != digits.data() + digits.size() || prefix > longest)
        return std::nullopt;
    return Network{*address, prefix};
}

ip::address network_of(const ip::address& address) {
    const ip::address asked = plain(address);
    if (asked.is_v4() || asked.is_loopback()) return asked;
    ip::address_v6::bytes_type bytes = asked.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return ip::address_v6(bytes);
}

ip::address client_of(const Request& request, const std::vector<Network>& proxies) {
    ip::address client = parse_address(request.peer).value_or(ip::address());
    if (!is_proxy(client, proxies)) return client;
    for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
        if (!equals_ignoring_case(header->first, "X-Forwarded-For")) continue;
        std::string_view rest = header->second;
        while (!rest.empty()) {
            const std::size_t comma = rest.rfind(',');
            const auto before = parse_forwarded(comma == rest.npos ? rest : rest.substr(comma + 1));
            if (!before) return client;
            client = *before;
            if (!is_proxy(client, proxies)) return client;
            rest = comma == rest.npos ? std::string_view{} : rest.substr(0, comma);
        }
    }
    return client;
}

}  // namespace webhooks::http
