#include "webhooks/gateways/standard_webhooks.hpp"

#include <stdexcept>

#include "webhooks/gateways/credentials.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr int kMostSignatures = 16;

std::string key_of(std::string_view secret) {
    std::string key =
        secret.starts_with(kPrefix) ? net::decode_base64(secret.substr(kPrefix.size())) : std::string{};
    if (key.empty()) throw std::invalid_argument("a webhook secret is not \"whsec_\" and base64");
    return key;
}

std::string signature(const std::string& key, std::string_view id, std::string_view timestamp,
                      std::string_view body) {
    std::string text;
    text.reserve(id.size() + timestamp.size() + body.size() + 2);
    text.append(id).append(1, '.').append(timestamp).append(1, '.').append(body);
    return "v1," + net::hmac_sha256_base64(key, text);
}

/// Every given signature is compared, so that the time says nothing about which one fitted.
bool holds(std::string_view given, const std::string& expected) {
    bool found = false;
    for (int i = 0; i < kMostSignatures && !given.empty(); ++i) {
        const std::size_t end = std::min(given.find(' '), given.size());
        found |= net::same_secret(given.substr(0, end), expected);
        given.remove_prefix(std::min(end + 1, given.size()));
    }
    return found;
}

}  // namespace

StandardWebhooks::StandardWebhooks(std::string_view secret, std::string_view previous) {
    keys_.push_back(key_of(secret));
    if (!previous.empty()) keys_.push_back(key_of(previous));
}

std::optional<Refused> StandardWebhooks::verify(const http::Request& request, bot::TimePoint now) const {
    const auto id = request.header("webhook-id");
    const auto timestamp = request.header("webhook-timestamp");
    const auto given = request.header("webhook-signature");
    for (const auto& part : {id, timestamp, given}) {
        if (!part || part->empty())
            return Refused{Refusal::missing_signature, {}, "webhook-id, -timestamp or -signature is missing"};
    }
    bool fits = false;
    for (const std::string& key : keys_) fits |= holds(*given, signature(key, *id, *timestamp, request.body));
    if (!fits) return Refused{Refusal::bad_signature, {}, "no signature fits"};
    const auto sent = read_timestamp(*timestamp);
    if (!sent || !is_current(*sent, now))
        return Refused{Refusal::stale_timestamp, {}, "the time stamp is not within five minutes"};
    return std::nullopt;
}

std::string StandardWebhooks::sign(std::string_view id, std::string_view timestamp,
                                   std::string_view body) const {
    std::string all;
    for (const std::string& key : keys_)
        all.append(all.empty() ? "" : " ").append(signature(key, id, timestamp, body));
    return all;
}

std::vector<std::string> StandardWebhooks::header_lines(std::string_view id, bot::TimePoint now,
                                                        std::string_view body) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const std::string timestamp = std::to_string(seconds.count());
    return {"webhook-id: " + std::string(id), "webhook-timestamp: " + timestamp,
            "webhook-signature: " + sign(id, timestamp, body)};
}

}  // namespace webhooks::gateways
