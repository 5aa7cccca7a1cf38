#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Plivo: forms signed over URL and nonce (V2, all that SMS webhooks carry) or over the fields too (V3), XML
/// answers. V2 leaves the body open: the webhook URL has to be https. `account_id` is the auth id, `token`
/// the auth token.
class Plivo final : public Account {
public:
    /// @throws std::invalid_argument when the token is empty
    Plivo(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] std::optional<std::string> open_nonce(const http::Request& request) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] http::Response accepted() const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;

private:
    [[nodiscard]] bool is_own_origin(const std::string& origin) const override;
    void authorize(net::OutgoingRequest& request) const override;
    std::vector<std::string> tokens_;
};

}  // namespace webhooks::gateways
