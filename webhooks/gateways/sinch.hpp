#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Sinch SMS (XMS): JSON signed by HMAC over body, nonce and time stamp, which the account manager switches
/// on. It never repeats what got a 4xx. `account_id` is the service plan, `token` its API token, `secret` the
/// webhook secret. Both kinds of event are taken at both paths.
class Sinch final : public Account {
public:
    /// @throws std::invalid_argument when a secret is empty
    Sinch(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] std::optional<net::OutgoingRequest> build_inbound_list(const std::string& number,
                                                                         bot::TimePoint since,
                                                                         int page) const override;
    [[nodiscard]] std::optional<InboundPage> read_inbound_list(const net::IncomingReply& reply,
                                                               bot::TimePoint since,
                                                               bot::TimePoint until) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;

private:
    void authorize(net::OutgoingRequest& request) const override;
    std::vector<std::string> secrets_;
};

}  // namespace webhooks::gateways
