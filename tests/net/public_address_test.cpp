#include "webhooks/net/public_address.hpp"

#include <doctest.h>

#include <string>

TEST_CASE("public address: nothing of one's own network is one, however it is written") {
    struct Row {
        const char* why;
        const char* address;
        bool is_public;
    };
    static constexpr Row kRows[]{
        {"a public server", "93.184.216.34", true},
        {"the last before 10/8", "9.255.255.255", true},
        {"the first of 10/8", "10.0.0.0", false},
        {"the last of 10/8", "10.255.255.255", false},
        {"the first after 10/8", "11.0.0.0", true},
        {"loopback", "127.0.0.1", false},
        {"loopback is a whole network", "127.255.1.2", false},
        {"this machine, says Linux", "0.0.0.0", false},
        {"where clouds keep their metadata", "169.254.169.254", false},
        {"the first of 172.16/12", "172.16.0.1", false},
        {"the last of 172.16/12", "172.31.255.255", false},
        {"after 172.16/12", "172.32.0.1", true},
        {"a home", "192.168.1.1", false},
        {"behind a carrier", "100.64.0.1", false},
        {"after the carrier's", "100.128.0.1", true},
        {"multicast", "224.0.0.1", false},
        {"broadcast", "255.255.255.255", false},
        {"documentation", "203.0.113.7", false},
        {"loopback", "::1", false},
        {"nothing", "::", false},
        {"a public server", "2606:2800:220:1:248:1893:25c8:1946", true},
        {"unique local", "fd12:3456::1", false},
        {"link-local", "fe80::1", false},
        {"multicast", "ff02::1", false},
        {"documentation", "2001:db8::1", false},
        {"newer documentation", "3fff:1::1", false},
        {"Teredo", "2001::7f00:1", false},
        {"6to4 of 127.0.0.1", "2002:7f00:1::", false},
        {"IPv4 in IPv6, private", "::ffff:192.168.0.1", false},
        {"IPv4 in IPv6, public", "::ffff:93.184.216.34", true},
        {"by NAT64, private", "64:ff9b::a00:1", false},
        {"by NAT64, public", "64:ff9b::5db8:d822", true},
        {"by a NAT64 of one's own", "64:ff9b:1::5db8:d822", false},
    };
    for (const Row& row : kRows) {
        CAPTURE(std::string(row.why));
        CAPTURE(std::string(row.address));
        CHECK(webhooks::net::is_public(boost::asio::ip::make_address(row.address)) == row.is_public);
    }
}
