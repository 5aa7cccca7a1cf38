#pragma once
#include <doctest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/config.hpp"

/// A good configuration, and what is wrong with one made from it.
namespace config_test {

using webhooks::LoadedConfig;

// Whatever is secret, or stands where a secret might by mistake, holds this word: no message may repeat it.
inline constexpr const char* kCanary = "CANARY";

inline const std::map<std::string, std::string> kEnvironment{
    {"TWILIO_AUTH_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"HOOK_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"GENERIC_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"API_TOKEN", "CANARY-api-token-0123456789"},
    {"TWILIO_AUTH_TOKEN_OLD", "CANARYabcdef0123456789abcdef012345"},
    {"MODEM_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"PAGER_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"PAGER_ANSWERS", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"REPORTS_TOKEN", "CANARY-api-token-0123456789"},
    {"MAIL_PASSWORD", "CANARY-mail-password"},
    {"PAGERDUTY_KEY", "CANARY-routing-key-0123456789"},
    {"OIDC_SECRET", "CANARY-client-secret"},
    {"SHORT", "CANARY"},
    {"EMPTY", ""},
    {"SIGNALWIRE_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"SIGNALWIRE_SIGNING_KEY", "CANARY0123456789abcdef0123456789"},
    {"TELNYX_API_KEY", "CANARY0123456789abcdef0123456789"},
    {"VONAGE_API_SECRET", "CANARY0123456789abcdef0123456789"},
    {"VONAGE_SIGNATURE_SECRET", "CANARY0123456789abcdef0123456789"},
    {"PLIVO_AUTH_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"BANDWIDTH_API_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"BANDWIDTH_WEBHOOK_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"SINCH_API_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"SINCH_WEBHOOK_SECRET", "CANARY0123456789abcdef0123456789"},
    {"INFOBIP_API_KEY", "CANARY0123456789abcdef0123456789"},
    {"INFOBIP_WEBHOOK_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"MESSAGEBIRD_ACCESS_KEY", "CANARY0123456789abcdef0123456789"},
    {"MESSAGEBIRD_SIGNING_KEY", "CANARY0123456789abcdef0123456789"},
    {"KANNEL_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"KANNEL_WEBHOOK_KEY", "CANARY0123456789abcdef0123456789"},
};

inline std::optional<std::string> test_environment(const std::string& name) {
    const auto found = kEnvironment.find(name);
    return found == kEnvironment.end() ? std::nullopt : std::optional(found->second);
}

// The line numbers count: rows below expect them.
inline constexpr std::string_view kGood = R"([server]
listen = "127.0.0.1"
port = 8080
public_url = "https://text.example.org/"
drain = "10s"
[server.limits]
body_bytes = 65536
idle_timeout = "60s"
[admin]
port = 8081
[store]
path = "handrail.db"
key_file = "handrail.key"
[line]
organisation = "Riverside Recovery"
short_name = "Riverside"
helpline = "800-555-0142"
url = "riverside.example"
time_zone = "America/Chicago"
usual_answer_minutes = 20
quiet_from = 20
quiet_until = 9
staffed = true
[replies]
gather = "400ms"
[[gateway]]
kind = "twilio"
name = "clinic"
numbers = ["+15550110", "+15550111"]
account_sid = "AC0123456789abcdef0123456789abcdef"
auth_token = "env:TWILIO_AUTH_TOKEN"
who_answers_keywords = "gateway"
[[gateway]]
kind = "generic"
name = "modem"
numbers = ["+15550112"]
secret = "env:GENERIC_SECRET"
send_url = "http://127.0.0.1:9000/send"
[oncall]
page_from = { gateway = "clinic", number = "+15550111" }
[[oncall.person]]
name = "Maya"
phone = "+15550101"
[[oncall.person]]
name = "Luis"
phone = "+15550102"
[oncall.p0]
repeat_every = "5m"
rungs = [
  { after = "0s", page = ["Maya", "Luis"] },
  { after = "90s", page = ["Luis"], tell_texter = "NOA.2" },
]
[[hook]]
name = "pager"
url = "https://pager.example.org/in"
secret = "env:HOOK_SECRET"
events = ["escalation.opened"]
[[api.token]]
name = "reports"
token = "env:API_TOKEN"
sees_numbers = false
[signup]
countries = ["US", "CA"]
text_from = { gateway = "modem", number = "+15550112" }
frame_ancestors = ["https://www.centre.example"]
proof_bits = 16
per_address_an_hour = 4
[quarantine]
keep = 100
[log]
level = "warning"
)";

inline std::string with(std::string_view from, std::string_view to) {
    std::string text(kGood);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

inline LoadedConfig parse(const std::string& text) {
    return webhooks::parse_config(text, "t.toml", test_environment);
}

inline std::string all_of(const bot::Problems& problems) {
    std::string text;
    for (const bot::Problem& problem : problems) text += bot::to_string(problem) + "\n";
    return text;
}

}  // namespace config_test
