#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/gateways/gateway.hpp"

namespace webhooks::gateways {

/// Signatures of the Standard Webhooks specification (standardwebhooks.com): HMAC-SHA256 over
/// "id.timestamp.body" in the headers webhook-id, webhook-timestamp and webhook-signature. Immutable: safe on
/// every thread.
class StandardWebhooks {
public:
    /// @param secret    "whsec_" and base64: signs, and is accepted
    /// @param previous  accepted, and signs beside it, while a secret is rotated; may be empty
    /// @throws std::invalid_argument for a secret that is not of that form (the configuration has checked it)
    explicit StandardWebhooks(std::string_view secret, std::string_view previous = {});

    /// Nothing when one of the request's signatures fits one live secret and its time stamp is within five
    /// minutes of `now`. A fitting signature with another time is `stale_timestamp`: somebody's clock is off.
    [[nodiscard]] std::optional<Refused> verify(const http::Request& request, bot::TimePoint now) const;

    /// The value of webhook-signature: "v1,<base64>", once for each live secret, blanks between.
    [[nodiscard]] std::string sign(std::string_view id, std::string_view timestamp,
                                   std::string_view body) const;
    /// The three header lines of a request that leaves now, to be sent with exactly this body.
    [[nodiscard]] std::vector<std::string> header_lines(std::string_view id, bot::TimePoint now,
                                                        std::string_view body) const;

private:
    std::vector<std::string> keys_;  // the signing one first
};

}  // namespace webhooks::gateways
