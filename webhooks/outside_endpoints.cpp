#include "webhooks/outside_endpoints.hpp"

#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/outside.hpp"

namespace webhooks {

namespace {

using boost::system::error_code;
using inbound::Line;
using net::as_result;
using oncall::Endpoint;
using oncall::OutsideNews;
using store::StoreTx;

/// What became of it, for the tool's log.
struct Heard {
    std::string outcome = "ignored";  ///< "acknowledged", "late", "closed", "unknown", "repeated"
    std::string holder;
    std::optional<oncall::Acknowledged> acknowledged;
};

std::optional<store::EscalationRow> case_of(StoreTx& tx, const OutsideNews& news) {
    return news.escalation ? tx.escalation(*news.escalation) : tx.last_escalation_by_code(news.code);
}

Heard take(StoreTx& tx, const Line& line, const Endpoint& hook, const OutsideNews& news, bot::TimePoint now) {
    if (!tx.tasks().first_told(hook.name, news.id, now)) return {"repeated", {}, std::nullopt};
    const auto row = case_of(tx, news);
    if (!row) return {"unknown", {}, std::nullopt};
    if (row->ladder.state == bot::EscalationState::resolved) return {"closed", {}, std::nullopt};
    Heard heard;
    heard.acknowledged =
        oncall::acknowledge(tx, line.roster, *row, outside_name(line.roster, hook, news), now);
    if (const auto& told = heard.acknowledged->told)
        inbound::Turns(tx, line, now).event(told->contact, told->change);
    heard.outcome = heard.acknowledged->accepted ? "acknowledged" : "late";
    heard.holder = heard.acknowledged->holder;
    return heard;
}

http::Response refused(const gateways::Refused& why) {
    if (why.why == gateways::Refusal::malformed_body)
        return http::problem(400, "Malformed request", why.detail, why.field);
    return http::problem(403, "Signature refused",
                         "The request is not signed with this hook's answer_secret.");
}

}  // namespace

void OutsideEndpoints::add(http::Router& router) {
    for (const Endpoint& hook : parts_.line->roster.endpoints) {
        if (hook.answer_secret.empty()) continue;
        router.add("POST", "/webhooks/oncall/" + hook.name,
                   [this, &hook](const http::Request& request) { return hear(hook, request); });
    }
}

asio::awaitable<http::Response> OutsideEndpoints::hear(const Endpoint& hook, const http::Request& request) {
    const bot::TimePoint now = net::now();
    const auto news = oncall::read_outside(hook, request, now);
    if (!news) co_return refused(news.error());
    auto heard = std::make_shared<Heard>();
    if (news->about_a_case && news->by_a_person) {
        store::Store::Job job = [heard, line = parts_.line, &hook, told = *news,
                                 now](StoreTx& tx) -> error_code {
            *heard = take(tx, *line, hook, told, now);
            return {};
        };
        auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
        if (failed) {
            http::Response later = http::problem(503, "Try again later");
            later.headers.emplace_back("Retry-After", "5");
            co_return later;
        }
        parts_.committed();
    }
    if (const auto& taken = heard->acknowledged; taken && taken->accepted)
        parts_.metrics.acknowledged(bot::to_string(taken->priority), taken->after);
    co_return http::Response::json(200,
                                   bot::json_text({{"outcome", heard->outcome}, {"held_by", heard->holder}}));
}

}  // namespace webhooks
