#include "webhooks/gateways/sinch.hpp"

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;
using State = DeliveryReport::State;

constexpr CodeTable kCodes{.account = "unauthorized forbidden"};
constexpr FieldNames kNames{"/id", "/from", "/to"};
constexpr std::size_t kListPage = 100;  // the most there is

bool is_text(std::string_view type) { return type == "mo_text" || type == "mo_media"; }

InboundMessage inbound_of(const json& event) {
    InboundMessage message;
    message.external_id = text_at(event, {"id"});
    message.from = as_number(text_at(event, {"from"}));
    message.to = as_number(text_at(event, {"to"}));
    message.text = text_at(event, {"body"});
    const json* const media = find(event, {"body", "media"});  // then the body is an object
    if (media == nullptr || !media->is_array()) return message;
    message.text = text_at(event, {"body", "message"});
    for (const json& one : *media)
        add_medium(message.media, text_at(one, {"url"}), text_at(one, {"content_type"}));
    return message;
}

DeliveryReport report_of(const json& event) {
    DeliveryReport report;
    report.external_id = plain_or_empty(text_at(event, {"batch_id"}), kLongestId);
    report.message_id = plain_or_empty(text_at(event, {"client_reference"}), kLongestId);
    report.state = state_in({{"Dispatched", State::sent},
                             {"Delivered", State::delivered},
                             {"Aborted", State::failed},
                             {"Cancelled", State::failed},
                             {"Rejected", State::failed},
                             {"Deleted", State::failed},
                             {"Failed", State::failed},
                             {"Expired", State::failed}},
                            text_at(event, {"status"}));
    if (report.state == State::failed)
        report.error_code = plain_or_empty(text_at(event, {"code"}), kLongestCode);
    return report;
}

std::string signature_of(const std::string& secret, const std::string& body, std::string_view nonce,
                         std::string_view timestamp) {
    std::string text = body;
    text.append(".").append(nonce).append(".").append(timestamp);
    return net::hmac_sha256_base64(secret, text);
}

}  // namespace

Sinch::Sinch(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), secrets_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the API token of a Sinch service plan");
    require_secret(settings.secret, "the webhook secret of a Sinch service plan");
}

std::optional<Refused> Sinch::verify(const http::Request& request, bot::TimePoint now) const {
    const auto given = request.header("x-sinch-webhook-signature");
    const auto nonce = request.header("x-sinch-webhook-signature-nonce");
    const auto timestamp = request.header("x-sinch-webhook-signature-timestamp");
    for (const auto& part : {given, nonce, timestamp})
        if (!part || part->empty())
            return Refused{Refusal::missing_signature, {}, "x-sinch-webhook-signature or a part is missing"};
    bool fits = false;
    for (const std::string& secret : secrets_)
        fits |= net::same_secret(*given, signature_of(secret, request.body, *nonce, *timestamp));
    if (!fits) return Refused{Refusal::bad_signature, {}, "x-sinch-webhook-signature does not fit"};
    const auto sent = read_timestamp(*timestamp);
    if (!sent || !is_current(*sent, now))
        return Refused{Refusal::stale_timestamp, {}, "the time stamp is not within five minutes"};
    return std::nullopt;
}

Parsed<Events> Sinch::read(Endpoint /*both*/, const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    const std::string type = text_at(*document, {"type"});
    if (type.empty()) return malformed("/type", "is missing");
    Events events;
    if (is_text(type))
        add(events, inbound_of(*document), kNames);
    else if (type == "recipient_delivery_report_sms" || type == "recipient_delivery_report_mms")
        events.reports.push_back(report_of(*document));
    else
        events.unknown = 1;
    return events;
}

void Sinch::authorize(net::OutgoingRequest& request) const {
    request.headers.push_back(authorization("Bearer", settings().token));
}

net::OutgoingRequest Sinch::build_send(const OutboundMessage& message, bot::TimePoint now) const {
    auto request = json_post(settings().api_base + "/xms/v1/" + settings().account_id + "/batches",
                             {{"type", "mt_text"},
                              {"from", message.from},
                              {"to", json::array({message.to})},
                              {"body", message.text},
                              {"delivery_report", "per_recipient"},
                              {"callback_url", webhook_url("status")},
                              {"client_reference", message.message_id},
                              {"expire_at", utc_time(now + message.valid_for)}});
    authorize(request);
    return request;
}

SendOutcome Sinch::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        std::string id = plain_or_empty(text_at(document, {"id"}), kLongestId);
        if (id.empty()) return Unclear{"no_id"};
        return Sent{std::move(id)};
    }
    return judge(reply, text_at(document, {"code"}), kCodes);
}

std::optional<net::OutgoingRequest> Sinch::build_inbound_list(const std::string& number, bot::TimePoint since,
                                                              int page) const {
    return list_inquiry(settings().api_base + "/xms/v1/" + settings().account_id + "/inbounds?" +
                        http::encode_form({{"to", number},
                                           {"start_date", utc_time(since)},
                                           {"page", std::to_string(page)},
                                           {"page_size", std::to_string(kListPage)}}));
}

std::optional<InboundPage> Sinch::read_inbound_list(const net::IncomingReply& reply, bot::TimePoint since,
                                                    bot::TimePoint until) const {
    const auto listed = read_listed(reply, "inbounds", "received_at", since, until);
    if (!listed) return std::nullopt;
    Events events;  // checked as if they had come by webhook
    for (const json& event : listed->entries)
        if (is_text(text_at(event, {"type"}))) add(events, inbound_of(event), kNames);
    return InboundPage{std::move(events.messages), listed->of == kListPage};
}

net::OutgoingRequest Sinch::build_probe(bot::TimePoint now) const {
    auto request = probe("{}", "application/json");
    const std::string nonce = std::to_string(bot::to_millis(now));
    const std::string timestamp = std::to_string(bot::to_millis(now) / 1'000);
    const std::string signature = signature_of(secrets_.front(), request.body, nonce, timestamp);
    const auto add = [&](std::string name, const std::string& value) {
        request.headers.push_back(std::move(name.append(value)));
    };
    add("x-sinch-webhook-signature-algorithm: ", "HmacSHA256");
    add("x-sinch-webhook-signature-nonce: ", nonce);
    add("x-sinch-webhook-signature-timestamp: ", timestamp);
    add("x-sinch-webhook-signature: ", signature);
    return request;
}

std::vector<net::OutgoingRequest> Sinch::build_inquiries() const {
    return {
        inquiry(settings().api_base + "/xms/v1/" + settings().account_id + "/batches?page=0&page_size=1")};
}

}  // namespace webhooks::gateways
