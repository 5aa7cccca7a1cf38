#include "webhooks/gateways/kannel.hpp"

#include <algorithm>

#include "bot/segments.hpp"
#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

namespace {

using State = DeliveryReport::State;

constexpr FieldNames kNames{"id", "from", "to"};
constexpr int kAllReports = 31;  // delivered, failed, buffered, accepted and refused by the SMSC

DeliveryReport report_of(const http::Form& fields) {
    DeliveryReport report;
    const std::string_view status = text_or_empty(fields, "status");
    report.message_id = plain_or_empty(text_or_empty(fields, "mid"), kLongestId);
    report.state = state_in(
        {{"1", State::delivered}, {"2", State::failed}, {"8", State::sent}, {"16", State::failed}}, status);
    if (report.state == State::failed) report.error_code = status;
    return report;
}

}  // namespace

Kannel::Kannel(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), keys_(live(settings.secret, settings.secret_previous)) {
    require_secret(settings.token, "the sendsms password of a Kannel");
    require_secret(settings.secret, "the webhook key of a Kannel");
}

std::optional<Refused> Kannel::verify(const http::Request& request, bot::TimePoint /*now*/) const {
    const std::string given = in_query(request, "key");
    if (given.empty()) return Refused{Refusal::missing_signature, {}, "key is missing in the query"};
    bool fits = false;
    for (const std::string& key : keys_) fits |= net::same_secret(given, key);
    if (!fits) return Refused{Refusal::bad_signature, {}, "key does not fit"};
    return std::nullopt;
}

Parsed<Events> Kannel::read(Endpoint endpoint, const http::Request& request) const {
    const auto fields = read_form(request.query());  // also with post-url, but for the text
    if (!fields) return fields.error();
    Events events;
    if (endpoint == Endpoint::status) {
        events.reports.push_back(report_of(*fields));
        return events;
    }
    InboundMessage message;
    message.external_id = text_or_empty(*fields, "id");
    message.from = as_number(text_or_empty(*fields, "from"));
    message.to = as_number(text_or_empty(*fields, "to"));
    message.text = http::field(*fields, "text").value_or(std::string_view(request.body));
    add(events, std::move(message), kNames);
    return events;
}

// A status other than 200 and 202 makes Kannel try again.
http::Response Kannel::accepted() const { return http::Response::text(200, ""); }

net::OutgoingRequest Kannel::build_send(const OutboundMessage& message, bot::TimePoint /*now*/) const {
    const bool plain = bot::count_segments(message.text).encoding == bot::Encoding::gsm7;
    http::Form fields{{"username", settings().api_user},
                      {"password", settings().token},
                      {"from", message.from},
                      {"to", message.to},
                      {"charset", "UTF-8"},
                      {"coding", plain ? "0" : "2"},
                      {"text", message.text}};
    if (!settings().profile.empty()) fields.emplace_back("smsc", settings().profile);
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(message.valid_for);
    fields.emplace_back("validity", std::to_string(std::max<std::int64_t>(minutes.count(), 1)));
    fields.emplace_back("dlr-mask", std::to_string(kAllReports));
    // Kannel puts the state in place of %d; so no other percent sign may stand in it.
    fields.emplace_back("dlr-url", webhook_url("status") + "?key=" + keys_.front() +
                                       "&mid=" + message.message_id + "&status=%d");
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = settings().send_url + "?" + http::encode_form(fields);
    return request;
}

// "0: Accepted for delivery", "3: Queued for later delivery"; there is no id of Kannel's.
SendOutcome Kannel::read_send_reply(const net::IncomingReply& reply) const {
    const bool taken = reply.body.starts_with("0:") || reply.body.starts_with("3:");
    if (reply.status >= 200 && reply.status < 300) {
        if (!taken) return Unclear{"no_answer_of_kannel"};
        return Sent{};
    }
    if (reply.status == 403) return TryAgain{"http_403", {}, true};
    return judge(reply, {}, {});
}

net::OutgoingRequest Kannel::build_probe(bot::TimePoint /*now*/) const {
    auto request = probe("", "text/plain");
    request.url += "?" + http::encode_form({{"key", keys_.front()}});
    return request;
}

// Without a receiver sendsms refuses, but checks the credentials first.
std::vector<net::OutgoingRequest> Kannel::build_inquiries() const {
    return {inquiry(settings().send_url + "?" +
                    http::encode_form({{"username", settings().api_user}, {"password", settings().token}}))};
}

std::optional<std::string> Kannel::read_inquiry(const net::IncomingReply& reply) const {
    if (reply.status == 400) return std::nullopt;
    return Account::read_inquiry(reply);
}

}  // namespace webhooks::gateways
