#include "webhooks/gateways/plivo.hpp"

#include <algorithm>

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;
using State = DeliveryReport::State;

constexpr std::int64_t kLongestValidity = 14'400;
constexpr CodeTable kCodes{
    .passing = "20 80 300",  // network, destination away for now, not dispatched
    .opted_out = "200",
    .account = "900 910",  // no credit, disabled
    .filtered = "30",
};
constexpr FieldNames kNames{"MessageUUID", "From", "To"};

/// "k=v" joined by "&" (query), or names and values with nothing between (fields), sorted either way.
std::string joined(http::Form fields, std::string_view equals, std::string_view between) {
    std::sort(fields.begin(), fields.end());
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += between;
        text.append(name).append(equals).append(value);
    }
    return text;
}

bool has_v3(const http::Request& request) {
    return request.header("X-Plivo-Signature-V3").has_value() ||
           request.header("X-Plivo-Signature-Ma-V3").has_value();
}

/// V3: URL, query and fields; the "?" stands there too when there are fields and no query.
std::optional<std::string> signed_text(const http::Request& request, const std::string& base) {
    const auto query = http::parse_form(request.query());
    http::Form fields;
    if (request.method == "POST") {
        const auto form = http::parse_form(request.body);
        if (!form) return std::nullopt;
        fields = *form;
    }
    if (!query) return std::nullopt;
    std::string text = base;
    if (!query->empty() || !fields.empty()) text += "?";
    text += joined(*query, "=", "&");
    if (!query->empty() && !fields.empty()) text += ".";
    return text + joined(fields, "", "");
}

}  // namespace

Plivo::Plivo(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), tokens_(live(settings.token, settings.token_previous)) {
    require_secret(settings.token, "the auth token of a Plivo account");
}

std::optional<Refused> Plivo::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    const bool v3 = has_v3(request);
    const std::string version = v3 ? "V3" : "V2";
    const auto nonce = request.header("X-Plivo-Signature-" + version + "-Nonce");
    const auto own = request.header("X-Plivo-Signature-" + version);
    const auto main = request.header("X-Plivo-Signature-Ma-" + version);  // of the account above ours
    if (!nonce || nonce->empty() || (own.value_or("").empty() && main.value_or("").empty()))
        return Refused{
            Refusal::missing_signature, {}, "X-Plivo-Signature-V2 or -V3, or its nonce, is missing"};
    std::string text = public_url() + std::string(request.path());
    if (v3) {
        auto all = signed_text(request, text);
        if (!all) return Refused{Refusal::bad_signature, {}, "the form cannot be read"};
        text = std::move(*all) + ".";
    }
    text += *nonce;
    bool fits = false;
    for (const std::string& token : tokens_) {
        const std::string expected = net::hmac_sha256_base64(token, text);
        fits |= holds_signature(own.value_or(""), expected);
        fits |= holds_signature(main.value_or(""), expected);
    }
    if (!fits) return Refused{Refusal::bad_signature, {}, "X-Plivo-Signature-" + version + " does not fit"};
    return std::nullopt;
}

std::optional<std::string> Plivo::open_nonce(const http::Request& request) const {
    if (has_v3(request)) return std::nullopt;
    return std::string(request.header("X-Plivo-Signature-V2-Nonce").value_or(""));
}

Parsed<Events> Plivo::read(Endpoint endpoint, const http::Request& request) const {
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    Events events;
    if (endpoint == Endpoint::sms) {
        InboundMessage message;
        message.external_id = text_or_empty(*fields, "MessageUUID");
        message.from = as_number(text_or_empty(*fields, "From"));
        message.to = as_number(text_or_empty(*fields, "To"));
        message.text = text_or_empty(*fields, "Text");
        for (std::size_t i = 0; i < kMostMedia; ++i)
            if (const auto url = http::field(*fields, "Media" + std::to_string(i)))
                add_medium(message.media, std::string(*url), {});
        add(events, std::move(message), kNames);
        return events;
    }
    DeliveryReport report;
    // A long text is reported part by part; all of them name the one that was sent.
    report.external_id = plain_or_empty(text_or_empty(*fields, "ParentMessageUUID"), kLongestId);
    if (report.external_id.empty())
        report.external_id = plain_or_empty(text_or_empty(*fields, "MessageUUID"), kLongestId);
    if (report.external_id.empty()) return malformed("MessageUUID", "is missing");
    report.message_id = in_query(request, "id");
    report.state = state_in({{"sent", State::sent},
                             {"delivered", State::delivered},
                             {"undelivered", State::failed},
                             {"failed", State::failed},
                             {"rejected", State::failed}},
                            text_or_empty(*fields, "Status"));
    const std::string code = plain_or_empty(text_or_empty(*fields, "ErrorCode"), kLongestCode);
    if (code != "000") report.error_code = code;
    read_code(report, kCodes);
    events.reports.push_back(std::move(report));
    return events;
}

http::Response Plivo::accepted() const {
    return http::Response::with_type(200, "application/xml; charset=utf-8", "<Response/>");
}

void Plivo::authorize(net::OutgoingRequest& request) const {
    request.basic_auth = settings().account_id + ":" + settings().token;
}

bool Plivo::is_own_origin(const std::string& origin) const {
    return origin == "https://media.plivo.com" || Account::is_own_origin(origin);
}

net::OutgoingRequest Plivo::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    auto request = json_post(
        settings().api_base + "/v1/Account/" + settings().account_id + "/Message/",
        {{"src", bare_digits(message.from)},
         {"dst", bare_digits(message.to)},
         {"text", message.text},
         {"url", webhook_url("status") + "?id=" + message.message_id},
         {"method", "POST"},
         {"message_expiry", std::clamp<std::int64_t>(message.valid_for.count(), 5, kLongestValidity)}});
    authorize(request);
    return request;
}

SendOutcome Plivo::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        const json* const id = first_at(document, {"message_uuid"});
        std::string uuid = id != nullptr && id->is_string() ? id->get<std::string>() : std::string{};
        if (!is_plain(uuid, kLongestId)) return Unclear{"no_uuid"};
        return Sent{std::move(uuid)};
    }
    return judge(reply, text_at(document, {"error_code"}), kCodes);
}

net::OutgoingRequest Plivo::build_probe(bot::TimePoint now) const {
    auto request = probe("Text=handrail+doctor", "application/x-www-form-urlencoded");
    const std::string nonce = std::to_string(bot::to_millis(now));
    request.headers.push_back("X-Plivo-Signature-V2-Nonce: " + nonce);
    request.headers.push_back("X-Plivo-Signature-V2: " +
                              net::hmac_sha256_base64(tokens_.front(), request.url + nonce));
    return request;
}

std::vector<net::OutgoingRequest> Plivo::build_inquiries() const {
    return {list_inquiry(settings().api_base + "/v1/Account/" + settings().account_id +
                         "/Application/?limit=20")};
}

std::optional<std::string> Plivo::read_inquiry(const net::IncomingReply& reply) const {
    if (auto wrong = Account::read_inquiry(reply)) return wrong;
    const json document = reply_document(reply);
    const json* const applications = find(document, {"objects"});
    if (applications == nullptr || !applications->is_array()) return "what answers is not the gateway's API";
    std::vector<std::string> called;
    for (const json& application : *applications) called.push_back(text_at(application, {"message_url"}));
    return check_called(called, "application", text_at(document, {"meta", "total_count"}));
}

}  // namespace webhooks::gateways
