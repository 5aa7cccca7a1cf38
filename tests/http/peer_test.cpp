#include "webhooks/http/peer.hpp"

#include <doctest.h>

using namespace webhooks::http;

namespace {

std::vector<Network> proxies() {
    return {*parse_network("127.0.0.1"), *parse_network("10.0.0.0/8"), *parse_network("2001:db8:1::/48")};
}

}  // namespace

TEST_CASE("peer: who asks, through proxies we trust and those we do not") {
    struct Row {
        const char* why;
        const char* peer;
        std::vector<std::string> forwarded;
        const char* want;
    };
    const Row rows[]{
        {"no proxy", "192.0.2.7", {}, "192.0.2.7"},
        {"who is no proxy is not believed", "192.0.2.7", {"198.51.100.1"}, "192.0.2.7"},
        {"a proxy says who", "127.0.0.1", {"198.51.100.1"}, "198.51.100.1"},
        {"what stands before the last stranger anybody can write",
         "127.0.0.1",
         {"203.0.113.9, 198.51.100.1"},
         "198.51.100.1"},
        {"two proxies in a row", "127.0.0.1", {"203.0.113.9, 198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
        {"headers in order are one list", "127.0.0.1", {"203.0.113.9", "198.51.100.1"}, "198.51.100.1"},
        {"a proxy that says nothing is itself", "127.0.0.1", {}, "127.0.0.1"},
        {"rubbish is not believed", "127.0.0.1", {"198.51.100.1, unknown"}, "127.0.0.1"},
        {"an empty entry neither", "127.0.0.1", {"198.51.100.1,"}, "127.0.0.1"},
        {"with a port", "127.0.0.1", {"198.51.100.1:4711"}, "198.51.100.1"},
        {"IPv6 with a port", "127.0.0.1", {"[2001:db8::5]:4711"}, "2001:db8::5"},
        {"IPv6", "2001:db8:1::9", {"2001:db8:2::5"}, "2001:db8:2::5"},
        {"IPv4 over an IPv6 socket", "::ffff:127.0.0.1", {"198.51.100.1"}, "198.51.100.1"},
        {"proxies only", "127.0.0.1", {"10.1.2.3"}, "10.1.2.3"},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        Request request;
        request.peer = row.peer;
        for (const std::string& value : row.forwarded) request.headers.emplace_back("x-forwarded-for", value);
        CHECK(client_of(request, proxies()).to_string() == row.want);
    }
}

TEST_CASE("peer: networks as they are written") {
    for (const char* good : {"192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "::1", "2001:db8::/32"})
        CHECK(parse_network(good).has_value());
    for (const char* bad :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "::1/129", "proxy", "/8"})
        CHECK_FALSE(parse_network(bad).has_value());
}

TEST_CASE("peer: an IPv6 household is its /64; loopback stays itself") {
    using boost::asio::ip::make_address;
    CHECK(network_of(make_address("2001:db8:1:2:3:4:5:6")) == make_address("2001:db8:1:2::"));
    CHECK(network_of(make_address("192.0.2.7")) == make_address("192.0.2.7"));
    CHECK(network_of(make_address("::ffff:192.0.2.7")) == make_address("192.0.2.7"));
    CHECK(network_of(make_address("::1")).is_loopback());
}
