#include "webhooks/oncall/staff_news.hpp"

#include <date/date.h>

#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/oncall/cases.hpp"
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

namespace {

std::string payload_of(std::string_view event, const json& facts, bot::TimePoint now) {
    return bot::json_text({{"type", event}, {"timestamp", date::format("%FT%TZ", now)}, {"data", facts}});
}

}  // namespace

json facts_of(const store::EscalationRow& row) {
    json facts{{"escalation", row.id.value},
               {"code", row.code},
               {"contact", row.contact.value},
               {"priority", bot::to_string(row.ladder.priority)},
               {"state", bot::to_string(row.ladder.state)},
               {"call_do_not_text", row.call_do_not_text},
               {"acknowledged_by", row.ladder.acknowledged_by}};
    if (row.reason == kDrill) facts["drill"] = true;
    return facts;
}

void call_hooks(store::StoreTx& tx, const Roster& roster, std::string_view event, const json& facts,
                const std::string& key, bot::TimePoint now) {
    const std::string payload = payload_of(event, facts, now);
    for (const Endpoint& endpoint : roster.endpoints) {
        if (!endpoint.events.empty() && !endpoint.events.contains(std::string(event))) continue;
        tx.enqueue_hook({endpoint.name, std::string(event), key, payload, now});
    }
}

void call_hook(store::StoreTx& tx, const Roster& roster, const store::PageRow& page,
               const std::optional<store::EscalationRow>& row, bot::TimePoint now) {
    json facts = row ? facts_of(*row) : json{{"what", page.note}};
    facts["responder"] = page.responder;
    const std::string_view event = row ? "escalation.notified" : "oncall.trouble";
    const std::string payload = payload_of(event, facts, now);
    for (const Endpoint& endpoint : roster.endpoints)
        if (endpoint.name == page.hook)
            tx.enqueue_hook(
                {endpoint.name, std::string(event), "page-" + std::to_string(page.id.value), payload, now});
}

}  // namespace webhooks::oncall
