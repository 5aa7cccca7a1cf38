#include "webhooks/oncall/outside.hpp"

#include <algorithm>
#include <charconv>

#include "webhooks/gateways/credentials.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::oncall {

namespace {

using gateways::Parsed;
using gateways::Refusal;
using gateways::Refused;
using gateways::text_at;
using http::equals_ignoring_case;
using nlohmann::json;

constexpr std::string_view kAlert = "handrail-case-";  // hook_formats.cpp
constexpr std::size_t kLongestName = 12;

std::optional<store::EscalationId> read_id(std::string_view text) {
    store::EscalationId id;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, id.value);
    if (failed != std::errc{} || stop != end || id.value <= 0) return std::nullopt;
    return id;
}

Parsed<OutsideNews> read_standard(const Endpoint& hook, const http::Request& request, bot::TimePoint now) {
    const gateways::StandardWebhooks signatures(hook.answer_secret);
    if (auto refused = signatures.verify(request, now)) return std::move(*refused);
    const auto document = gateways::document_of(request);
    if (!document) return document.error();
    OutsideNews news;
    news.id = std::string(*request.header("webhook-id"));
    const std::string type = text_at(*document, {"type"});
    news.about_a_case = type == "escalation.acknowledged" || type == "escalation.resolved";
    news.by_a_person = true;
    news.escalation = read_id(text_at(*document, {"data", "escalation"}));
    news.code = text_at(*document, {"data", "code"});
    news.by = text_at(*document, {"data", "by"});
    news.email = text_at(*document, {"data", "email"});
    if (news.about_a_case && !news.escalation && news.code.empty())
        return gateways::malformed("/data/escalation", "must name a case, or /data/code");
    return news;
}

Parsed<OutsideNews> read_pagerduty(const Endpoint& hook, const http::Request& request) {
    const auto given = request.header("x-pagerduty-signature");
    if (!given || given->empty())
        return Refused{Refusal::missing_signature, {}, "x-pagerduty-signature is missing"};
    const std::string expected = "v1=" + net::hmac_hex(net::Hash::sha256, hook.answer_secret, request.body);
    if (!gateways::holds_signature(*given, expected))
        return Refused{Refusal::bad_signature, {}, "no signature fits"};
    const auto document = gateways::document_of(request);
    if (!document) return document.error();
    OutsideNews news;
    news.id = text_at(*document, {"event", "id"});
    if (news.id.empty()) return gateways::malformed("/event/id", "is missing");
    const std::string type = text_at(*document, {"event", "event_type"});
    const std::string key = text_at(*document, {"event", "data", "incident_key"});
    const bool of_interest = type == "incident.acknowledged" || type == "incident.resolved";
    if (key.starts_with(kAlert)) news.escalation = read_id(std::string_view(key).substr(kAlert.size()));
    news.about_a_case = of_interest && news.escalation;
    news.by_a_person = text_at(*document, {"event", "agent", "type"}).starts_with("user");
    news.by = text_at(*document, {"event", "agent", "summary"});
    return news;
}

std::string_view first_word(std::string_view name) { return name.substr(0, name.find(' ')); }

}  // namespace

Parsed<OutsideNews> read_outside(const Endpoint& hook, const http::Request& request, bot::TimePoint now) {
    return hook.format == HookFormat::pagerduty ? read_pagerduty(hook, request)
                                                : read_standard(hook, request, now);
}

std::string outside_name(const Roster& roster, const Endpoint& hook, const OutsideNews& news) {
    const std::string_view first = first_word(news.by);
    const auto is_them = [&](const bot::Responder& person) {
        return (!news.email.empty() && equals_ignoring_case(person.email, news.email)) ||
               (!person.name.empty() && equals_ignoring_case(person.name, news.by));
    };
    auto found = std::ranges::find_if(roster.people, is_them);
    if (found == roster.people.end())
        found = std::ranges::find_if(
            roster.people, [&](const auto& person) { return equals_ignoring_case(person.name, first); });
    if (found != roster.people.end()) return found->name;
    const bool fits =
        !first.empty() && first.size() <= kLongestName && std::ranges::all_of(first, http::is_alpha);
    return fits ? std::string(first) : hook.name;
}

}  // namespace webhooks::oncall
