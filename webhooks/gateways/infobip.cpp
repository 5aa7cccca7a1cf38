#include "webhooks/gateways/infobip.hpp"

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;
using State = DeliveryReport::State;

constexpr FieldNames kNames{"/results/messageId", "/results/from", "/results/to"};
constexpr CodeTable kCodes{
    .passing = "TOO_MANY_REQUESTS 18",  // flooding filter
    .account = "UNAUTHORIZED 11 15",    // no credit, destination not registered for a trial account
};

/// `text` is what was written; `cleanText` has lost its keyword. An MMS comes in pieces.
InboundMessage inbound_of(const json& result) {
    InboundMessage message;
    message.external_id = text_at(result, {"messageId"});
    message.from = as_number(text_at(result, {"from"}));
    message.to = as_number(text_at(result, {"to"}));
    message.text = text_at(result, {"text"});
    const json* const pieces = find(result, {"message"});
    if (pieces == nullptr || !pieces->is_array()) return message;
    for (const json& piece : *pieces) {
        const std::string type = text_at(piece, {"contentType"});
        if (type.starts_with("text/"))
            message.text += text_at(piece, {"value"});
        else
            add_medium(message.media, text_at(piece, {"url"}), type);
    }
    return message;
}

DeliveryReport report_of(const json& result) {
    DeliveryReport report;
    report.external_id = plain_or_empty(text_at(result, {"messageId"}), kLongestId);
    report.message_id = plain_or_empty(text_at(result, {"callbackData"}), kLongestId);
    report.state = state_in({{"PENDING", State::sent},
                             {"ACCEPTED", State::sent},
                             {"DELIVERED", State::delivered},
                             {"UNDELIVERABLE", State::failed},
                             {"EXPIRED", State::failed},
                             {"REJECTED", State::failed}},
                            text_at(result, {"status", "groupName"}));
    if (report.state == State::failed)
        report.error_code = plain_or_empty(text_at(result, {"error", "id"}), kLongestCode);
    return report;
}

}  // namespace

Infobip::Infobip(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), passwords_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the API key of an Infobip account");
    require_secret(settings.secret, "the webhook password of an Infobip account");
}

std::optional<Refused> Infobip::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    return check_basic(request, settings().webhook_user, passwords_);
}

Parsed<Events> Infobip::read(Endpoint endpoint, const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    const json* const results = find(*document, {"results"});
    if (results == nullptr || !results->is_array()) return malformed("/results", "must be a list");
    Events events;
    for (const json& result : *results) {
        if (endpoint == Endpoint::sms)
            add(events, inbound_of(result), kNames);
        else
            events.reports.push_back(report_of(result));
    }
    return events;
}

void Infobip::authorize(net::OutgoingRequest& request) const {
    request.headers.push_back(authorization("App", settings().token));
}

net::OutgoingRequest Infobip::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    json text{
        {"sender", bare_digits(message.from)},
        {"destinations",
         json::array({{{"to", bare_digits(message.to)},
                       {"messageId", "handrail-" + settings().name + "-" + message.message_id}}})},
        {"content", {{"text", message.text}}},
        {"options", {{"validityPeriod", {{"amount", message.valid_for.count()}, {"timeUnit", "SECONDS"}}}}},
        {"webhooks",
         {{"delivery", {{"url", webhook_url("status")}}},
          {"contentType", "application/json"},
          {"callbackData", message.message_id}}}};
    auto request = json_post(settings().api_base + "/sms/3/messages", {{"messages", json::array({text})}});
    authorize(request);
    return request;
}

SendOutcome Infobip::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status < 200 || reply.status >= 300)
        return judge(reply, text_at(document, {"requestError", "serviceException", "messageId"}), kCodes);
    const json* const message = first_at(document, {"messages"});
    if (message == nullptr) return Unclear{"no_message"};
    std::string id = plain_or_empty(text_at(*message, {"messageId"}), kLongestId);
    const std::string group = text_at(*message, {"status", "groupId"});
    if (group == "0" || group == "1" || group == "3") return Sent{std::move(id)};
    if (group.empty()) return Unclear{"no_status"};
    return judge(reply, text_at(*message, {"status", "id"}), kCodes);
}

std::optional<net::OutgoingRequest> Infobip::build_inbound_list(const std::string& number,
                                                                bot::TimePoint since, int page) const {
    if (page > 0) return std::nullopt;  // one holds all there can be
    return list_inquiry(
        settings().api_base + "/sms/1/inbox/logs?" +
        http::encode_form(
            {{"to", bare_digits(number)}, {"receivedSince", utc_time(since)}, {"limit", "1000"}}));
}

std::optional<InboundPage> Infobip::read_inbound_list(const net::IncomingReply& reply, bot::TimePoint since,
                                                      bot::TimePoint until) const {
    const auto listed = read_listed(reply, "results", "receivedAt", since, until);
    if (!listed) return std::nullopt;
    Events events;  // checked as if they had come by webhook
    for (const json& result : listed->entries) add(events, inbound_of(result), kNames);
    return InboundPage{std::move(events.messages), false};
}

net::OutgoingRequest Infobip::build_probe(bot::TimePoint /*now*/) const {
    auto request = probe(R"({"results":[]})", "application/json");
    request.basic_auth = settings().webhook_user + ":" + passwords_.front();
    return request;
}

std::vector<net::OutgoingRequest> Infobip::build_inquiries() const {
    return {inquiry(settings().api_base + "/account/1/balance")};
}

}  // namespace webhooks::gateways
