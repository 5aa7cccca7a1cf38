#pragma once
#include "tests/gateways/fixture.hpp"

namespace tests {

/// An account of each kind as the vectors know it: their numbers, ids and secrets.
inline AccountSettings settings_of(const std::string& kind) {
    AccountSettings all;
    all.kind = kind;
    all.name = "main";
    all.numbers = {"+15105550100", "1008", "+15550001111"};
    all.account_id = "AC1";
    all.token = "0123456789abcdef";
    all.secret = "fedcba9876543210";
    all.api_user = "user";
    all.webhook_user = "bwcallback";
    all.api_base = "https://api.example.org";
    all.send_url = "http://127.0.0.1:13013/cgi-bin/sendsms";
    if (kind == "twilio") all.secret.clear();
    if (kind == "generic") all.secret = kSecret;
    if (kind == "signalwire") all.account_id = "p1";
    if (kind == "telnyx") all.secret = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    if (kind == "vonage") {
        all.account_id = "a1b2c3d";
        all.api = "messages";
        all.signature_method = "sha256";
    }
    return all;
}

inline constexpr const char* kKinds[]{"bandwidth", "generic",    "infobip", "kannel", "messagebird", "plivo",
                                      "sinch",     "signalwire", "telnyx",  "twilio", "vonage"};

}  // namespace tests
