#pragma once
#include <string>
#include <vector>

#include "webhooks/gateways/account.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

/// Vonage (Nexmo). `api` is "messages" (JSON, webhooks with a JWT that holds the body's hash) or "sms" (form,
/// query or JSON with a `sig` field, which Vonage switches on when asked; long texts come in parts).
/// `account_id` is the API key, `token` the API secret, `secret` the signature secret, `signature_method` of
/// the SMS API: "md5hash", "md5", "sha1", "sha256" or "sha512".
class Vonage final : public Account {
public:
    /// @throws std::invalid_argument when a secret is empty or the method is not known
    Vonage(const AccountSettings& settings, const std::string& public_url);

    [[nodiscard]] std::optional<Refused> verify(const http::Request& request,
                                                bot::TimePoint now) const override;
    [[nodiscard]] Parsed<Events> read(Endpoint endpoint, const http::Request& request) const override;
    [[nodiscard]] net::OutgoingRequest build_send(const OutboundMessage& message,
                                                  bot::TimePoint now) const override;
    [[nodiscard]] SendOutcome read_send_reply(const net::IncomingReply& reply) const override;
    /// By the Reports API, whose records carry our client_ref. An account without that product gets 403, and
    /// nobody says how soon a record is there: to find none says nothing.
    [[nodiscard]] std::optional<net::OutgoingRequest> build_lookup(const OutboundMessage& message,
                                                                   bot::TimePoint since) const override;
    [[nodiscard]] std::optional<std::vector<std::string>> read_lookup(const net::IncomingReply& reply,
                                                                      const OutboundMessage& message,
                                                                      bot::TimePoint since) const override;
    [[nodiscard]] net::OutgoingRequest build_probe(bot::TimePoint now) const override;
    [[nodiscard]] std::vector<net::OutgoingRequest> build_inquiries() const override;
    [[nodiscard]] std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const override;
    [[nodiscard]] bool answers_keyword(std::string_view text) const noexcept override;

private:
    void authorize(net::OutgoingRequest& request) const override;
    [[nodiscard]] bool is_sms_api() const noexcept { return settings().api == "sms"; }
    [[nodiscard]] std::optional<Refused> verify_jwt_of(const http::Request& request,
                                                       bot::TimePoint now) const;
    [[nodiscard]] std::optional<Refused> verify_sig_of(const http::Request& request,
                                                       bot::TimePoint now) const;
    [[nodiscard]] Parsed<Events> read_message(const http::Request& request) const;
    [[nodiscard]] Parsed<Events> read_message_status(const http::Request& request) const;
    [[nodiscard]] Parsed<Events> read_sms(const http::Form& fields) const;
    [[nodiscard]] Parsed<Events> read_receipt(const http::Form& fields) const;
    [[nodiscard]] net::OutgoingRequest build_sms(const OutboundMessage& message) const;

    std::vector<std::string> secrets_;
};

}  // namespace webhooks::gateways
