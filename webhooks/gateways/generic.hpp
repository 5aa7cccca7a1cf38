#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/settings.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"

namespace webhooks::gateways {

/// JSON both ways, signed after Standard Webhooks: for the demo, for a modem at hand, for a gateway that has
/// no pair of files yet. The wire format is in README.md beside this file.
class Generic final : public Gateway {
public:
    /// @throws std::invalid_argument when the secret is empty or not of the form "whsec_..."
    Generic(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] const std::string& account() const noexcept override { return name_; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "generic"; }
    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<InboundMessage> read_inbound(const http::Request& request) const override;
    [[nodiscard]] Parsed<DeliveryReport> read_status(const http::Request& request) const override;
    [[nodiscard]] http::Response accepted() const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;
    [[nodiscard]] bool answers_keywords_itself() const noexcept override { return answers_keywords_itself_; }
    [[nodiscard]] int messages_per_second() const noexcept override { return messages_per_second_; }

private:
    std::string name_;
    std::vector<std::string> numbers_;
    StandardWebhooks signatures_;
    std::string send_url_;
    std::string probe_url_;
    bool answers_keywords_itself_;
    int messages_per_second_;
};

}  // namespace webhooks::gateways
