#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace webhooks {

// What a single value of the configuration may look like. Pure.

/// "400ms", "90s", "5m", "24h", "7d"; a whole number and one unit.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// The shortest such form: 90000 ms is "90s", 300000 ms "5m".
[[nodiscard]] std::string to_text(std::chrono::milliseconds span);

/// The parts of a URL that matter to us.
struct Url {
    std::string scheme, host, path, query;
    bool loopback = false;  ///< 127.0.0.0/8, ::1 or localhost
};
/// An absolute http or https URL without user name, password or fragment.
[[nodiscard]] std::optional<Url> parse_url(const std::string& text);

/// "CHANGE-ME" and its like: what an example says where the operator's own value belongs.
[[nodiscard]] bool is_placeholder(std::string_view text);
/// Of an address to listen on: nobody outside of this machine reaches it.
[[nodiscard]] bool is_loopback(std::string_view address);

/// What a text value must look like, and how to say so.
struct TextRule {
    bool (*fits)(std::string_view);
    std::string_view allowed;  ///< completes "must be ..."
};
extern const TextRule kAnyText;        ///< 1 to 200 bytes, no control characters
extern const TextRule kPath;           ///< 1 to 4096 bytes without NUL
extern const TextRule kAccountName;    ///< part of a URL: a-z 0-9 -
extern const TextRule kPhone;          ///< E.164
extern const TextRule kOurNumber;      ///< E.164 or a short code
extern const TextRule kOutgoingUrl;    ///< https, or http to this machine
extern const TextRule kPublicUrl;      ///< the same without a query, and no underscore in the host
extern const TextRule kOrigin;         ///< scheme and host of a web site, https or loopback
extern const TextRule kNetwork;        ///< an IP address, or a network in CIDR form
extern const TextRule kCountry;        ///< ISO 3166-1 alpha-2, with a numbering plan
extern const TextRule kTimeZone;       ///< a name of the tz database of this machine
extern const TextRule kTextId;         ///< "NOA.2"
extern const TextRule kAccountSid;     ///< "AC" and 32 hex digits
extern const TextRule kSha256;         ///< 64 hex digits
extern const TextRule kWebhookSecret;  ///< "whsec_" and base64 of 24 to 64 bytes
extern const TextRule kToken;          ///< at least 16 printable characters
extern const TextRule kUrlToken;       ///< the same, of characters that a URL takes as they are
extern const TextRule kPassword;       ///< 1 to 200 printable characters, given by somebody else
extern const TextRule kUser;           ///< a user name of Basic authentication
extern const TextRule kId;             ///< of an account or a part of it, as a gateway's console shows it
extern const TextRule kPublicKey;      ///< base64 of 32 bytes

}  // namespace webhooks
