#pragma once
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/message.hpp"
#include "bot/time.hpp"
#include "webhooks/http/message.hpp"
#include "webhooks/net/http_exchange.hpp"

namespace webhooks::gateways {

/// Why a webhook was refused. Values are stable: they appear in metrics and in the quarantine.
enum class Refusal {
    bad_signature = 1,
    missing_signature,
    stale_timestamp,
    malformed_body,
    wrong_account,
    wrong_number,  ///< signed, but written to a number that this account is not configured with
    replayed       ///< under the signature of another request (nonce_memory.hpp)
};

[[nodiscard]] std::string_view to_string(Refusal refusal) noexcept;

/// A refusal with what the caller's developer needs. Never holds the texter's words or number.
struct Refused {
    Refusal why = Refusal::bad_signature;
    std::string field;   ///< field at fault for malformed_body ("MessageSid", "/to")
    std::string detail;  ///< one sentence
};
template <class T>
using Parsed = boost::system::result<T, Refused>;

/// Which of an account's two webhook paths was called. Some gateways send both kinds of news to one URL: the
/// event then says itself what it is.
enum class Endpoint { sms, status };
[[nodiscard]] constexpr std::string_view to_string(Endpoint endpoint) noexcept {
    return endpoint == Endpoint::sms ? "sms" : "status";
}

/// Of a long text that the gateway hands on in pieces.
struct Part {
    std::string reference;  ///< the same in all pieces of one text of one sender
    int index = 1;          ///< from 1
    int total = 1;
};

/// One inbound SMS or MMS, whatever gateway it came by.
struct InboundMessage {
    std::string external_id;  ///< the gateway's own message id; unique per account
    std::string from;         ///< the texter, E.164
    std::string to;           ///< our number
    std::string text;         ///< UTF-8, may be empty (picture only)
    std::vector<bot::Media> media;
    bot::CarrierKeyword carrier_keyword = bot::CarrierKeyword::none;
    std::optional<Part> part;  ///< set when this is not the whole text
};

/// One delivery report.
struct DeliveryReport {
    enum class State { sent, delivered, failed, ignored };
    std::string external_id;  ///< the gateway's id of our message
    std::string message_id;   ///< our own id, if the gateway echoes it; else empty
    State state = State::ignored;
    std::string error_code;  ///< "30007"; empty when none
    bool opted_out = false;  ///< the carrier says the recipient blocked us
    bool filtered = false;   ///< failed because a carrier's filter dislikes its words
};

/// All that one verified webhook tells, in its order.
struct Events {
    std::vector<InboundMessage> messages;
    std::vector<DeliveryReport> reports;
    std::vector<Refused> refused;  ///< events in it that cannot be taken; what can be is taken all the same
    std::size_t unknown = 0;       ///< events of a type we know nothing of: answered 2xx, and counted
};

/// One message to hand over.
struct OutboundMessage {
    std::string message_id;  ///< our id; stable over retries: the idempotency key where a gateway takes one
    std::string from;        ///< our number
    std::string to;          ///< E.164
    std::string text;
    std::chrono::seconds valid_for{3'600};  ///< after this the carrier should drop it
};

/// A page of a gateway's own record of texts to us.
struct InboundPage {
    std::vector<InboundMessage> messages;  ///< oldest first
    bool more = false;                     ///< the next page may hold older ones
};

/// What a gateway's answer to a send means.
struct Sent {
    std::string external_id;
};
/// Not taken, and the message is not at fault.
struct TryAgain {
    std::string code;
    std::optional<std::chrono::seconds> after;
    bool account = false;  ///< wrong credentials, no credit, suspended: this account sends nothing at all now
};
struct Rejected {
    std::string code;
};  ///< permanent: never retried
struct RecipientOptedOut {
    std::string code;
};
/// A 2xx that is not the answer of this gateway (a proxy's page, a cut reply): the message may have been
/// taken, so it counts as uncertain and outbox/policy.hpp decides.
struct Unclear {
    std::string code;
};
using SendOutcome = std::variant<Sent, TryAgain, Rejected, RecipientOptedOut, Unclear>;

/// One account at one gateway. Pure: parses and builds, does no I/O. Immutable: safe on every thread.
/// A new gateway is one pair of files and one line in registry.cpp (README.md beside this file).
class Gateway {
public:
    virtual ~Gateway() = default;

    /// The name it was configured under: the `<name>` of its webhook path.
    [[nodiscard]] virtual const std::string& account() const noexcept = 0;
    /// The kind, the `<gateway>` of its path: "twilio", "generic".
    [[nodiscard]] virtual std::string_view kind() const noexcept = 0;

    /// Check the signature over the raw request against every live key, in constant time. Body and header are
    /// not trusted before this succeeds.
    [[nodiscard]] virtual std::optional<Refused> verify(const http::Request& request,
                                                        bot::TimePoint now) const = 0;
    /// Of a verified webhook whose proof does not cover its body: the value that its sender uses but once.
    [[nodiscard]] virtual std::optional<std::string> open_nonce(const http::Request& /*request*/) const {
        return std::nullopt;
    }
    /// Read a verified webhook. Refuses what is of another account of the same gateway, and what was written
    /// to a number that is not configured: it could only be answered from a number we do not have.
    /// @return a refusal when nothing in it can be read at all
    [[nodiscard]] virtual Parsed<Events> read(Endpoint endpoint, const http::Request& request) const = 0;
    /// The 2xx answer in the gateway's own dialect, saying nothing to the texter.
    [[nodiscard]] virtual http::Response accepted() const = 0;

    /// The request that hands a message over, to be sent at `now` (some gateways sign the time).
    [[nodiscard]] virtual net::OutgoingRequest build_send(const OutboundMessage& message,
                                                          bot::TimePoint now) const = 0;
    /// What its reply means.
    [[nodiscard]] virtual SendOutcome read_send_reply(const net::IncomingReply& reply) const = 0;

    /// For a hand-over that got no answer: the question whether the gateway has that message after all.
    /// Nothing where there is no such question.
    /// @param since  it was not handed over before then
    [[nodiscard]] virtual std::optional<net::OutgoingRequest> build_lookup(const OutboundMessage& /*message*/,
                                                                           bot::TimePoint /*since*/) const {
        return std::nullopt;
    }
    /// The gateway's ids of messages that may be that one: alike, and of that time. None: it has no such
    /// message. Nothing when the reply does not say.
    [[nodiscard]] virtual std::optional<std::vector<std::string>> read_lookup(
        const net::IncomingReply& /*reply*/, const OutboundMessage& /*message*/,
        bot::TimePoint /*since*/) const {
        return std::nullopt;
    }

    /// The question for the texts to this number of ours that the gateway has on record, the latest first.
    /// Nothing where there is no such question.
    /// @param page  from 0
    [[nodiscard]] virtual std::optional<net::OutgoingRequest> build_inbound_list(
        const std::string& /*number*/, bot::TimePoint /*since*/, int /*page*/) const {
        return std::nullopt;
    }
    /// Those that came in between; nothing when the reply does not say.
    [[nodiscard]] virtual std::optional<InboundPage> read_inbound_list(const net::IncomingReply& /*reply*/,
                                                                       bot::TimePoint /*since*/,
                                                                       bot::TimePoint /*until*/) const {
        return std::nullopt;
    }

    /// The request for something that a webhook of this account named in `InboundMessage::media`, or that the
    /// answer to such a request leads to. Carries the account's credentials only to the gateway's own hosts.
    /// Nothing when the URL's origin is not one that the operator allows.
    [[nodiscard]] virtual std::optional<net::OutgoingRequest> build_media_fetch(
        const std::string& url) const = 0;

    /// For `handrail doctor`: our probe path called as this gateway calls us, signed at `now`.
    [[nodiscard]] virtual net::OutgoingRequest build_probe(bot::TimePoint now) const = 0;
    /// False when only the gateway itself can sign (a public key): the probe then has to be refused.
    [[nodiscard]] virtual bool can_sign_probe() const noexcept = 0;
    /// For the same: questions to the gateway itself about the account's set-up. None sends or changes
    /// anything; any reply at all shows that it can be reached.
    [[nodiscard]] virtual std::vector<net::OutgoingRequest> build_inquiries() const = 0;
    /// What the reply to one of them says is wrong, one sentence.
    [[nodiscard]] virtual std::optional<std::string> read_inquiry(const net::IncomingReply& reply) const = 0;

    /// True when this account answers STOP and HELP itself ("who replies" setting): we then send no
    /// confirmation.
    [[nodiscard]] virtual bool answers_keywords_itself() const noexcept = 0;
    /// True when this account answers that very text itself. Carriers act on a few English words only: ALTO,
    /// "opt out please" or AYUDA would get no answer from anybody if we left them to the gateway too.
    [[nodiscard]] virtual bool answers_keyword(std::string_view text) const noexcept = 0;
    /// How many messages each of its numbers may send in a second.
    [[nodiscard]] virtual int messages_per_second() const noexcept = 0;
};

}  // namespace webhooks::gateways
