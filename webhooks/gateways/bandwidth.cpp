#include "webhooks/gateways/bandwidth.hpp"

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/net/parse_time.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;
using State = DeliveryReport::State;

constexpr CodeTable kCodes{
    // unavailable, volume, and what the API calls a full queue
    .passing = "4702 4780 4781 4785 max-message-queue-size-exceeded request-limit-exceeded",
    .opted_out = "4775",
    .filtered = "4470 4770 4771",
};
constexpr FieldNames kNames{"/message/id", "/message/from", "/to"};

InboundMessage inbound_of(const json& event) {
    InboundMessage message;
    message.external_id = text_at(event, {"message", "id"});
    message.from = as_number(text_at(event, {"message", "from"}));
    message.to = as_number(text_at(event, {"to"}));  // message.to holds everybody of a group
    message.text = text_at(event, {"message", "text"});
    const json* const media = find(event, {"message", "media"});
    if (media == nullptr || !media->is_array()) return message;
    for (const json& url : *media)
        if (url.is_string()) add_medium(message.media, url.get<std::string>(), {});
    return message;
}

DeliveryReport report_of(const json& event, State state) {
    DeliveryReport report;
    report.external_id = plain_or_empty(text_at(event, {"message", "id"}), kLongestId);
    report.message_id = plain_or_empty(text_at(event, {"message", "tag"}), kLongestId);
    report.state = state;
    report.error_code = plain_or_empty(text_at(event, {"errorCode"}), kLongestCode);
    read_code(report, kCodes);
    return report;
}

/// What the vendor's own description of an event demands, and we rely on.
std::optional<Refused> check_event(const json& event) {
    for (const char* name : {"id", "from"})
        if (text_at(event, {"message", name}).empty())
            return malformed(std::string("/message/") + name, "is missing");
    const json* const to = find(event, {"message", "to"});
    if (to != nullptr && !to->is_array()) return malformed("/message/to", "must be a list");
    return std::nullopt;
}

}  // namespace

Bandwidth::Bandwidth(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), passwords_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the API password of a Bandwidth account");
    require_secret(settings.secret, "the webhook password of a Bandwidth application");
}

std::optional<Refused> Bandwidth::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    return check_basic(request, settings().webhook_user, passwords_);
}

Parsed<Events> Bandwidth::read(Endpoint /*both*/, const http::Request& request) const {
    const auto list = list_of(request);
    if (!list) return list.error();
    Events events;
    for (const json& event : *list) {
        const std::string type = text_at(event, {"type"});
        const State state = state_in({{"message-sent", State::sent},
                                      {"message-delivered", State::delivered},
                                      {"message-read", State::delivered},
                                      {"message-failed", State::failed}},
                                     type);
        const bool received = type == "message-received";
        if (!received && state == State::ignored) {
            events.unknown += type != "message-sending";
        } else if (auto refused = check_event(event)) {
            events.refused.push_back(std::move(*refused));
        } else if (received) {
            add(events, inbound_of(event), kNames);
        } else {
            events.reports.push_back(report_of(event, state));
        }
    }
    return events;
}

void Bandwidth::authorize(net::OutgoingRequest& request) const {
    request.basic_auth = settings().api_user + ":" + settings().token;
}

net::OutgoingRequest Bandwidth::build_send(const OutboundMessage& message, bot::TimePoint now) const {
    auto request = json_post(settings().api_base + "/api/v2/users/" + settings().account_id + "/messages",
                             {{"applicationId", settings().profile},
                              {"to", json::array({message.to})},
                              {"from", message.from},
                              {"text", message.text},
                              {"tag", message.message_id},
                              {"priority", "high"},
                              {"expiration", utc_time(now + message.valid_for)}});
    authorize(request);
    return request;
}

SendOutcome Bandwidth::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        std::string id = plain_or_empty(text_at(document, {"id"}), kLongestId);
        if (id.empty()) return Unclear{"no_id"};
        return Sent{std::move(id)};
    }
    return judge(reply, text_at(document, {"type"}), kCodes);
}

std::optional<net::OutgoingRequest> Bandwidth::build_lookup(const OutboundMessage& message,
                                                            bot::TimePoint since) const {
    return inquiry(settings().api_base + "/api/v2/users/" + settings().account_id + "/messages?" +
                   http::encode_form({{"sourceTn", message.from},
                                      {"destinationTn", message.to},
                                      {"messageDirection", "OUTBOUND"},
                                      {"fromDateTime", utc_time(since)},
                                      {"limit", "100"}}));
}

std::optional<std::vector<std::string>> Bandwidth::read_lookup(const net::IncomingReply& reply,
                                                               const OutboundMessage& message,
                                                               bot::TimePoint since) const {
    const json document = reply_document(reply);
    const json* const list = find(document, {"messages"});
    if (reply.status != 200 || list == nullptr || !list->is_array()) return std::nullopt;
    std::vector<std::string> ids;
    for (const json& one : *list) {
        const auto received = net::parse_time(text_at(one, {"receiveTime"}));
        const bool alike = as_number(text_at(one, {"sourceTn"})) == message.from &&
                           as_number(text_at(one, {"destinationTn"})) == message.to;
        std::string id = plain_or_empty(text_at(one, {"messageId"}), kLongestId);
        if (alike && received && *received >= since && !id.empty()) ids.push_back(std::move(id));
    }
    if (ids.empty()) return std::nullopt;
    return ids;
}

net::OutgoingRequest Bandwidth::build_probe(bot::TimePoint /*now*/) const {
    auto request = probe("[]", "application/json");
    request.basic_auth = settings().webhook_user + ":" + passwords_.front();
    return request;
}

std::vector<net::OutgoingRequest> Bandwidth::build_inquiries() const {
    return {inquiry(settings().api_base + "/api/v2/users/" + settings().account_id + "/media")};
}

}  // namespace webhooks::gateways
