#include "webhooks/gateways/messagebird.hpp"

#include <algorithm>

#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/http/ascii.hpp"

namespace webhooks::gateways {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using State = DeliveryReport::State;

constexpr const char* kHeader = "MessageBird-Signature-JWT";
constexpr std::chrono::seconds kLeeway = 5s;
constexpr CodeTable kCodes{
    .passing = "26",  // too many requests
    .opted_out = "103",
    .account = "2 25",  // access key, balance
};
constexpr FieldNames kNames{"id", "originator", "recipient"};
constexpr std::size_t kListPage = 100;

/// The first of these fields that is there: a short code's form has names of its own.
std::string_view either(const http::Form& fields, std::string_view name, std::string_view other) {
    return http::field(fields, name).value_or(text_or_empty(fields, other));
}

/// "mediaUrls[]" repeated, or "mediaUrls" with a JSON list in it.
std::vector<bot::Media> media_of(const http::Form& fields) {
    std::vector<bot::Media> media;
    for (const auto& [name, value] : fields) {
        if (!name.starts_with("mediaUrls")) continue;
        const json list = json::parse(value, nullptr, false);
        if (!list.is_array()) {
            add_medium(media, value, {});
            continue;
        }
        for (const json& url : list)
            if (url.is_string()) add_medium(media, url.get<std::string>(), {});
    }
    return media;
}

/// A hash in hex, in whatever letter case.
bool is_hash_of(const json& claims, const char* name, std::string_view text) {
    return http::equals_ignoring_case(text_at(claims, {name}), net::sha256_hex(text));
}

DeliveryReport report_of(const http::Form& fields) {
    DeliveryReport report;
    report.external_id = plain_or_empty(text_or_empty(fields, "id"), kLongestId);
    report.message_id = plain_or_empty(text_or_empty(fields, "reference"), kLongestId);
    report.state = state_in({{"sent", State::sent},
                             {"buffered", State::sent},
                             {"delivered", State::delivered},
                             {"expired", State::failed},
                             {"delivery_failed", State::failed}},
                            text_or_empty(fields, "status"));
    report.error_code = plain_or_empty(text_or_empty(fields, "statusErrorCode"), kLongestCode);
    read_code(report, kCodes);
    return report;
}

}  // namespace

MessageBird::MessageBird(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), keys_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the access key of a MessageBird account");
    require_secret(settings.secret, "the signing key of a MessageBird account");
}

std::optional<Refused> MessageBird::verify(const http::Request& request, bot::TimePoint now) const {
    const auto token = request.header(kHeader);
    if (!token || token->empty())
        return Refused{Refusal::missing_signature, {}, std::string(kHeader) + " is missing"};
    const auto claims = verify_jwt(
        *token, keys_,
        {{"HS256", net::Hash::sha256}, {"HS384", net::Hash::sha384}, {"HS512", net::Hash::sha512}});
    if (!claims) return Refused{Refusal::bad_signature, {}, std::string(kHeader) + " does not fit"};
    const bool has_hash = claims->contains("payload_hash");
    const bool fits = text_at(*claims, {"iss"}) == "MessageBird" && !text_at(*claims, {"jti"}).empty() &&
                      is_hash_of(*claims, "url_hash", url_of(request)) &&
                      (has_hash ? is_hash_of(*claims, "payload_hash", request.body) : request.body.empty());
    if (!fits) return Refused{Refusal::bad_signature, {}, "the token is of another request"};
    if (!is_within_its_time(*claims, now, kLeeway))
        return Refused{Refusal::stale_timestamp, {}, "the token's time has passed or not come"};
    return std::nullopt;
}

Parsed<Events> MessageBird::read(Endpoint endpoint, const http::Request& request) const {
    const auto fields = fields_of(request);
    if (!fields) return fields.error();
    Events events;
    if (endpoint == Endpoint::status) {
        events.reports.push_back(report_of(*fields));
        return events;
    }
    InboundMessage message;
    message.external_id = either(*fields, "id", "mid");
    message.from = as_number(text_or_empty(*fields, "originator"));
    message.to = as_number(either(*fields, "recipient", "shortcode"));
    message.text = either(*fields, "body", "message");
    message.media = media_of(*fields);
    add(events, std::move(message), kNames);
    return events;
}

http::Response MessageBird::accepted() const { return http::Response::text(200, "OK"); }

void MessageBird::authorize(net::OutgoingRequest& request) const {
    request.headers.push_back(authorization("AccessKey", settings().token));
}

bool MessageBird::is_own_origin(const std::string& origin) const {
    return origin == "https://media.messagebird.com" || Account::is_own_origin(origin);
}

net::OutgoingRequest MessageBird::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    auto request = json_post(settings().api_base + "/messages",
                             {{"originator", message.from},
                              {"recipients", message.to},
                              {"body", message.text},
                              {"reference", message.message_id},
                              {"reportUrl", webhook_url("status")},
                              {"datacoding", "auto"},
                              {"validity", std::max<std::int64_t>(message.valid_for.count(), 1)}});
    authorize(request);
    return request;
}

SendOutcome MessageBird::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300) {
        std::string id = plain_or_empty(text_at(document, {"id"}), kLongestId);
        if (id.empty()) return Unclear{"no_id"};
        return Sent{std::move(id)};
    }
    const json* const error = first_at(document, {"errors"});
    return judge(reply, error != nullptr ? text_at(*error, {"code"}) : std::string{}, kCodes);
}

std::optional<net::OutgoingRequest> MessageBird::build_inbound_list(const std::string& number,
                                                                    bot::TimePoint since, int page) const {
    return list_inquiry(
        settings().api_base + "/messages?" +
        http::encode_form({{"direction", "mo"},
                           {"recipient", bare_digits(number)},
                           {"from", utc_time(since)},
                           {"limit", std::to_string(kListPage)},
                           {"offset", std::to_string(static_cast<std::size_t>(page) * kListPage)}}));
}

std::optional<InboundPage> MessageBird::read_inbound_list(const net::IncomingReply& reply,
                                                          bot::TimePoint since, bot::TimePoint until) const {
    const auto listed = read_listed(reply, "items", "createdDatetime", since, until);
    if (!listed) return std::nullopt;
    Events events;  // checked as if they had come by webhook
    for (const json& item : listed->entries) {
        const json* const recipient = first_at(item, {"recipients", "items"});
        if (recipient == nullptr || text_at(item, {"direction"}) != "mo") continue;
        InboundMessage message;
        message.external_id = text_at(item, {"id"});
        message.from = as_number(text_at(item, {"originator"}));
        message.to = as_number(text_at(*recipient, {"recipient"}));
        message.text = text_at(item, {"body"});
        add(events, std::move(message), kNames);
    }
    return InboundPage{std::move(events.messages), listed->of == kListPage};
}

net::OutgoingRequest MessageBird::build_probe(bot::TimePoint now) const {
    auto request = probe("body=handrail+doctor", "application/x-www-form-urlencoded");
    const std::int64_t seconds = bot::to_millis(now) / 1'000;
    request.headers.push_back(std::string(kHeader) + ": " +
                              sign_jwt({{"iss", "MessageBird"},
                                        {"nbf", seconds},
                                        {"exp", seconds + 60},
                                        {"jti", std::to_string(bot::to_millis(now))},
                                        {"url_hash", net::sha256_hex(request.url)},
                                        {"payload_hash", net::sha256_hex(request.body)}},
                                       keys_.front()));
    return request;
}

std::vector<net::OutgoingRequest> MessageBird::build_inquiries() const {
    return {inquiry(settings().api_base + "/balance")};
}

}  // namespace webhooks::gateways
