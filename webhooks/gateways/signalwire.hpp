#pragma once
#include <string>

#include "webhooks/gateways/twilio.hpp"

namespace webhooks::gateways {

/// SignalWire's Compatibility API: Twilio's, but for the name of the signature and its key (the project's
/// signing key, not the API token). It blocks nobody by itself: opt-outs are ours alone.
class SignalWire final : public Twilio {
public:
    /// @throws std::invalid_argument when the token or the signing key is empty
    SignalWire(const AccountSettings& settings, const std::string& public_url);
};

}  // namespace webhooks::gateways
