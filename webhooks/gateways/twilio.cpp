#include "webhooks/gateways/twilio.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

constexpr std::int64_t kLongestValidity = 36'000;
constexpr CodeTable kCodes{
    // too many requests, full queues, congestion
    .passing = "14107 20429 21611 30001 30017 63018",
    .opted_out = "21610",
    // credentials; suspended
    .account = "20003 30002",
    .filtered = "30007",
};
constexpr FieldNames kNames{"MessageSid", "From", "To"};

/// A body that is not a form is signed through its hash in the URL, exactly as written there.
bool body_fits_its_hash(const http::Request& request) {
    const auto query = http::parse_form(request.query());
    if (!query) return false;
    const auto hash = http::field(*query, "bodySHA256");
    return hash && net::same_secret(*hash, net::sha256_hex(request.body));
}

/// Letters and digits; SignalWire's are UUIDs.
bool is_sid(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return http::is_alpha(c) || http::is_digit(c) || c == '-';
    });
}

/// Twilio names one message three ways.
std::string_view message_sid(const http::Form& fields) {
    for (const char* name : {"MessageSid", "SmsSid", "SmsMessageSid"})
        if (const std::string_view sid = text_or_empty(fields, name); is_sid(sid)) return sid;
    return {};
}

bot::CarrierKeyword carrier_keyword(std::string_view opt_out_type) {
    if (http::equals_ignoring_case(opt_out_type, "STOP")) return bot::CarrierKeyword::stop;
    if (http::equals_ignoring_case(opt_out_type, "START")) return bot::CarrierKeyword::start;
    if (http::equals_ignoring_case(opt_out_type, "HELP")) return bot::CarrierKeyword::help;
    return bot::CarrierKeyword::none;
}

/// NumMedia is not asked: a text must not be lost for a count that is off.
std::vector<bot::Media> media_of(const http::Form& fields) {
    std::vector<bot::Media> media;
    for (std::size_t i = 0; i < kMostMedia; ++i) {
        const std::string number = std::to_string(i);
        const auto url = http::field(fields, "MediaUrl" + number);
        if (!url) break;
        add_medium(media, std::string(*url), std::string(text_or_empty(fields, "MediaContentType" + number)));
    }
    return media;
}

DeliveryReport::State state_of(std::string_view status) {
    using State = DeliveryReport::State;  // accepted, queued, sending and whatever is new say nothing yet
    return state_in({{"sent", State::sent},
                     {"delivered", State::delivered},
                     {"read", State::delivered},
                     {"undelivered", State::failed},
                     {"failed", State::failed},
                     {"canceled", State::failed}},
                    status);
}

std::string error_code(std::string_view text) {
    const bool plain =
        text.size() <= 6 && text != "0" && std::all_of(text.begin(), text.end(), http::is_digit);
    return plain ? std::string(text) : std::string{};
}

}  // namespace

Twilio::Twilio(const AccountSettings& settings, const std::string& public_url)
    : Twilio(settings, public_url,
             {"X-Twilio-Signature", Repeated::once_each, {"Twilio", "account SID with this auth token"}}) {}

Twilio::Twilio(const AccountSettings& settings, const std::string& public_url, TwilioDialect dialect)
    : Account(settings, public_url),
      dialect_(std::move(dialect)),
      keys_(settings.secret.empty() ? live(settings.token, settings.token_previous)
                                    : live(settings.secret, settings.secret_previous)),
      public_urls_(signed_forms(public_url)),
      messages_url_(settings.api_base + "/2010-04-01/Accounts/" + settings.account_id + "/Messages.json"),
      status_url_(webhook_url("status") + "?id=") {
    require_secret(settings.token, "the token of an account");
}

bool Twilio::answers_keyword(std::string_view text) const noexcept {
    return answers_keywords_itself() &&
           is_one_of(text, {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
                            "start", "yes", "unstop", "help", "info"});
}

std::optional<Refused> Twilio::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    const auto given = request.header(dialect_.header);
    const std::string name(dialect_.header);
    if (!given || given->empty()) return Refused{Refusal::missing_signature, {}, name + " is missing"};
    http::Form fields;
    bool body_fits = true;
    if (is_form_post(request)) {
        auto form = read_form(request.body);
        if (!form) return form.error();
        fields = std::move(*form);
    } else {
        body_fits = request.method == "GET" ? request.body.empty() : body_fits_its_hash(request);
    }
    bool fits = false;  // all are compared, so that the time says nothing about which one fitted
    for (const std::string& key : keys_)
        for (const std::string& url : public_urls_)
            fits |= net::same_secret(*given,
                                     twilio_signature(key, url + request.target, fields, dialect_.repeated));
    if (!fits || !body_fits) return Refused{Refusal::bad_signature, {}, name + " does not fit"};
    return std::nullopt;
}

std::optional<Refused> Twilio::check_account(const http::Form& fields) const {
    const auto sid = http::field(fields, "AccountSid");
    if (!sid) return malformed("AccountSid", "is missing");
    if (*sid != settings().account_id)
        return Refused{Refusal::wrong_account, "AccountSid", "is of another account"};
    return std::nullopt;
}

Parsed<Events> Twilio::read(Endpoint endpoint, const http::Request& request) const {
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    if (auto refused = check_account(*fields)) return std::move(*refused);
    return endpoint == Endpoint::sms ? read_inbound(*fields) : read_status(*fields, request);
}

Parsed<Events> Twilio::read_inbound(const http::Form& fields) const {
    InboundMessage message;
    message.external_id = message_sid(fields);
    message.from = text_or_empty(fields, "From");
    message.to = text_or_empty(fields, "To");
    message.media = media_of(fields);
    message.carrier_keyword = carrier_keyword(text_or_empty(fields, "OptOutType"));
    const auto body = http::field(fields, "Body");
    if (!body && message.media.empty()) return malformed("Body", "is missing, and there is no media");
    message.text = body.value_or(std::string_view{});
    Events events;
    add(events, std::move(message), kNames);
    return events;
}

Parsed<Events> Twilio::read_status(const http::Form& fields, const http::Request& request) const {
    DeliveryReport report;
    report.external_id = message_sid(fields);
    if (report.external_id.empty()) return malformed("MessageSid", "must be letters and digits");
    const auto status = http::field(fields, "MessageStatus");
    if (!status) return malformed("MessageStatus", "is missing");
    // Our own id comes back in the query of the URL we named, which the signature covers.
    report.message_id = in_query(request, "id");
    report.state = state_of(*status);
    report.error_code = error_code(text_or_empty(fields, "ErrorCode"));
    read_code(report, kCodes);
    Events events;
    events.reports.push_back(std::move(report));
    return events;
}

http::Response Twilio::accepted() const {
    // Any other text would be sent to the texter as a reply.
    return http::Response::with_type(200, "text/xml; charset=utf-8",
                                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}

void Twilio::authorize(net::OutgoingRequest& request) const {
    request.basic_auth = settings().account_id + ":" + settings().token;
}

net::OutgoingRequest Twilio::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    auto request =
        form_post(messages_url_, {
                                     {"To", message.to},
                                     {"From", message.from},
                                     {"Body", message.text},
                                     {"StatusCallback", status_url_ + message.message_id},
                                     {"ValidityPeriod", std::to_string(std::clamp<std::int64_t>(
                                                            message.valid_for.count(), 1, kLongestValidity))},
                                 });
    authorize(request);
    return request;
}

std::optional<net::OutgoingRequest> Twilio::build_lookup(const OutboundMessage& message,
                                                         bot::TimePoint since) const {
    return twilio_list(settings(), message.from, message.to, since);
}

std::optional<std::vector<std::string>> Twilio::read_lookup(const net::IncomingReply& reply,
                                                            const OutboundMessage& message,
                                                            bot::TimePoint since) const {
    auto listed = read_twilio_list(reply, since, bot::TimePoint::max());
    if (!listed) return std::nullopt;
    std::vector<std::string> ids;
    for (TwilioListed& one : *listed)
        if (!one.inbound && one.body == message.text) ids.push_back(std::move(one.sid));
    return ids;
}

std::optional<net::OutgoingRequest> Twilio::build_inbound_list(const std::string& number,
                                                               bot::TimePoint since, int page) const {
    if (page > 0) return std::nullopt;  // one holds a thousand; the next would be named by the reply
    return twilio_list(settings(), {}, number, since);
}

std::optional<InboundPage> Twilio::read_inbound_list(const net::IncomingReply& reply, bot::TimePoint since,
                                                     bot::TimePoint until) const {
    auto listed = read_twilio_list(reply, since, until);
    if (!listed) return std::nullopt;
    Events events;  // checked as if they had come by webhook
    for (auto one = listed->rbegin(); one != listed->rend(); ++one) {
        if (!one->inbound) continue;
        InboundMessage message;
        message.external_id = one->sid;
        message.from = one->from;
        message.to = one->to;
        message.text = one->body;
        add(events, std::move(message), kNames);
    }
    return InboundPage{std::move(events.messages), false};
}

net::OutgoingRequest Twilio::build_probe(bot::TimePoint /*now*/) const {
    const http::Form fields{{"AccountSid", settings().account_id}, {"Body", "handrail doctor"}};
    auto request = probe(http::encode_form(fields), "application/x-www-form-urlencoded");
    request.headers.push_back(std::string(dialect_.header) + ": " +
                              twilio_signature(keys_.front(), request.url, fields, dialect_.repeated));
    return request;
}

std::vector<net::OutgoingRequest> Twilio::build_inquiries() const { return twilio_inquiries(settings()); }

std::optional<std::string> Twilio::read_inquiry(const net::IncomingReply& reply) const {
    std::vector<std::string> sms_urls;
    const std::string path = webhook_url("sms").substr(public_url().size());
    for (const std::string& url : public_urls_) sms_urls.push_back(url + path);
    return read_twilio_inquiry(reply, sms_urls, dialect_.vendor);
}

SendOutcome Twilio::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        const json* const sid = find(document, {"sid"});
        if (sid == nullptr || !sid->is_string() || !is_sid(sid->get<std::string>())) return Unclear{"no_sid"};
        return Sent{sid->get<std::string>()};
    }
    return judge(reply, text_at(document, {"code"}), kCodes);
}

}  // namespace webhooks::gateways
