#include "webhooks/config_values.hpp"

#include <curl/curl.h>
#include <date/tz.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include "bot/redact.hpp"
#include "webhooks/http/peer.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/signup/number.hpp"

namespace webhooks {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t millis;
};
constexpr Unit kUnits[]{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr std::int64_t kLongest = 3'650 * kUnits[4].millis;

constexpr std::string_view kSecretPrefix = "whsec_";

bool all_of(std::string_view text, bool (*fits)(char)) { return std::all_of(text.begin(), text.end(), fits); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
bool is_printable(char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; }
bool is_not_control(char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; }

std::optional<std::string> url_part(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return std::nullopt;
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
    return std::string(text);
}

bool is_outgoing_url(std::string_view text) {
    const auto url = parse_url(std::string(text));
    return url && (url->scheme == "https" || url->loopback);
}

bool is_public_url(std::string_view text) {
    const auto url = parse_url(std::string(text));
    return is_outgoing_url(text) && url->query.empty() && url->host.find('_') == std::string::npos;
}

/// Goes into a Content-Security-Policy as it is.
bool is_origin(std::string_view text) {
    const auto url = parse_url(std::string(text));
    constexpr std::string_view kHarmless = "abcdefghijklmnopqrstuvwxyz0123456789.-:/[]";
    return url && is_outgoing_url(text) && text.find_first_not_of(kHarmless) == std::string_view::npos &&
           text.find('/', url->scheme.size() + 3) == std::string_view::npos;
}

bool is_time_zone(std::string_view name) {
    try {
        return date::locate_zone(name) != nullptr;
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool is_text_id(std::string_view id) {
    const std::size_t dot = id.find('.');
    if (dot != 3 || id.size() > 8 || id.size() < 5) return false;
    return all_of(id.substr(0, 3), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
           all_of(id.substr(4), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); });
}

bool is_url_char(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_webhook_secret(std::string_view text) {
    if (!text.starts_with(kSecretPrefix)) return false;
    text.remove_prefix(kSecretPrefix.size());
    std::vector<unsigned char> key(text.size() + 1);
    std::size_t length = 0;
    if (sodium_base642bin(key.data(), key.size(), text.data(), text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    return length >= 24 && length <= 64;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
    std::int64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc{} || count < 0) return std::nullopt;
    const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const Unit& unit : kUnits)
        if (unit.name == name && count <= kLongest / unit.millis)
            return std::chrono::milliseconds(count * unit.millis);
    return std::nullopt;
}

std::string to_text(std::chrono::milliseconds span) {
    const Unit* best = &kUnits[1];
    if (span.count() % 1'000 != 0) best = &kUnits[0];
    for (const Unit& unit : kUnits)
        if (unit.millis > best->millis && span.count() >= 2 * unit.millis && span.count() % unit.millis == 0)
            best = &unit;
    return std::to_string(span.count() / best->millis) + std::string(best->name);
}

bool is_placeholder(std::string_view text) {
    // Long enough not to turn up in a random secret.
    static constexpr std::string_view kSigns[]{"change-me",  "changeme",    "replace-me",  "replaceme",
                                               "your-token", "your-secret", "your-number", "xxxxxxxx"};
    std::string plain;
    for (const char c : text) {
        const bool upper = c >= 'A' && c <= 'Z';
        plain += upper ? static_cast<char>(c + ('a' - 'A')) : c == '_' || c == ' ' ? '-' : c;
    }
    const auto is_letter = [&](std::size_t at) {
        return at < plain.size() && plain[at] >= 'a' && plain[at] <= 'z';
    };
    const auto holds = [&](std::string_view sign) {
        const std::size_t at = plain.find(sign);
        if (at == std::string::npos) return false;
        return sign.front() == 'x' || (!is_letter(at - 1) && !is_letter(at + sign.size()));
    };
    return (text.starts_with('<') && text.ends_with('>')) ||
           std::any_of(std::begin(kSigns), std::end(kSigns), holds);
}

bool is_loopback(std::string_view address) {
    return address == "localhost" || address == "::1" || address == "[::1]" ||
           (address.starts_with("127.") &&
            address.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::optional<Url> parse_url(const std::string& text) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
    if (!all_of(text, is_printable) || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    for (const CURLUPart unwanted : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT})
        if (url_part(url.get(), unwanted)) return std::nullopt;
    Url parts;
    parts.scheme = url_part(url.get(), CURLUPART_SCHEME).value_or("");
    parts.host = url_part(url.get(), CURLUPART_HOST).value_or("");
    parts.path = url_part(url.get(), CURLUPART_PATH).value_or("");
    parts.query = url_part(url.get(), CURLUPART_QUERY).value_or("");
    parts.loopback = is_loopback(parts.host);
    if (parts.host.empty() || (parts.scheme != "https" && parts.scheme != "http")) return std::nullopt;
    return parts;
}

const TextRule kAnyText{
    [](std::string_view t) { return !t.empty() && t.size() <= 200 && all_of(t, is_not_control); },
    "1 to 200 bytes of text on one line"};
const TextRule kPath{
    [](std::string_view t) { return !t.empty() && t.size() <= 4096 && all_of(t, is_not_control); },
    "the path of a file"};
const TextRule kAccountName{[](std::string_view t) {
                                return !t.empty() && t.size() <= 32 && all_of(t, [](char c) {
                                    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
                                });
                            },
                            "1 to 32 of a-z, 0-9 and '-' (it is part of a URL)"};
const TextRule kPhone{bot::is_e164, "a number in E.164 form, like \"+15550100\""};
const TextRule kOurNumber{bot::is_line_number,
                          "a number in E.164 form, like \"+15550100\", or a short code of 3 to 8 digits"};
const TextRule kOutgoingUrl{is_outgoing_url,
                            "an https URL (http only to this machine) without user name or '#'"};
const TextRule kPublicUrl{is_public_url,
                          "the https URL under which gateways reach this server (http only for loopback), "
                          "without user name, query or '#', and no '_' in the host name"};
const TextRule kOrigin{is_origin,
                       "an origin in lower case like \"https://www.example.org\" (http only for loopback), "
                       "without path"};
const TextRule kNetwork{[](std::string_view t) { return http::parse_network(t).has_value(); },
                        "an IP address like \"192.0.2.7\" or a network like \"10.0.0.0/8\""};
const TextRule kCountry{signup::Numbers::is_country, "a country in two letters, like \"US\""};
const TextRule kTimeZone{is_time_zone, "a time zone like \"America/New_York\" (see /usr/share/zoneinfo)"};
const TextRule kTextId{is_text_id, "the id of a text, like \"NOA.2\""};
const TextRule kAccountSid{[](std::string_view t) {
                               return t.size() == 34 && t.starts_with("AC") &&
                                      all_of(t.substr(2), is_lower_hex);
                           },
                           "an account SID: AC and 32 hex digits, as the gateway's console shows it"};
const TextRule kSha256{[](std::string_view t) { return t.size() == 64 && all_of(t, is_lower_hex); },
                       "64 lower-case hex digits: printf %s \"$TOKEN\" | sha256sum"};
const TextRule kWebhookSecret{is_webhook_secret,
                              "\"whsec_\" and the base64 of 24 to 64 random bytes: "
                              "echo whsec_$(openssl rand -base64 32)"};
const TextRule kToken{
    [](std::string_view t) { return t.size() >= 16 && t.size() <= 200 && all_of(t, is_printable); },
    "16 to 200 characters without spaces"};
const TextRule kUrlToken{
    [](std::string_view t) { return t.size() >= 16 && t.size() <= 200 && all_of(t, is_url_char); },
    "16 to 200 of letters, digits, '-', '.', '_' and '~' (it is part of a URL): openssl rand -hex 24"};
const TextRule kPassword{
    [](std::string_view t) { return !t.empty() && t.size() <= 200 && all_of(t, is_printable); },
    "1 to 200 characters without spaces"};
const TextRule kUser{[](std::string_view t) {
                         return !t.empty() && t.size() <= 100 && all_of(t, is_printable) &&
                                t.find(':') == std::string_view::npos;
                     },
                     "1 to 100 characters without spaces and ':'"};
const TextRule kId{[](std::string_view t) { return !t.empty() && t.size() <= 64 && all_of(t, is_url_char); },
                   "1 to 64 of letters, digits, '-', '.', '_' and '~', as the gateway's console shows it"};
const TextRule kPublicKey{[](std::string_view t) { return net::decode_base64(t).size() == 32; },
                          "the base64 of 32 bytes, as the gateway's console shows it"};

}  // namespace webhooks
