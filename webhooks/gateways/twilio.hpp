#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/settings.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

/// Twilio programmable messaging: form webhooks signed with the account's token, TwiML answers, the Messages
/// resource of the 2010-04-01 API, status callbacks that carry our own message id in their query.
class Twilio final : public Gateway {
public:
    /// @throws std::invalid_argument when the auth token is empty: it would accept anybody's signature
    Twilio(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] const std::string& account() const noexcept override { return name_; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "twilio"; }
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
    [[nodiscard]] std::optional<Refused> check_account(const http::Form& fields) const;

    [[nodiscard]] std::string path(std::string_view end) const;

    std::string name_;
    std::vector<std::string> numbers_;
    std::string account_sid_;
    std::vector<std::string> tokens_;       // the live one first
    std::vector<std::string> public_urls_;  // every form a signature may have been made over
    std::string messages_url_;
    std::string status_url_;
    std::vector<net::OutgoingRequest> inquiries_;
    bool answers_keywords_itself_;
    int messages_per_second_;
};

}  // namespace webhooks::gateways
