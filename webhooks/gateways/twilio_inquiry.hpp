#pragma once
#include <optional>
#include <string>
#include <vector>

#include "webhooks/gateways/settings.hpp"
#include "webhooks/net/http_exchange.hpp"

namespace webhooks::gateways {

// Questions to Twilio's API about an account's own set-up; none of them changes or sends anything
// (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource, /api/shortcode-resource).

/// How the operator knows the vendor.
struct TwilioVendor {
    std::string name;         ///< "Twilio"
    std::string credentials;  ///< "account SID with this auth token"
};

/// One request per number: does it belong to this account, and which URL does it call?
[[nodiscard]] std::vector<net::OutgoingRequest> twilio_inquiries(const AccountSettings& settings);

/// What the reply to one of them says is wrong, a sentence.
/// @param sms_urls  the forms of the webhook URL that the gateway should call
[[nodiscard]] std::optional<std::string> read_twilio_inquiry(const net::IncomingReply& reply,
                                                             const std::vector<std::string>& sms_urls,
                                                             const TwilioVendor& vendor);

}  // namespace webhooks::gateways
