#pragma once
#include <doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "tests/support/files.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/net/digest.hpp"

namespace tests {

using nlohmann::json;
using namespace webhooks::gateways;
using namespace std::chrono_literals;
namespace http = webhooks::http;
namespace net = webhooks::net;

inline constexpr bot::TimePoint kNow = bot::from_millis(1'795'500'001'000);
inline constexpr const char* kToken = "12345678901234567890123456789012";
inline constexpr const char* kAccountSid = "AC0123456789abcdef0123456789abcdef";
inline constexpr const char* kPublicUrl = "https://sms.example.org";
inline constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* kOtherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

inline AccountSettings twilio_settings() {
    AccountSettings settings;
    settings.kind = "twilio";
    settings.name = "main";
    settings.numbers = {"+15550199", "72345"};
    settings.account_id = kAccountSid;
    settings.token = kToken;
    settings.api_base = "https://api.twilio.com";
    return settings;
}

inline AccountSettings generic_settings() {
    AccountSettings settings;
    settings.kind = "generic";
    settings.name = "modem";
    settings.numbers = {"+15550199", "72345"};
    settings.secret = kSecret;
    settings.send_url = "http://127.0.0.1:9/send";
    return settings;
}

/// The one text of a verified webhook, or why there is none.
inline Parsed<InboundMessage> read_inbound(const Gateway& gateway, const http::Request& request) {
    auto events = gateway.read(Endpoint::sms, request);
    if (!events) return events.error();
    if (!events->refused.empty()) return events->refused.front();
    REQUIRE(events->messages.size() == 1);
    return events->messages.front();
}

/// The one report of a verified webhook, or why there is none.
inline Parsed<DeliveryReport> read_status(const Gateway& gateway, const http::Request& request) {
    auto events = gateway.read(Endpoint::status, request);
    if (!events) return events.error();
    REQUIRE(events->reports.size() == 1);
    return events->reports.front();
}

/// The scheme and authority of a URL: what an operator configures as the public URL.
inline std::string base_of(const std::string& url) {
    return url.substr(0, url.find('/', url.find("://") + 3));
}

/// A vector's request as our server sees it: the target is what follows the authority.
inline http::Request request_of(const json& vector) {
    http::Request request;
    const auto url = vector.at("url").get<std::string>();
    request.method = vector.at("method");
    request.target = url.substr(base_of(url).size());
    for (const auto& [name, value] : vector.at("headers").items()) request.headers.emplace_back(name, value);
    request.body = vector.at("body");
    return request;
}

/// In words, for tables: "again 20429 after 7".
inline std::string describe(const SendOutcome& outcome) {
    struct {
        std::string operator()(const Sent& sent) const { return "sent " + sent.external_id; }
        std::string operator()(const TryAgain& again) const {
            return (again.account ? "account " : "again ") + again.code +
                   (again.after ? " after " + std::to_string(again.after->count()) : "");
        }
        std::string operator()(const Rejected& rejected) const { return "rejected " + rejected.code; }
        std::string operator()(const RecipientOptedOut& out) const { return "opted out " + out.code; }
        std::string operator()(const Unclear& unclear) const { return "unclear " + unclear.code; }
    } words;
    return std::visit(words, outcome);
}

/// Changes one place of a text: a bit, a byte more, a byte less, or two swapped. Never gives back the same
/// text.
inline std::string mutated(const std::string& text, std::mt19937& random) {
    std::string changed = text;
    while (changed == text) {
        const std::size_t at = text.empty() ? 0 : random() % text.size();
        const auto byte = static_cast<char>(random() % 256);
        switch (random() % 4) {
            case 0:
                if (!changed.empty()) changed[at] = static_cast<char>(changed[at] ^ (1 << (random() % 8)));
                break;
            case 1:
                changed.insert(at, 1, byte);
                break;
            case 2:
                if (!changed.empty()) changed.erase(at, 1);
                break;
            default:
                if (changed.size() > 1) std::swap(changed[at], changed[random() % changed.size()]);
        }
    }
    return changed;
}

}  // namespace tests
