#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// What the load looks like. Numbers are +1 555 01xx style: area codes 200-999, 55501, two digits.
struct Traffic {
    std::size_t messages = 100'000;
    std::size_t contacts = 10'000;
    std::uint64_t seed = 1;
    double repeated = 0.01;  ///< share that the gateway delivers a second time
    std::string path = "/webhooks/twilio/main/sms";
    std::string public_base = "https://sms.example.org";
    std::string token;
    std::string account_sid;
    std::string to = "+12005550199";
};

/// One signed webhook, ready for the wire.
struct Inbound {
    std::string request;
    std::uint32_t contact = 0;
};

[[nodiscard]] std::string number_of(std::size_t contact);
/// Index of such a number; `npos` for any other.
[[nodiscard]] std::size_t contact_of(const std::string& number);

/// Every contact writes in turn, in an order shuffled anew each round, so that a contact's texts lie apart as
/// in life. Words: mostly short answers inside a flow, needs in own words, some crisis, some STOP and START.
[[nodiscard]] std::vector<Inbound> make_traffic(const Traffic& traffic);

}  // namespace bench
