#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

// X-Twilio-Signature (twilio.com/docs/usage/security): base64 of HMAC-SHA1 over the URL that was called and
// every form field. There is no time stamp in it: a replay verifies, and is found by its MessageSid.

/// What counts of a name that stands several times in a form.
enum class Repeated {
    once_each,  ///< each different value once, sorted: as Twilio's package does
    as_sent     ///< every value, in order: as SignalWire's does
};

/// @param auth_token  the account's; never empty
/// @param url         as configured at Twilio, query as sent, no fragment
/// @param fields      decoded form fields of a POST, untrimmed; none for GET and JSON. Sorted by name
[[nodiscard]] std::string twilio_signature(std::string_view auth_token, std::string_view url,
                                           const http::Form& fields, Repeated repeated = Repeated::once_each);

/// The forms in which one public URL may have been signed: as it stands, without a port, and with the default
/// port of its scheme written out.
/// @param public_url  scheme and authority, a path may follow
[[nodiscard]] std::vector<std::string> signed_forms(const std::string& public_url);

}  // namespace webhooks::gateways
