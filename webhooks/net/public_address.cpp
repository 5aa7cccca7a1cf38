#include "webhooks/net/public_address.hpp"

#include <algorithm>
#include <cstdint>

namespace webhooks::net {

namespace ip = boost::asio::ip;

namespace {

struct Network {
    std::uint32_t address;
    int bits;
};

constexpr std::uint32_t quad(std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0, std::uint32_t d = 0) {
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr Network kSpecial[]{
    {quad(0), 8},             // this network
    {quad(10), 8},            // private
    {quad(100, 64), 10},      // behind a carrier's NAT
    {quad(127), 8},           // loopback
    {quad(169, 254), 16},     // link-local, and where clouds keep their metadata
    {quad(172, 16), 12},      // private
    {quad(192, 0, 0), 24},    // protocol assignments
    {quad(192, 0, 2), 24},    // documentation
    {quad(192, 88, 99), 24},  // 6to4 relays
    {quad(192, 168), 16},     // private
    {quad(198, 18), 15},      // benchmarks
    {quad(198, 51, 100), 24},
    {quad(203, 0, 113), 24},
    {quad(224), 4},  // multicast
    {quad(240), 4},  // reserved, and broadcast
};

bool is_public_v4(std::uint32_t address) noexcept {
    return std::none_of(std::begin(kSpecial), std::end(kSpecial), [address](const Network& network) {
        return (address ^ network.address) >> (32 - network.bits) == 0;
    });
}

std::uint32_t word(const ip::address_v6::bytes_type& bytes, std::size_t at) noexcept {
    return quad(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool is_public_v6(const ip::address_v6::bytes_type& bytes) noexcept {
    const std::uint32_t first = word(bytes, 0);
    const bool low_is_v4 = word(bytes, 4) == 0 && word(bytes, 8) == 0;
    if (first == quad(0, 0x64, 0xff, 0x9b) && low_is_v4)
        return is_public_v4(word(bytes, 12));  // 64:ff9b::/96
    if (first == 0 && word(bytes, 4) == 0 && word(bytes, 8) == 0xffff) return is_public_v4(word(bytes, 12));
    if (first >> 29 != 1) return false;                 // only 2000::/3 is global unicast
    if (first >> 16 == 0x2002) return false;            // 6to4
    if (first >> 9 == 0x2001'0000U >> 9) return false;  // 2001::/23: Teredo, benchmarks, ORCHID
    if (first == 0x2001'0db8U) return false;            // documentation
    return first >> 12 != 0x3fff'0000U >> 12;           // documentation
}

}  // namespace

bool is_public(const ip::address& address) noexcept {
    return address.is_v4() ? is_public_v4(address.to_v4().to_uint())
                           : is_public_v6(address.to_v6().to_bytes());
}

}  // namespace webhooks::net
