#include "webhooks/oncall/bridge.hpp"

#include <algorithm>

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

boost::system::result<bot::Conversation> state_of(StoreTx& tx, store::ContactId contact) {
    const auto row = tx.lock_conversation(contact);
    return row ? bot::parse_conversation(row->state) : bot::Conversation{};
}

/// The conversation's own words on it: "call, do not text" is no bar, but a phone that must not ring is.
bool may_ring(StoreTx& tx, store::ContactId contact) {
    const auto state = state_of(tx, contact);
    return state && !state->quiet_hold;
}

/// Whoever took the case, even while another person still has to, or was given its conversation since.
bool has_it(StoreTx& tx, const EscalationRow& row, const std::string& name) {
    if (row.ladder.state == bot::EscalationState::resolved) return false;
    const auto& takers = row.ladder.takers;
    if (std::ranges::find(takers, name) != takers.end()) return true;
    const auto state = state_of(tx, row.contact);
    return state && state->held_by == name;
}

void note_step(StoreTx& tx, const EscalationRow& row, std::string_view what, const std::string& who,
               bot::TimePoint now) {
    tx.log_escalation(row.id, what, who, {}, now);
    publish_case(tx, row, "escalation.noted", now);
}

std::string line_number(StoreTx& tx, const Roster& roster, store::ContactId contact) {
    const auto row = tx.lock_conversation(contact);
    return row && !row->channel.empty() ? row->channel : roster.voice.number;
}

/// The case of this call, while it is the caller's.
std::optional<EscalationRow> own_case(StoreTx& tx, const PageRow& page) {
    auto row = page.escalation ? tx.escalation(*page.escalation) : std::nullopt;
    const bool held = row && has_it(tx, *row, page.responder);
    return held ? std::move(row) : std::nullopt;
}

BridgeStep after_dial(StoreTx& tx, const EscalationRow& row, const PageRow& page, std::string_view how,
                      bot::TimePoint now) {
    const bool talked = how == "completed" || how == "answered";
    note_step(tx, row, talked ? "call_ended" : "call_unanswered", page.responder, now);
    std::string words = talked ? "The call has ended. Text done and the case number to close it."
                               : "They did not answer. Case " + spelled(row.code) + " is still yours.";
    return {std::move(words), false, {}, {}, std::nullopt};
}

}  // namespace

BridgeAsked ask_for_bridge(StoreTx& tx, const Roster& roster, const bot::Responder& who,
                           const EscalationRow& row, std::string_view request, bot::TimePoint now) {
    if (!has_it(tx, row, who.name))
        return {row.ladder.acknowledged_by.empty() ? BridgeBar::not_taken : BridgeBar::held_by_other};
    if (roster.voice.account.empty()) return {BridgeBar::cannot_call};
    if (!may_ring(tx, row.contact)) return {BridgeBar::unsafe_to_ring};
    std::string named("bridge-");
    named.append(request);
    const std::string key = key_for(row, who.name, named);
    const auto pages = tx.pages_of(row.id);
    if (std::ranges::find(pages, key, &PageRow::key) != pages.end()) return {};
    tx.add_page({.escalation = row.id,
                 .responder = who.name,
                 .by = bot::PageBy::bridge,
                 .hook = {},
                 .key = key,
                 .note = {},
                 .state = PageState::waiting,
                 .at = now,
                 .due = now});
    note_step(tx, row, "call_asked", who.name, now);
    return {BridgeBar::none, true};
}

std::string words_of(BridgeBar bar, const EscalationRow& row) {
    std::string words = "Case " + row.code + ": ";
    switch (bar) {
        case BridgeBar::not_taken:
            return words.append("take it first, ACK ").append(row.code).append(".");
        case BridgeBar::held_by_other:
            return words.append("it is already with ").append(row.ladder.acknowledged_by).append(".");
        case BridgeBar::cannot_call:
            return words.append("this line cannot place calls. Call them yourself.");
        case BridgeBar::unsafe_to_ring:
            return words.append("it may be unsafe for their phone to ring: wait until they write.");
        case BridgeBar::none:
            break;
    }
    return words.append("your phone rings now. Press 1 and you are put through; neither number is shown.");
}

BridgeStep answer_bridge(StoreTx& tx, const Roster& roster, const PageRow& page,
                         const gateways::CallNews& news, bot::TimePoint now) {
    if (news.machine) {
        bridge_not_made(tx, roster, page, PageState::not_reached, now);
        return {};
    }
    const auto row = own_case(tx, page);
    if (!row) return {"This case is not with you any more. Thank you.", false, {}, {}, std::nullopt};
    if (!news.dialled.empty()) return after_dial(tx, *row, page, news.dialled, now);
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
    note_step(tx, *row, "call_placed", page.responder, now);
    return {"You are put through.", false, number, line_number(tx, roster, row->contact), std::nullopt};
}

std::optional<Told> bridge_talks(StoreTx& tx, const Roster& roster, const PageRow& page, bot::TimePoint now) {
    const auto row = own_case(tx, page);
    if (!row) return std::nullopt;
    note_step(tx, *row, "call_answered", page.responder, now);
    return human_spoke(tx, roster, row->contact, page.responder, now, row->ladder.by_phone);
}

void bridge_not_made(StoreTx& tx, const Roster& roster, const PageRow& page, PageState state,
                     bot::TimePoint now) {
    tx.mark_page(page.id, state, now);
    const auto row = own_case(tx, page);
    const bot::Responder* who = roster.by_name(page.responder);
    if (!row || who == nullptr) return;
    note_step(tx, *row, "call_not_made", page.responder, now);
    text_responder(tx, roster, *who,
                   "Case " + row->code + ": the call to you was not answered or could not be made. CALL " +
                       row->code + " tries again.",
                   row->id, page.key + "/not-made", now);
}

}  // namespace webhooks::oncall
