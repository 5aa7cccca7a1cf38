#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/gateways/account.hpp"
#include "webhooks/gateways/twilio_inquiry.hpp"
#include "webhooks/gateways/twilio_signature.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

/// Where another gateway that took over Twilio's API differs from it.
struct TwilioDialect {
    std::string_view header;  ///< of the signature
    Repeated repeated;
    TwilioVendor vendor;
};

/// Twilio programmable messaging: form webhooks signed with the account's token, TwiML answers, the Messages
/// resource of the 2010-04-01 API, status callbacks that carry our own message id in their query.
/// `token` proves our requests; webhooks are signed with `secret` where there is one, else with `token`.
class Twilio : public Account {
public:
    /// @throws std::invalid_argument when the token is empty: it would accept anybody's signature
    Twilio(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] bool answers_keyword(std::string_view text) const noexcept override;
    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] http::Response accepted() const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    [[nodiscard]] std::optional<net::OutgoingRequest> build_lookup(const OutboundMessage& message,
                                                                   bot::TimePoint since) const override;
    [[nodiscard]] std::optional<std::vector<std::string>> read_lookup(const net::IncomingReply& reply,
                                                                      const OutboundMessage& message,
                                                                      bot::TimePoint since) const override;
    [[nodiscard]] std::optional<net::OutgoingRequest> build_inbound_list(const std::string& number,
                                                                         bot::TimePoint since,
                                                                         int page) const override;
    [[nodiscard]] std::optional<InboundPage> read_inbound_list(const net::IncomingReply& reply,
                                                               bot::TimePoint since,
                                                               bot::TimePoint until) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;

protected:
    Twilio(const AccountSettings& settings, const std::string& public_url, TwilioDialect dialect);

private:
    void authorize(net::OutgoingRequest& request) const override;
    [[nodiscard]] std::optional<Refused> check_account(const http::Form& fields) const;
    [[nodiscard]] Parsed<Events> read_inbound(const http::Form& fields) const;
    [[nodiscard]] Parsed<Events> read_status(const http::Form& fields, const http::Request& request) const;

    TwilioDialect dialect_;
    std::vector<std::string> keys_;         // the live one first
    std::vector<std::string> public_urls_;  // every form a signature may have been made over
    std::string messages_url_;
    std::string status_url_;
};

}  // namespace webhooks::gateways
