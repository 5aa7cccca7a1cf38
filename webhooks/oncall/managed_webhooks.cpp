#include "webhooks/oncall/managed_webhooks.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/oncall/staff_news.hpp"

namespace webhooks::oncall {

namespace {

using namespace std::chrono_literals;
using store::StoreTx;
using store::WebhookRow;
using store::WebhookState;

constexpr std::array<std::string_view, 34> kEventTypes{"message.received",
                                                       "message.sent",
                                                       "message.delivered",
                                                       "message.errored",
                                                       "message.failed",
                                                       "message.unknown",
                                                       "message.cancelled",
                                                       "message.stale",
                                                       "message.reported",
                                                       "conversation.changed",
                                                       "conversation.held",
                                                       "conversation.idle",
                                                       "conversation.noted",
                                                       "conversation.tagged",
                                                       "conversation.erased",
                                                       "consent.changed",
                                                       "sign_up.received",
                                                       "escalation.opened",
                                                       "escalation.raised",
                                                       "escalation.notified",
                                                       "escalation.acknowledged",
                                                       "escalation.lapsed",
                                                       "escalation.resolved",
                                                       "escalation.unreachable",
                                                       "escalation.noted",
                                                       "erasure.asked",
                                                       "erasure.confirmed",
                                                       "erasure.refused",
                                                       "responder.stopped",
                                                       "responder.in_danger",
                                                       "oncall.trouble",
                                                       "oncall.changed",
                                                       "task.booked",
                                                       "task.ended"};
constexpr std::chrono::milliseconds kDeadline = 15s;
constexpr std::int64_t kMostOwed = 10'000;

bool hears_of_cases(const WebhookRow& webhook) {
    return webhook.events.empty() ||
           std::any_of(webhook.events.begin(), webhook.events.end(),
                       [](const std::string& type) { return type.starts_with("escalation."); });
}

/// Why it is given up now; empty: it is not.
std::string reason_to_give_up(StoreTx& tx, const WebhookRow& webhook, std::string_view outcome,
                              const WebhookSettings& settings, bot::TimePoint now) {
    if (outcome == "410") return "says that it is gone for good";
    if (now - *webhook.failing_since >= settings.give_up_after) {
        const auto hours = std::chrono::floor<std::chrono::hours>(now - *webhook.failing_since).count();
        return "has taken nothing for " + std::to_string(hours) + " h";
    }
    if (tx.staff().deliveries_owed(store::endpoint_of_webhook(webhook.id)) > kMostOwed)
        return "is owed too much";
    return {};
}

void alert_staff(StoreTx& tx, const Roster& roster, const WebhookRow& webhook, const std::string& why,
                 bot::TimePoint now) {
    const std::string what = "the webhook " + webhook.name + " " + why + " and is switched off";
    const std::string key =
        "webhook-" + std::to_string(webhook.id) + "-" + std::to_string(bot::to_millis(now));
    const nlohmann::json facts{{"what", what}, {"webhook", webhook.id}};
    tx.staff().add_audit(
        {0, std::nullopt, "handrail", "webhook_given_up", webhook.name + ": " + why, {}, now});
    tx.publish("oncall.trouble", bot::json_text(facts), now);
    call_hooks(tx, roster, "oncall.trouble", facts, key, now);
    if (!hears_of_cases(webhook)) return;
    for (const bot::Responder& who : roster.people)
        text_responder(tx, roster, who, "Other systems no longer hear of cases: " + what + ".", std::nullopt,
                       key + "/" + who.name, now);
}

}  // namespace

std::span<const std::string_view> event_types() noexcept { return kEventTypes; }

bool is_event_type(std::string_view word) noexcept {
    return std::find(kEventTypes.begin(), kEventTypes.end(), word) != kEventTypes.end();
}

net::OutgoingRequest delivery_request(const WebhookRow& webhook, const store::ClaimedHook& hook,
                                      const WebhookSettings& settings, bot::TimePoint now) {
    const bool rotating = webhook.old_until && now < *webhook.old_until;
    const gateways::StandardWebhooks signatures(webhook.secret, rotating ? webhook.old_secret : "");
    net::OutgoingRequest request;
    request.url = webhook.url;
    request.body = hook.payload;
    request.deadline = kDeadline;
    request.only_public = !settings.allow_private;
    request.headers = signatures.header_lines(hook.key, now, request.body);
    request.headers.emplace_back("Content-Type: application/json");
    return request;
}

void webhook_took(StoreTx& tx, std::int64_t id) {
    auto webhook = tx.staff().webhook(id);
    if (!webhook || !webhook->failing_since) return;
    webhook->failing_since.reset();
    tx.staff().save_webhook(*webhook);
}

bool webhook_failed(StoreTx& tx, const Roster& roster, std::int64_t id, std::string_view outcome,
                    bot::TimePoint now) {
    auto webhook = tx.staff().webhook(id);
    if (!webhook) return false;
    if (webhook->state != WebhookState::on) return webhook->state == WebhookState::off;
    const bool first = !webhook->failing_since;
    if (first) webhook->failing_since = now;
    const std::string why = reason_to_give_up(tx, *webhook, outcome, roster.webhooks, now);
    if (!why.empty()) {
        webhook->state = WebhookState::given_up;
        tx.staff().drop_deliveries(id, "given_up", now);
        alert_staff(tx, roster, *webhook, why, now);
    }
    if (first || !why.empty()) tx.staff().save_webhook(*webhook);
    return why.empty();
}

}  // namespace webhooks::oncall
