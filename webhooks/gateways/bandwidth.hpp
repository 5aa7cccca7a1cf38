#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// Bandwidth messaging v2: a JSON list of events, proved by Basic authentication alone; what is not answered
/// 2xx comes again for 24 hours. `account_id` is the account, `profile` the application, `api_user` and
/// `token` our credentials, `webhook_user` and `secret` those that the application was given for its
/// callbacks. Both kinds of event are taken at both paths. Bandwidth itself answers no STOP.
class Bandwidth final : public Account {
public:
    /// @throws std::invalid_argument when a password is empty
    Bandwidth(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    /// The list of messages holds neither words nor tag, and nobody says how soon it is whole: one from and
    /// to these numbers since then is the one, and to find none says nothing.
    [[nodiscard]] std::optional<net::OutgoingRequest> build_lookup(const OutboundMessage& message,
                                                                   bot::TimePoint since) const override;
    [[nodiscard]] std::optional<std::vector<std::string>> read_lookup(const net::IncomingReply& reply,
                                                                      const OutboundMessage& message,
                                                                      bot::TimePoint since) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;

private:
    void authorize(net::OutgoingRequest& request) const override;
    std::vector<std::string> passwords_;
};

}  // namespace webhooks::gateways
