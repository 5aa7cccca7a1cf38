#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"

namespace webhooks::gateways {

/// MessageBird (Bird's legacy REST API): forms for texts, GET for reports, both with a JWT that holds the
/// hashes of URL and body. `token` is the access key, `secret` the signing key.
class MessageBird final : public Account {
public:
    /// @throws std::invalid_argument when a secret is empty
    MessageBird(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] http::Response accepted() const override;
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
    [[nodiscard]] bool is_own_origin(const std::string& origin) const override;
    void authorize(net::OutgoingRequest& request) const override;
    std::vector<std::string> keys_;
};

}  // namespace webhooks::gateways
