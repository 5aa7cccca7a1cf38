#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"

namespace webhooks::gateways {

/// JSON both ways, signed after Standard Webhooks: for the demo, for a modem at hand, for a gateway that has
/// no pair of files yet. The wire format is in README.md beside this file.
class Generic final : public Account {
public:
    /// @throws std::invalid_argument when the secret is empty or not of the form "whsec_..."
    Generic(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;

private:
    [[nodiscard]] Parsed<Events> read_inbound(const nlohmann::json& document) const;
    [[nodiscard]] Parsed<Events> read_status(const nlohmann::json& document) const;

    StandardWebhooks signatures_;
};

}  // namespace webhooks::gateways
