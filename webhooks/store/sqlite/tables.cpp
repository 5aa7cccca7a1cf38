#include "webhooks/store/sqlite/tables.hpp"

namespace webhooks::store::sqlite {

std::optional<ConversationRow> read_conversation(const Vault& vault, ContactId contact, Row row) {
    ConversationRow conversation;
    conversation.consent = row.as<bot::Consent>();
    conversation.turn = row.count();
    conversation.account = row.text();
    conversation.last_at = row.time();
    const std::string_view cell = row.bytes();
    if (cell.empty()) return std::nullopt;
    auto fields = open_fields(vault, Place(column::kConversation, contact.value), cell);
    if (fields) {
        conversation.state = fields->take(0);
        conversation.channel = fields->take(1);
        conversation.before_last = fields->take(2);
        conversation.last_text = fields->take(3);
    }
    return conversation;
}

EscalationRow read_escalation(const Vault& vault, Row row) {
    EscalationRow escalation;
    escalation.id = {row.integer()};
    escalation.code = row.text();
    escalation.contact = {row.integer()};
    bot::Escalation& ladder = escalation.ladder;
    ladder.priority = row.as<bot::Priority>();
    ladder.state = row.as<bot::EscalationState>();
    escalation.call_do_not_text = row.flag();
    ladder.opened_at = row.time();
    ladder.next_rung = static_cast<std::size_t>(row.count());
    ladder.repeats = static_cast<std::uint32_t>(row.count());
    ladder.next_due = row.maybe_time();
    escalation.acknowledged_at = row.maybe_time();
    auto fields = open_fields(vault, Place(column::kEscalation, escalation.id.value), row.bytes());
    if (!fields) {
        // A person is still needed: the rest of the row is enough to see and to close it.
        escalation.reason = kUnreadable;
        return escalation;
    }
    escalation.reason = fields->take(0);
    escalation.heard = fields->take(1);
    ladder.policy = bot::parse_escalation_policy(fields->take(2));
    ladder.acknowledged_by = fields->take(3);
    ladder.resolved_by = fields->take(4);
    bot::read_progress(fields->take(5), ladder);
    return escalation;
}

}  // namespace webhooks::store::sqlite
