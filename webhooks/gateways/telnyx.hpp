#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Telnyx API v2: one JSON event a webhook, signed with the vendor's Ed25519 key over time stamp and body;
/// it wants an answer within 2 seconds. `secret` is the public key in base64, `profile` an optional messaging
/// profile, `token` the API key. Both kinds of event are taken at both paths.
class Telnyx final : public Account {
public:
    /// @throws std::invalid_argument when the API key is empty or a public key is not 32 bytes in base64
    Telnyx(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;
    [[nodiscard]] bool can_sign_probe() const noexcept override { return false; }

private:
    void authorize(net::OutgoingRequest& request) const override;
    std::vector<std::string> public_keys_;  // raw bytes, the live one first
};

}  // namespace webhooks::gateways
