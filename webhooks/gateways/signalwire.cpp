#include "webhooks/gateways/signalwire.hpp"

namespace webhooks::gateways {

SignalWire::SignalWire(const AccountSettings& settings, const std::string& public_url)
    : Twilio(
          settings, public_url,
          {"X-SignalWire-Signature", Repeated::as_sent, {"SignalWire", "project id with this API token"}}) {
    require_secret(settings.secret, "the signing key of a SignalWire project");
}

}  // namespace webhooks::gateways
