#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Infobip SMS: JSON with a list of results; the webhook is proved by Basic authentication, set with the
/// subscription. `token` is the API key, `api_base` the account's own host, `webhook_user` and `secret` the
/// webhook's credentials.
class Infobip final : public Account {
public:
    /// @throws std::invalid_argument when a secret is empty
    Infobip(const AccountSettings& settings, const std::string& public_url);

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
    std::vector<std::string> passwords_;
};

}  // namespace webhooks::gateways
