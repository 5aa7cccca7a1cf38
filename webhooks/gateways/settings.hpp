#pragma once
#include <string>
#include <vector>

namespace webhooks::gateways {

/// One account at one gateway, as configured. What a member means at each gateway, and what the operator
/// calls it there: the tables in webhooks/config_gateways.cpp. Members of the second group hold secrets: they
/// are never printed.
struct AccountSettings {
    std::string kind;                  ///< "twilio", "generic" ...: registry.cpp
    std::string name;                  ///< unique; the `<name>` of its webhook paths
    std::vector<std::string> numbers;  ///< ours, E.164 or a short code
    bool answers_keywords_itself = false;
    int messages_per_second = 10;  ///< for each number
    std::string account_id;        ///< whose account it is, in the gateway's own words
    std::string profile;           ///< a part of the account: messaging profile, application, SMSC
    std::string api_base;          ///< of the gateway's API, without a trailing slash
    std::string api;               ///< of several APIs that one gateway has
    std::string send_url;          ///< where texts are posted, when that is not below `api_base`
    std::string signature_method;  ///< where a gateway knows several
    std::string webhook_user;      ///< of the Basic authentication of webhooks
    /// Origins ("https://api.twilio.com") that pictures may be fetched from; none: pictures stay references.
    std::vector<std::string> pictures_from;

    std::string api_user;        ///< of our requests
    std::string token;           ///< proves our requests; webhooks too, where `secret` is not used
    std::string token_previous;  ///< still accepted while a token is rotated; may be empty
    std::string secret;          ///< proves webhooks
    std::string secret_previous;
};

}  // namespace webhooks::gateways
