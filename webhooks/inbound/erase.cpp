#include "webhooks/inbound/erase.hpp"

#include <nlohmann/json.hpp>

#include "bot/conversation.hpp"
#include "bot/json_text.hpp"

namespace webhooks::inbound {

Erased erase(store::StoreTx& tx, store::ContactId contact, bot::TimePoint now) {
    auto row = tx.lock_conversation(contact);
    if (!row) return Erased::unknown;
    if (tx.open_escalation_of(contact)) return Erased::open_case;
    for (const store::Claimed& wired : tx.wired_rows())
        if (wired.contact == contact) return Erased::on_its_way;
    const bool opted_out = row->consent == bot::Consent::opted_out;
    const auto before = bot::parse_conversation(row->state);
    bot::Conversation after;
    after.consent = opted_out ? bot::Consent::opted_out : bot::Consent::none;
    if (before) {
        after.language = before->language;
        after.language_known = before->language_known;
    }
    after.turn = row->turn + 1;  // what was set before may not speak
    tx.erase_words(contact, opted_out, now);
    row->consent = after.consent;
    row->turn = after.turn;
    row->state = bot::serialize(after);
    row->before_last.clear();
    row->last_text.clear();
    tx.save_conversation(contact, *row, now);
    tx.publish("conversation.erased", bot::json_text({{"contact", contact.value}}), now);
    return Erased::done;
}

}  // namespace webhooks::inbound
