#pragma once
#include <boost/asio/ip/address.hpp>

namespace webhooks::net {

/// Whether an address is one of the public internet (IANA's special-purpose registries, RFC 6890): not of
/// this machine, its networks or those next to it, nor one that hides such an address in it (IPv4-mapped,
/// NAT64, 6to4, Teredo). What a stranger may make us connect to (SSRF).
[[nodiscard]] bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace webhooks::net
