#pragma once
#include <string>
#include <vector>

namespace webhooks::gateways {

/// One account at one gateway, as configured. Members named `secret` or `token` hold secrets: they are never
/// printed.
struct AccountSettings {
    std::string kind;                  ///< "twilio" or "generic"
    std::string name;                  ///< unique; the `<name>` of its webhook paths
    std::vector<std::string> numbers;  ///< ours, E.164 or a short code
    bool answers_keywords_itself = false;
    int messages_per_second = 10;  ///< for each number
    std::string account_sid;       ///< twilio only
    std::string auth_token;
    std::string auth_token_previous;  ///< still accepted while a token is rotated; may be empty
    std::string api_base = "https://api.twilio.com";  ///< twilio only
    std::string secret;                               ///< generic only: "whsec_..." (Standard Webhooks)
    std::string secret_previous;
    std::string send_url;  ///< generic only: where outgoing texts are posted
};

}  // namespace webhooks::gateways
