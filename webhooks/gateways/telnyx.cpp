#include "webhooks/gateways/telnyx.hpp"

#include <stdexcept>

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;
using State = DeliveryReport::State;

constexpr std::size_t kPublicKeyBytes = 32;
constexpr CodeTable kCodes{
    // temporary spam filter, network, unavailable, too many requests
    .passing = "40002 40006 40011 10011 40014 40318",
    .opted_out = "40300",
    // credentials, blocked account, no credit
    .account = "10009 10010 20001 20100 40310",
    .filtered = "40002 40003",
};
constexpr FieldNames kNames{"/data/payload/id", "/data/payload/from/phone_number",
                            "/data/payload/to/0/phone_number"};

/// Set when the account's own auto-response has answered a word.
bot::CarrierKeyword carrier_keyword(const std::string& type) {
    if (is_one_of(type, {"stop"})) return bot::CarrierKeyword::stop;
    if (is_one_of(type, {"start"})) return bot::CarrierKeyword::start;
    if (is_one_of(type, {"help"})) return bot::CarrierKeyword::help;
    return bot::CarrierKeyword::none;
}

InboundMessage inbound_of(const json& payload) {
    InboundMessage message;
    message.external_id = text_at(payload, {"id"});
    message.from = as_number(text_at(payload, {"from", "phone_number"}));
    if (const json* to = first_at(payload, {"to"})) message.to = as_number(text_at(*to, {"phone_number"}));
    message.text = text_at(payload, {"text"});
    message.carrier_keyword = carrier_keyword(text_at(payload, {"autoresponse_type"}));
    const json* const media = find(payload, {"media"});
    if (media == nullptr || !media->is_array()) return message;
    for (const json& one : *media)
        add_medium(message.media, text_at(one, {"url"}), text_at(one, {"content_type"}));
    return message;
}

DeliveryReport report_of(const json& payload, std::string message_id) {
    DeliveryReport report;
    report.external_id = plain_or_empty(text_at(payload, {"id"}), kLongestId);
    report.message_id = std::move(message_id);
    if (const json* to = first_at(payload, {"to"})) {
        report.state = state_in({{"sent", State::sent},
                                 {"delivered", State::delivered},
                                 {"delivery_unconfirmed", State::sent},
                                 {"sending_failed", State::failed},
                                 {"delivery_failed", State::failed}},
                                text_at(*to, {"status"}));
    }
    if (const json* error = first_at(payload, {"errors"}))
        report.error_code = plain_or_empty(text_at(*error, {"code"}), kLongestCode);
    read_code(report, kCodes);
    return report;
}

}  // namespace

Telnyx::Telnyx(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url) {
    require_secret(settings.token, "the API key of a Telnyx account");
    for (const std::string& key : live(settings.secret, settings.secret_previous)) {
        public_keys_.push_back(net::decode_base64(key));
        if (public_keys_.back().size() != kPublicKeyBytes)
            throw std::invalid_argument("a Telnyx public key is not 32 bytes in base64");
    }
}

std::optional<Refused> Telnyx::verify(const http::Request& request, bot::TimePoint now) const {
    const auto given = request.header("Telnyx-Signature-Ed25519");
    const auto timestamp = request.header("Telnyx-Timestamp");
    if (!given || given->empty() || !timestamp || timestamp->empty())
        return Refused{Refusal::missing_signature, {}, "Telnyx-Signature-Ed25519 or -Timestamp is missing"};
    const std::string signature = net::decode_base64(*given);
    std::string text(*timestamp);
    text.append("|").append(request.body);
    bool fits = false;
    for (const std::string& key : public_keys_) fits |= net::ed25519_fits(key, text, signature);
    if (!fits) return Refused{Refusal::bad_signature, {}, "Telnyx-Signature-Ed25519 does not fit"};
    const auto sent = read_timestamp(*timestamp);
    if (!sent || !is_current(*sent, now))
        return Refused{Refusal::stale_timestamp, {}, "the time stamp is not within five minutes"};
    return std::nullopt;
}

Parsed<Events> Telnyx::read(Endpoint /*both*/, const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    const std::string type = text_at(*document, {"data", "event_type"});
    const json* const payload = find(*document, {"data", "payload"});
    if (type.empty()) return malformed("/data/event_type", "is missing");
    Events events;
    if (type != "message.received" && type != "message.sent" && type != "message.finalized") {
        events.unknown = 1;
        return events;
    }
    if (payload == nullptr || !payload->is_object()) return malformed("/data/payload", "must be an object");
    if (type == "message.received")
        add(events, inbound_of(*payload), kNames);
    else
        events.reports.push_back(report_of(*payload, in_query(request, "id")));
    return events;
}

void Telnyx::authorize(net::OutgoingRequest& request) const {
    request.headers.push_back(authorization("Bearer", settings().token));
}

net::OutgoingRequest Telnyx::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    json body{{"from", message.from},
              {"to", message.to},
              {"text", message.text},
              {"webhook_url", webhook_url("status") + "?id=" + message.message_id}};
    if (!settings().profile.empty()) body["messaging_profile_id"] = settings().profile;
    auto request = json_post(settings().api_base + "/v2/messages", body);
    authorize(request);
    return request;
}

SendOutcome Telnyx::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        std::string id = plain_or_empty(text_at(document, {"data", "id"}), kLongestId);
        if (id.empty()) return Unclear{"no_id"};
        return Sent{std::move(id)};
    }
    const json* const error = first_at(document, {"errors"});
    return judge(reply, error != nullptr ? text_at(*error, {"code"}) : std::string{}, kCodes);
}

net::OutgoingRequest Telnyx::build_probe(bot::TimePoint /*now*/) const {
    return probe("{}", "application/json");
}

std::vector<net::OutgoingRequest> Telnyx::build_inquiries() const {
    std::string url = settings().api_base + "/v2/messaging_profiles";
    if (settings().profile.empty())
        url += "?page%5Bsize%5D=250";
    else
        url.append("/").append(settings().profile);
    return {list_inquiry(std::move(url))};
}

std::optional<std::string> Telnyx::read_inquiry(const net::IncomingReply& reply) const {
    if (reply.status == 404) return "there is no messaging profile " + settings().profile;
    if (auto wrong = Account::read_inquiry(reply)) return wrong;
    const json document = reply_document(reply);
    const json* const data = find(document, {"data"});
    if (data == nullptr) return "what answers is not the gateway's API";
    std::vector<std::string> called;
    for (const json& profile : data->is_array() ? *data : json::array({*data}))
        called.push_back(text_at(profile, {"webhook_api_version"}) == "2" ? text_at(profile, {"webhook_url"})
                                                                          : "");
    return check_called(called, "messaging profile (of webhook API version 2)",
                        text_at(document, {"meta", "total_results"}));
}

}  // namespace webhooks::gateways
