#include "webhooks/gateways/vonage.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "bot/segments.hpp"
#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/http/ascii.hpp"

namespace webhooks::gateways {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using State = DeliveryReport::State;

constexpr CodeTable kCodes{
    // of the SMS API: throttled, internal error; of the Messages API: throttled, internal error
    .passing = "1 5 1000 1030",
    .account = "4 7 8 9 14 1010 1070",
};
constexpr CodeTable kReceiptCodes{.opted_out = "9", .filtered = "6"};
constexpr std::int64_t kLongestValidity = 604'800;
constexpr FieldNames kSmsNames{"messageId", "msisdn", "to"};
constexpr FieldNames kMessageNames{"/message_uuid", "/from", "/to"};

struct Method {
    std::string_view name;
    std::optional<net::Hash> hash;  // none: MD5 of text and secret
};
constexpr Method kMethods[]{{"md5hash", std::nullopt},
                            {"md5", net::Hash::md5},
                            {"sha1", net::Hash::sha1},
                            {"sha256", net::Hash::sha256},
                            {"sha512", net::Hash::sha512}};

const Method* method_named(std::string_view name) {
    for (const Method& method : kMethods)
        if (method.name == name) return &method;
    return nullptr;
}

/// "&name=value" of every field but sig, sorted by name; in values & and = become _.
std::string signed_text(http::Form fields) {
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (auto& [name, value] : fields) {
        if (name == "sig") continue;
        std::replace_if(
            value.begin(), value.end(), [](char c) { return c == '&' || c == '='; }, '_');
        text.append("&").append(name).append("=").append(value);
    }
    return text;
}

std::string sig_of(const Method& method, const std::string& secret, const std::string& text) {
    return method.hash ? net::hmac_hex(*method.hash, secret, text) : net::md5_hex(text + secret);
}

std::string lower(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), http::to_lower);
    return small;
}

/// Long texts come in pieces of the SMS API.
std::optional<Part> part_of(const http::Form& fields) {
    if (!is_one_of(text_or_empty(fields, "concat"), {"true"})) return std::nullopt;
    const auto number = [&](std::string_view name) {
        const std::string_view text = text_or_empty(fields, name);
        int value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    Part part{plain_or_empty(text_or_empty(fields, "concat-ref"), kLongestId), number("concat-part"),
              number("concat-total")};
    constexpr int kMostParts = 255;  // 3GPP TS 23.040: one octet
    const bool sound = part.total > 1 && part.total <= kMostParts && part.index >= 1 &&
                       part.index <= part.total && !part.reference.empty();
    return sound ? std::optional(part) : std::nullopt;
}

DeliveryReport report_of(std::string id, std::string client_ref, State state, std::string code) {
    DeliveryReport report;
    report.external_id = plain_or_empty(id, kLongestId);
    report.message_id = plain_or_empty(client_ref, kLongestId);
    report.state = state;
    report.error_code = code == "0" ? std::string{} : plain_or_empty(code, kLongestCode);
    return report;
}

}  // namespace

Vonage::Vonage(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), secrets_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the API secret of a Vonage account");
    require_secret(settings.secret, "the signature secret of a Vonage account");
    if (is_sms_api() && method_named(settings.signature_method) == nullptr)
        throw std::invalid_argument("a Vonage signature method is not known");
}

// Opt-Out Assist is a product of its own; only the words that every carrier knows are left to it.
bool Vonage::answers_keyword(std::string_view text) const noexcept {
    return answers_keywords_itself() && is_one_of(text, {"stop", "start", "help"});
}

std::optional<Refused> Vonage::verify(const http::Request& request, bot::TimePoint now) const {
    return is_sms_api() ? verify_sig_of(request, now) : verify_jwt_of(request, now);
}

std::optional<Refused> Vonage::verify_jwt_of(const http::Request& request, bot::TimePoint now) const {
    constexpr std::string_view kScheme = "bearer ";
    const auto given = request.header("Authorization");
    if (!given || given->size() <= kScheme.size() ||
        !http::equals_ignoring_case(given->substr(0, kScheme.size()), kScheme))
        return Refused{Refusal::missing_signature, {}, "Authorization: Bearer is missing"};
    const auto claims = verify_jwt(given->substr(kScheme.size()), secrets_, {{"HS256", net::Hash::sha256}});
    if (!claims || text_at(*claims, {"payload_hash"}) != net::sha256_hex(request.body))
        return Refused{Refusal::bad_signature, {}, "the token does not fit, or is of another body"};
    const std::string account = text_at(*claims, {"api_key"});
    if (!account.empty() && account != settings().account_id)
        return Refused{Refusal::wrong_account, "api_key", "is of another account"};
    const auto issued = read_timestamp(text_at(*claims, {"iat"}));
    if (!issued || !is_current(*issued, now) || !is_within_its_time(*claims, now, 0s))
        return Refused{Refusal::stale_timestamp, {}, "the token is not of the last five minutes"};
    return std::nullopt;
}

std::optional<Refused> Vonage::verify_sig_of(const http::Request& request, bot::TimePoint now) const {
    if (request.body.empty() && request.query().empty()) return std::nullopt;  // Vonage tries the URL
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    const std::string given = lower(text_or_empty(*fields, "sig"));
    if (given.empty()) return Refused{Refusal::missing_signature, {}, "sig is missing"};
    const Method& method = *method_named(settings().signature_method);
    const std::string text = signed_text(*fields);
    bool fits = false;
    for (const std::string& secret : secrets_) fits |= net::same_secret(given, sig_of(method, secret, text));
    if (!fits) return Refused{Refusal::bad_signature, {}, "sig does not fit"};
    const auto sent = read_timestamp(text_or_empty(*fields, "timestamp"));
    if (!sent || !is_current(*sent, now))
        return Refused{Refusal::stale_timestamp, {}, "the time stamp is not within five minutes"};
    return std::nullopt;
}

Parsed<Events> Vonage::read(Endpoint endpoint, const http::Request& request) const {
    if (!is_sms_api())
        return endpoint == Endpoint::sms ? read_message(request) : read_message_status(request);
    if (request.body.empty() && request.query().empty()) return Events{};
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    return endpoint == Endpoint::sms ? read_sms(*fields) : read_receipt(*fields);
}

Parsed<Events> Vonage::read_message(const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    InboundMessage message;
    message.external_id = text_at(*document, {"message_uuid"});
    message.from = as_number(text_at(*document, {"from"}));
    message.to = as_number(text_at(*document, {"to"}));
    message.text = text_at(*document, {"text"});
    for (const char* kind : {"image", "video", "audio", "vcard", "file"}) {
        add_medium(message.media, text_at(*document, {kind, "url"}), {});
        if (message.text.empty()) message.text = text_at(*document, {kind, "caption"});
    }
    Events events;
    add(events, std::move(message), kMessageNames);
    return events;
}

Parsed<Events> Vonage::read_message_status(const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    const State state = state_in({{"submitted", State::sent},
                                  {"delivered", State::delivered},
                                  {"read", State::delivered},
                                  {"rejected", State::failed},
                                  {"undeliverable", State::failed}},
                                 text_at(*document, {"status"}));
    Events events;
    events.reports.push_back(report_of(text_at(*document, {"message_uuid"}),
                                       text_at(*document, {"client_ref"}), state,
                                       text_at(*document, {"error", "title"})));
    return events;
}

Parsed<Events> Vonage::read_sms(const http::Form& fields) const {
    InboundMessage message;
    message.external_id = text_or_empty(fields, "messageId");
    message.from = as_number(text_or_empty(fields, "msisdn"));
    message.to = as_number(text_or_empty(fields, "to"));
    message.text = text_or_empty(fields, "text");
    message.part = part_of(fields);
    Events events;
    add(events, std::move(message), kSmsNames);
    return events;
}

Parsed<Events> Vonage::read_receipt(const http::Form& fields) const {
    const State state = state_in({{"accepted", State::sent},
                                  {"buffered", State::sent},
                                  {"delivered", State::delivered},
                                  {"expired", State::failed},
                                  {"failed", State::failed},
                                  {"rejected", State::failed}},
                                 text_or_empty(fields, "status"));
    auto report = report_of(std::string(text_or_empty(fields, "messageId")),
                            std::string(text_or_empty(fields, "client-ref")), state,
                            std::string(text_or_empty(fields, "err-code")));
    if (state == State::failed) read_code(report, kReceiptCodes);
    Events events;
    events.reports.push_back(std::move(report));
    return events;
}

void Vonage::authorize(net::OutgoingRequest& request) const {
    request.basic_auth = settings().account_id + ":" + settings().token;
}

net::OutgoingRequest Vonage::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    auto request =
        is_sms_api()
            ? build_sms(message)
            : json_post(settings().api_base + "/v1/messages",
                        {{"message_type", "text"},
                         {"channel", "sms"},
                         {"to", bare_digits(message.to)},
                         {"from", bare_digits(message.from)},
                         {"text", message.text},
                         {"client_ref", message.message_id},
                         {"ttl", std::clamp<std::int64_t>(message.valid_for.count(), 20, kLongestValidity)}});
    authorize(request);
    return request;
}

net::OutgoingRequest Vonage::build_sms(const OutboundMessage& message) const {
    const bool plain = bot::count_segments(message.text).encoding == bot::Encoding::gsm7;
    const auto seconds = std::clamp<std::int64_t>(message.valid_for.count(), 20, kLongestValidity);
    return json_post(settings().api_base + "/sms/json", {{"to", bare_digits(message.to)},
                                                         {"from", bare_digits(message.from)},
                                                         {"text", message.text},
                                                         {"type", plain ? "text" : "unicode"},
                                                         {"status-report-req", true},
                                                         {"callback", webhook_url("status")},
                                                         {"client-ref", message.message_id},
                                                         {"ttl", seconds * 1'000}});
}

SendOutcome Vonage::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    const bool success = reply.status >= 200 && reply.status < 300;
    if (is_sms_api() && success) {  // one entry for each part, and 200 for errors too
        const json* const first = first_at(document, {"messages"});
        if (first == nullptr) return Unclear{"no_message"};
        const std::string status = text_at(*first, {"status"});
        if (status.empty()) return Unclear{"no_status"};
        if (status == "0") return Sent{plain_or_empty(text_at(*first, {"message-id"}), kLongestId)};
        return judge(reply, status, kCodes);
    }
    if (success) {
        std::string id = plain_or_empty(text_at(document, {"message_uuid"}), kLongestId);
        if (id.empty()) return Unclear{"no_id"};
        return Sent{std::move(id)};
    }
    const std::string type = text_at(document, {"type"});  // ".../api-errors/messages#1030"
    return judge(reply, type.substr(std::min(type.rfind('#') + 1, type.size())), kCodes);
}

std::optional<net::OutgoingRequest> Vonage::build_lookup(const OutboundMessage& message,
                                                         bot::TimePoint since) const {
    constexpr std::string_view kHostOfTheSmsApi = "https://rest.nexmo.com";
    const std::string& base = settings().api_base;
    return inquiry((base == kHostOfTheSmsApi ? "https://api.nexmo.com" : base) + "/v2/reports/records?" +
                   http::encode_form({{"account_id", settings().account_id},
                                      {"product", is_sms_api() ? "SMS" : "MESSAGES"},
                                      {"direction", "outbound"},
                                      {"from", bare_digits(message.from)},
                                      {"to", bare_digits(message.to)},
                                      {"date_start", utc_time(since)},
                                      {"date_end", utc_time(since + 24h)}}));
}

std::optional<std::vector<std::string>> Vonage::read_lookup(const net::IncomingReply& reply,
                                                            const OutboundMessage& message,
                                                            bot::TimePoint /*since*/) const {
    const json document = reply_document(reply);
    const json* const records = find(document, {"records"});
    if (reply.status != 200 || records == nullptr || !records->is_array()) return std::nullopt;
    for (const json& record : *records) {
        std::string id = plain_or_empty(text_at(record, {"message_id"}), kLongestId);
        if (!id.empty() && text_at(record, {"client_ref"}) == message.message_id)
            return std::vector{std::move(id)};
    }
    return std::nullopt;
}

net::OutgoingRequest Vonage::build_probe(bot::TimePoint now) const {
    const std::int64_t seconds = bot::to_millis(now) / 1'000;
    if (is_sms_api()) {
        http::Form fields{{"text", "handrail doctor"}, {"timestamp", std::to_string(seconds)}};
        const Method& method = *method_named(settings().signature_method);
        fields.emplace_back("sig", sig_of(method, secrets_.front(), signed_text(fields)));
        return probe(http::encode_form(fields), "application/x-www-form-urlencoded");
    }
    auto request = probe("{}", "application/json");
    request.headers.push_back(
        authorization("Bearer", sign_jwt({{"iss", "Vonage"},
                                          {"iat", seconds},
                                          {"jti", std::to_string(bot::to_millis(now))},
                                          {"api_key", settings().account_id},
                                          {"payload_hash", net::sha256_hex(request.body)}},
                                         secrets_.front())));
    return request;
}

std::vector<net::OutgoingRequest> Vonage::build_inquiries() const {
    return {list_inquiry(settings().api_base +
                         (is_sms_api() ? "/account/get-balance" : "/v2/applications?page_size=100"))};
}

/// Where the SMS API sends texts is a setting that can be written but not read.
std::optional<std::string> Vonage::read_inquiry(const net::IncomingReply& reply) const {
    auto wrong = Account::read_inquiry(reply);
    if (wrong || is_sms_api()) return wrong;
    const json document = reply_document(reply);
    const json* const applications = find(document, {"_embedded", "applications"});
    if (applications == nullptr || !applications->is_array()) return "what answers is not the gateway's API";
    std::vector<std::string> called;
    for (const json& application : *applications)
        called.push_back(
            text_at(application, {"capabilities", "messages", "webhooks", "inbound_url", "address"}));
    return check_called(called, "application", text_at(document, {"total_items"}));
}

}  // namespace webhooks::gateways
