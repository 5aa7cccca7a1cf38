#include "webhooks/oncall/staff_news.hpp"

#include <date/date.h>

#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/outbox/policy.hpp"

namespace webhooks::oncall {

using nlohmann::json;

void text_responder(store::StoreTx& tx, const Roster& roster, const bot::Responder& who, std::string text,
                    std::optional<store::EscalationId> escalation, std::string key, bot::TimePoint now) {
    tx.enqueue({.contact = std::nullopt,
                .escalation = escalation,
                .account = roster.page_account,
                .channel = roster.page_channel,
                .to = who.phone,
                .text = std::move(text),
                .kind = bot::MessageKind::page,
                .text_id = {},
                .said_by = {},
                .turn = 0,
                .at = now,
                .due = now,
                .fresh_until = now + outbox::fresh_for(bot::MessageKind::page),
                .page_key = std::move(key)});
}

void call_hooks(store::StoreTx& tx, const Roster& roster, std::string_view event, const json& facts,
                const std::string& key, bot::TimePoint now) {
    const std::string payload =
        bot::json_text({{"type", event}, {"timestamp", date::format("%FT%TZ", now)}, {"data", facts}});
    for (const Endpoint& endpoint : roster.endpoints) {
        if (!endpoint.events.empty() && !endpoint.events.contains(std::string(event))) continue;
        tx.enqueue_hook({endpoint.name, std::string(event), key, payload, now});
    }
}

}  // namespace webhooks::oncall
