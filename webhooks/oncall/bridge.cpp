#include "webhooks/oncall/bridge.hpp"

#include "bot/conversation.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/oncall/voice_words.hpp"

namespace webhooks::oncall {

namespace {

using store::EscalationRow;
using store::PageRow;
using store::PageState;
using store::StoreTx;

/// The conversation's own words on it: "call, do not text" is no bar, but a phone that must not ring is.
bool may_ring(StoreTx& tx, store::ContactId contact) {
    const auto row = tx.lock_conversation(contact);
    const auto state = row ? bot::parse_conversation(row->state) : bot::Conversation{};
    return state && !state->quiet_hold;
}

std::string line_number(StoreTx& tx, const Roster& roster, store::ContactId contact) {
    const auto row = tx.lock_conversation(contact);
    return row && !row->channel.empty() ? row->channel : roster.voice.number;
}

/// The case of this call, while it is the caller's.
std::optional<EscalationRow> own_case(StoreTx& tx, const PageRow& page) {
    auto row = page.escalation ? tx.escalation(*page.escalation) : std::nullopt;
    const bool held = row && row->ladder.state == bot::EscalationState::acknowledged &&
                      row->ladder.acknowledged_by == page.responder;
    return held ? std::move(row) : std::nullopt;
}

BridgeStep after_dial(const EscalationRow& row, std::string_view how) {
    const bool talked = how == "completed" || how == "answered";
    std::string words = talked ? "The call has ended. Text done and the case number to close it."
                               : "They did not answer. Case " + spelled(row.code) + " is still yours.";
    return {std::move(words), false, {}, {}, std::nullopt};
}

}  // namespace

std::string ask_for_bridge(StoreTx& tx, const Roster& roster, const bot::Responder& who,
                           const EscalationRow& row, std::int64_t inbound_id, bot::TimePoint now) {
    const std::string name = "Case " + row.code + ": ";
    if (row.ladder.acknowledged_by != who.name)
        return row.ladder.acknowledged_by.empty()
                   ? name + "take it first, ACK " + row.code + "."
                   : name + "it is already with " + row.ladder.acknowledged_by + ".";
    if (roster.voice.account.empty()) return name + "this line cannot place calls. Call them yourself.";
    if (!may_ring(tx, row.contact))
        return name + "it may be unsafe for their phone to ring: wait until they write.";
    tx.add_page({.escalation = row.id,
                 .responder = who.name,
                 .by = bot::PageBy::bridge,
                 .hook = {},
                 .key = key_for(row, who.name, "bridge-" + std::to_string(inbound_id)),
                 .note = {},
                 .state = PageState::waiting,
                 .at = now,
                 .due = now});
    tx.log_escalation(row.id, "call_asked", who.name, {}, now);
    return name + "your phone rings now. Press 1 and you are put through; neither number is shown.";
}

BridgeStep answer_bridge(StoreTx& tx, const Roster& roster, const PageRow& page,
                         const gateways::CallNews& news, bot::TimePoint now) {
    if (news.machine) {
        bridge_not_made(tx, roster, page, PageState::not_reached, now);
        return {};
    }
    const auto row = own_case(tx, page);
    if (!row) return {"This case is not with you any more. Thank you.", false, {}, {}, std::nullopt};
    if (!news.dialled.empty()) return after_dial(*row, news.dialled);
    if (news.digits != "1") {
        return {"Case " + spelled(row->code) + ". Press 1 to be put through to the texter.",
                true,
                {},
                {},
                std::nullopt};
    }
    const std::string number = tx.number_of(row->contact);
    if (number.empty() || !may_ring(tx, row->contact))
        return {"They cannot be called now. Thank you.", false, {}, {}, std::nullopt};
    tx.mark_page(page.id, PageState::answered, now);
    tx.mark_responder_heard(page.responder, now);
    tx.log_escalation(row->id, "call_placed", page.responder, {}, now);
    return {"You are put through.", false, number, line_number(tx, roster, row->contact), std::nullopt};
}

std::optional<Told> bridge_talks(StoreTx& tx, const Roster& roster, const PageRow& page, bot::TimePoint now) {
    const auto row = own_case(tx, page);
    if (!row) return std::nullopt;
    tx.log_escalation(row->id, "call_answered", page.responder, {}, now);
    return human_spoke(tx, roster, row->contact, page.responder, now, row->ladder.by_phone);
}

void bridge_not_made(StoreTx& tx, const Roster& roster, const PageRow& page, PageState state,
                     bot::TimePoint now) {
    tx.mark_page(page.id, state, now);
    const auto row = own_case(tx, page);
    const bot::Responder* who = roster.by_name(page.responder);
    if (!row || who == nullptr) return;
    text_responder(tx, roster, *who,
                   "Case " + row->code + ": the call to you was not answered or could not be made. CALL " +
                       row->code + " tries again.",
                   row->id, page.key + "/not-made", now);
}

}  // namespace webhooks::oncall
