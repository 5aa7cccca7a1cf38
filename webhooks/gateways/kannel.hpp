#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Kannel's smsbox: GET (get-url) or POST (post-url) for texts, sendsms for ours, dlr-url for reports. It
/// signs nothing: the webhook's proof is a secret in the query, `key`. `send_url` is sendsms, `api_user` and
/// `token` its user and password, `profile` an optional SMSC, `secret` the key of the webhooks. Set
/// max-messages = 0: otherwise Kannel texts our answers to the texter.
class Kannel final : public Account {
public:
    /// @throws std::invalid_argument when a secret is empty
    Kannel(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] http::Response accepted() const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;

private:
    std::vector<std::string> keys_;
};

}  // namespace webhooks::gateways
