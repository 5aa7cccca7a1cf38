#pragma once
#include <memory>
#include <string>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/settings.hpp"

namespace webhooks::gateways {

/// The gateway of one configured account. `settings` have been checked (webhooks/config).
/// @param public_url  what the gateway was told to call, without a trailing slash: signatures are made over
/// it
/// @throws std::invalid_argument for a kind that is not known: a fault of this program, not of the operator
[[nodiscard]] std::unique_ptr<Gateway> make_gateway(const AccountSettings& settings,
                                                    const std::string& public_url);

/// Where its webhooks go on our side, "/webhooks/<kind>/<account>", without a slash at the end.
[[nodiscard]] std::string webhook_base(const Gateway& gateway);

}  // namespace webhooks::gateways
