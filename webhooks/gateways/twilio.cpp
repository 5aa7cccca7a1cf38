#include "webhooks/gateways/twilio.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bot/redact.hpp"
#include "webhooks/gateways/twilio_inquiry.hpp"
#include "webhooks/gateways/twilio_signature.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/http/json_body.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/net/retry_after.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

constexpr std::size_t kMostMedia = 32;
constexpr std::int64_t kLongestValidity = 36'000;
constexpr int kRecipientOptedOut = 21610;
constexpr int kFiltered = 30007;
// Nothing was taken, and the trouble passes: too many requests, full queues, congestion.
constexpr int kPassing[]{14107, 20429, 21611, 30001, 30017, 63018};

Refused malformed(std::string field, std::string detail) {
    return {Refusal::malformed_body, std::move(field), std::move(detail)};
}

// ---- the request's fields

bool has_type(const http::Request& request, std::string_view type) {
    const auto given = request.header("Content-Type");
    if (!given) return false;
    std::string_view essence = given->substr(0, given->find(';'));
    while (essence.ends_with(' ')) essence.remove_suffix(1);
    return http::equals_ignoring_case(essence, type);
}

bool is_form_post(const http::Request& request) {
    return request.method == "POST" &&
           (request.body.empty() || has_type(request, "application/x-www-form-urlencoded"));
}

Parsed<http::Form> read_form(std::string_view text) {
    auto form = http::parse_form(text);
    if (!form) return malformed(form.error().field, form.error().reason);
    return std::move(*form);
}

/// A flat JSON object read as a form; what is not a text, number or truth value is no field of ours.
Parsed<http::Form> read_flat_json(std::string_view body) {
    auto document = http::parse_json_body(body);
    if (!document) return malformed(document.error().pointer, document.error().reason);
    http::Form form;
    for (const auto& [name, value] : document->items()) {
        if (value.is_string()) form.emplace_back(name, value.get<std::string>());
        if (value.is_number() || value.is_boolean()) form.emplace_back(name, value.dump());
    }
    return form;
}

Parsed<http::Form> fields_of(const http::Request& request) {
    if (request.method == "GET") return read_form(request.query());
    if (is_form_post(request)) return read_form(request.body);
    return read_flat_json(request.body);
}

/// A body that is not a form is signed through its hash in the URL, exactly as written there.
bool body_fits_its_hash(const http::Request& request) {
    const auto query = http::parse_form(request.query());
    if (!query) return false;
    const auto hash = http::field(*query, "bodySHA256");
    return hash && net::same_secret(*hash, net::sha256_hex(request.body));
}

// ---- single fields

std::string_view text_or_empty(const http::Form& fields, std::string_view name) {
    return http::field(fields, name).value_or(std::string_view{});
}

bool is_sid(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return http::is_alpha(c) || http::is_digit(c);
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
        if (!url->starts_with("https://") && !url->starts_with("http://")) continue;
        media.push_back({std::string(*url), std::string(text_or_empty(fields, "MediaContentType" + number))});
    }
    return media;
}

DeliveryReport::State state_of(std::string_view status) {
    using State = DeliveryReport::State;
    if (status == "sent") return State::sent;
    if (status == "delivered" || status == "read") return State::delivered;
    if (status == "undelivered" || status == "failed" || status == "canceled") return State::failed;
    return State::ignored;  // accepted, queued, sending and whatever is new
}

std::string error_code(std::string_view text) {
    const bool plain =
        text.size() <= 6 && text != "0" && std::all_of(text.begin(), text.end(), http::is_digit);
    return plain ? std::string(text) : std::string{};
}

// ---- replies of the REST API

json parse_reply(const std::string& body) { return json::parse(body, nullptr, false); }

int code_in(const json& document) {
    if (!document.is_object()) return 0;
    const auto code = document.find("code");
    return code != document.end() && code->is_number_integer() ? code->get<int>() : 0;
}

std::string sid_in(const json& document) {
    if (!document.is_object()) return {};
    const auto sid = document.find("sid");
    if (sid == document.end() || !sid->is_string()) return {};
    auto text = sid->get<std::string>();
    return is_sid(text) ? text : std::string{};
}

bool may_try_again(long status, int code) {
    return status == 408 || status == 425 || status == 429 || status >= 500 ||
           std::find(std::begin(kPassing), std::end(kPassing), code) != std::end(kPassing);
}

}  // namespace

Twilio::Twilio(const AccountSettings& settings, const std::string& public_url)
    : name_(settings.name),
      numbers_(settings.numbers),
      account_sid_(settings.account_sid),
      tokens_{settings.auth_token},
      public_urls_(signed_forms(public_url)),
      messages_url_(settings.api_base + "/2010-04-01/Accounts/" + settings.account_sid + "/Messages.json"),
      status_url_(public_url + path("status") + "?id="),
      inquiries_(twilio_inquiries(settings)),
      answers_keywords_itself_(settings.answers_keywords_itself),
      messages_per_second_(settings.messages_per_second) {
    if (settings.auth_token.empty()) throw std::invalid_argument("a Twilio account has no auth token");
    if (!settings.auth_token_previous.empty()) tokens_.push_back(settings.auth_token_previous);
}

std::string Twilio::path(std::string_view end) const {
    return "/webhooks/twilio/" + name_ + "/" + std::string(end);
}

std::optional<Refused> Twilio::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    const auto given = request.header("X-Twilio-Signature");
    if (!given || given->empty())
        return Refused{Refusal::missing_signature, {}, "X-Twilio-Signature is missing"};
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
    for (const std::string& token : tokens_)
        for (const std::string& url : public_urls_)
            fits |= net::same_secret(*given, twilio_signature(token, url + request.target, fields));
    if (!fits || !body_fits) return Refused{Refusal::bad_signature, {}, "X-Twilio-Signature does not fit"};
    return std::nullopt;
}

std::optional<Refused> Twilio::check_account(const http::Form& fields) const {
    const auto sid = http::field(fields, "AccountSid");
    if (!sid) return malformed("AccountSid", "is missing");
    if (*sid != account_sid_) return Refused{Refusal::wrong_account, "AccountSid", "is of another account"};
    return std::nullopt;
}

Parsed<InboundMessage> Twilio::read_inbound(const http::Request& request) const {
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    if (auto refused = check_account(*fields)) return std::move(*refused);
    InboundMessage message;
    message.external_id = message_sid(*fields);
    message.from = text_or_empty(*fields, "From");
    message.to = text_or_empty(*fields, "To");
    message.media = media_of(*fields);
    message.carrier_keyword = carrier_keyword(text_or_empty(*fields, "OptOutType"));
    const auto body = http::field(*fields, "Body");
    if (message.external_id.empty()) return malformed("MessageSid", "must be letters and digits");
    if (!bot::is_e164(message.from)) return malformed("From", "must be a number in E.164 form");
    if (!bot::is_line_number(message.to))
        return malformed("To", "must be a number in E.164 form or a short code");
    if (!body && message.media.empty()) return malformed("Body", "is missing, and there is no media");
    if (auto refused = check_number(numbers_, message, "To")) return std::move(*refused);
    message.text = body.value_or(std::string_view{});
    return message;
}

Parsed<DeliveryReport> Twilio::read_status(const http::Request& request) const {
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    if (auto refused = check_account(*fields)) return std::move(*refused);
    DeliveryReport report;
    report.external_id = message_sid(*fields);
    if (report.external_id.empty()) return malformed("MessageSid", "must be letters and digits");
    const auto status = http::field(*fields, "MessageStatus");
    if (!status) return malformed("MessageStatus", "is missing");
    // Our own id comes back in the query of the URL we named, which the signature covers.
    if (const auto query = http::parse_form(request.query()))
        report.message_id = std::string(text_or_empty(*query, "id"));
    report.state = state_of(*status);
    report.error_code = error_code(text_or_empty(*fields, "ErrorCode"));
    report.opted_out = report.error_code == std::to_string(kRecipientOptedOut);
    if (report.opted_out) report.state = DeliveryReport::State::failed;
    report.filtered = report.error_code == std::to_string(kFiltered);
    return report;
}

http::Response Twilio::accepted() const {
    // Any other text would be sent to the texter as a reply.
    return http::Response::with_type(200, "text/xml; charset=utf-8",
                                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}

net::OutgoingRequest Twilio::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    net::OutgoingRequest request;
    request.url = messages_url_;
    request.basic_auth = account_sid_ + ":" + tokens_.front();
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
    request.body = http::encode_form({
        {"To", message.to},
        {"From", message.from},
        {"Body", message.text},
        {"StatusCallback", status_url_ + message.message_id},
        {"ValidityPeriod",
         std::to_string(std::clamp<std::int64_t>(message.valid_for.count(), 1, kLongestValidity))},
    });
    return request;
}

net::OutgoingRequest Twilio::build_probe(bot::TimePoint /*now*/) const {
    const http::Form fields{{"AccountSid", account_sid_}, {"Body", "handrail doctor"}};
    net::OutgoingRequest request;
    request.url = public_urls_.front() + path("probe");
    request.body = http::encode_form(fields);
    request.headers = {"Content-Type: application/x-www-form-urlencoded",
                       "X-Twilio-Signature: " + twilio_signature(tokens_.front(), request.url, fields)};
    return request;
}

std::vector<net::OutgoingRequest> Twilio::build_inquiries() const { return inquiries_; }

std::optional<std::string> Twilio::read_inquiry(const net::IncomingReply& reply) const {
    std::vector<std::string> sms_urls;
    for (const std::string& url : public_urls_) sms_urls.push_back(url + path("sms"));
    return read_twilio_inquiry(reply, sms_urls);
}

SendOutcome Twilio::read_send_reply(const net::IncomingReply& reply) const {
    const json document = parse_reply(reply.body);
    if (reply.status >= 200 && reply.status < 300) {
        std::string sid = sid_in(document);
        if (sid.empty()) return Unclear{"no_sid"};
        return Sent{std::move(sid)};
    }
    const int code = code_in(document);
    std::string text = code != 0 ? std::to_string(code) : "http_" + std::to_string(reply.status);
    if (code == kRecipientOptedOut) return RecipientOptedOut{std::move(text)};
    if (may_try_again(reply.status, code)) return TryAgain{std::move(text), net::retry_after(reply)};
    return Rejected{std::move(text)};
}

}  // namespace webhooks::gateways
