#include "webhooks/gateways/standard_webhooks.hpp"

#include <charconv>
#include <stdexcept>

#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "whsec_";
constexpr std::chrono::seconds kTolerance = 5min;
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

/// Whole seconds since 1970: digits only, as a sign or a blank would be another text under one signature.
std::optional<std::chrono::seconds> read_timestamp(std::string_view text) {
    std::int64_t seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, seconds);
    if (failed != std::errc{} || stop != end || text.front() == '-') return std::nullopt;
    return std::chrono::seconds{seconds};
}

bool is_current(std::string_view timestamp, bot::TimePoint now) {
    const auto sent = read_timestamp(timestamp);
    if (!sent) return false;
    const auto today = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    return *sent >= today - kTolerance && *sent <= today + kTolerance;
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
    if (!is_current(*timestamp, now))
        return Refused{Refusal::stale_timestamp, {}, "the time stamp is not within five minutes"};
    return std::nullopt;
}

std::string StandardWebhooks::sign(std::string_view id, std::string_view timestamp,
                                   std::string_view body) const {
    return signature(keys_.front(), id, timestamp, body);
}

std::vector<std::string> StandardWebhooks::header_lines(std::string_view id, bot::TimePoint now,
                                                        std::string_view body) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const std::string timestamp = std::to_string(seconds.count());
    return {"webhook-id: " + std::string(id), "webhook-timestamp: " + timestamp,
            "webhook-signature: " + sign(id, timestamp, body)};
}

}  // namespace webhooks::gateways
