#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
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

// The list of an account's messages (api/message-resource): the one way to find one whose answer was lost,
// for creating a message takes no key of ours, and one that never reached us.

struct TwilioListed {
    std::string sid, from, to, body;
    bool inbound = false;
};
/// The messages to a number, from another or (empty) from anybody, from the day of `since` on.
[[nodiscard]] net::OutgoingRequest twilio_list(const AccountSettings& settings, std::string_view from,
                                               std::string_view to, bot::TimePoint since);
/// Those in the reply that were made in between, latest first; nothing when it is no such list. When one was
/// made that cannot be read proves nothing of ours; a text to us is taken, for its id tells whether it is
/// known.
[[nodiscard]] std::optional<std::vector<TwilioListed>> read_twilio_list(const net::IncomingReply& reply,
                                                                        bot::TimePoint since,
                                                                        bot::TimePoint until);

}  // namespace webhooks::gateways
