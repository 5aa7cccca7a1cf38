#include "webhooks/inbound/relay.hpp"

#include <algorithm>

#include "bot/segments.hpp"
#include "bot/staff.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/staff_news.hpp"

namespace webhooks::inbound {

namespace {

using store::EscalationRow;
using store::StoreTx;

constexpr std::size_t kMostOpen = 256;
constexpr std::size_t kMostSegments = 6;

std::vector<EscalationRow> held_by(StoreTx& tx, const bot::Responder& who) {
    std::vector<EscalationRow> rows = tx.open_escalations(kMostOpen);
    std::erase_if(rows, [&](const EscalationRow& row) { return row.ladder.acknowledged_by != who.name; });
    return rows;
}

/// Of what they hold: that of the code, or without one the only one.
std::optional<EscalationRow> the_one(StoreTx& tx, const bot::Responder& who, std::string_view code) {
    std::vector<EscalationRow> held = held_by(tx, who);
    std::erase_if(held, [&](const EscalationRow& row) { return !code.empty() && row.code != code; });
    if (held.size() != 1) return std::nullopt;
    return std::move(held.front());
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n:,.-");
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

/// "4821: how are you" is for that case.
struct Addressed {
    std::optional<EscalationRow> row;
    std::string_view words;
};
Addressed read_address(std::vector<EscalationRow>& held, std::string_view text) {
    text = trimmed(text);
    for (EscalationRow& row : held) {
        const bool named = text.starts_with(row.code) && text.size() > row.code.size() &&
                           (text[row.code.size()] < '0' || text[row.code.size()] > '9');
        if (!named) continue;
        const std::string_view words = trimmed(text.substr(row.code.size()));
        return {std::move(row), words};
    }
    // A code that does not lead was meant for us: "dnoe 4821" is nothing to say to anybody.
    const bool alone = held.size() == 1 && text.find(held.front().code) == text.npos;
    if (alone) return {std::move(held.front()), text};
    return {std::nullopt, text};
}

std::string why_not(bot::ReplyBar bar) {
    switch (bar) {
        case bot::ReplyBar::opted_out:
            return "they have OPTED OUT: call, do not text.";
        case bot::ReplyBar::no_consent:
            return "they have not agreed to texts.";
        case bot::ReplyBar::unsafe_to_text:
            return "it may be unsafe for them to get a text: wait until they write.";
        default:
            return "somebody else has the conversation.";
    }
}

std::optional<bot::Conversation> state_of(StoreTx& tx, store::ContactId contact) {
    const auto row = tx.lock_conversation(contact);
    if (!row) return std::nullopt;
    auto state = bot::parse_conversation(row->state);
    if (!state) return std::nullopt;
    return std::move(*state);
}

/// @return why it was not sent; empty: it was
std::string write_to(StoreTx& tx, const Line& line, const bot::Responder& who, const EscalationRow& row,
                     std::string_view typed, bot::TimePoint now) {
    if (row.call_do_not_text) return why_not(bot::ReplyBar::opted_out);
    const auto engine = line.engine->get();
    const bot::ReplyWords words = bot::reply_words(typed, who.name, engine->line());
    if (words.text.empty() || !words.unknown.empty()) return "braces cannot be texted.";
    if (bot::count_segments(words.text).segments > kMostSegments) return "it is too long: send it in two.";
    Turns turns(tx, line, now);
    const auto state = state_of(tx, row.contact);
    if (!state) return "a fault on our side: call them.";
    if (state->held_by != who.name) turns.event(row.contact, bot::StaffTook{who.name});
    const auto taken = state_of(tx, row.contact);
    if (!taken) return "a fault on our side: call them.";
    const bot::ReplyBar bar = engine->check_reply(*taken, who.name, now).bar;
    if (bar != bot::ReplyBar::none && bar != bot::ReplyBar::quiet_hours) return why_not(bar);
    const auto outcome = turns.event(row.contact, bot::StaffWrote{who.name, words.text, true});
    if (outcome.messages.empty()) return "a fault on our side: call them.";
    if (const auto told = oncall::human_spoke(tx, line.roster, row.contact, who.name, now, true))
        turns.event(told->contact, told->change);
    return {};
}

}  // namespace

std::optional<Relayed> relay_to_texter(StoreTx& tx, const Line& line, const bot::Responder& who,
                                       std::string_view text, bot::TimePoint now) {
    std::vector<EscalationRow> held = held_by(tx, who);
    if (held.empty()) return std::nullopt;
    std::string codes;
    for (const EscalationRow& row : held) codes += (codes.empty() ? "" : ", ") + row.code;
    const Addressed addressed = read_address(held, text);
    if (!addressed.row && held.size() == 1) return std::nullopt;
    if (!addressed.row)
        return Relayed{"Which one? You have " + codes + ". Begin with the case number, like " +
                       codes.substr(0, codes.find(',')) + ": your words."};
    if (addressed.words.empty()) return std::nullopt;
    const bool first = !addressed.row->ladder.by_phone;
    const std::string trouble = write_to(tx, line, who, *addressed.row, addressed.words, now);
    const std::string& code = addressed.row->code;
    if (!trouble.empty()) return Relayed{"Case " + code + ": not sent, " + trouble};
    if (!first) return Relayed{};
    return Relayed{"Sent. What you text now goes to them, and what they answer comes here with " + code +
                   ". BACK " + code + " gives them back to the guide, DONE " + code + " closes it."};
}

std::string hand_back(StoreTx& tx, const Line& line, const bot::Responder& who, std::string_view code,
                      bot::TimePoint now) {
    const auto row = the_one(tx, who, code);
    if (!row) return "Which one? Send BACK and the number of a case that you have.";
    Turns(tx, line, now).event(row->contact, bot::StaffHandedBack{who.name, {}});
    return "Case " + row->code + ": the guide answers them again. The case stays yours until DONE " +
           row->code + ".";
}

std::string keep(StoreTx& tx, const Line& line, const bot::Responder& who, std::string_view code,
                 bot::TimePoint now) {
    const auto row = the_one(tx, who, code);
    if (!row) return "Which one? Send KEEP and the number of a case that you have.";
    const auto state = state_of(tx, row->contact);
    if (!state || state->held_by != who.name)
        return "Case " + row->code + ": the guide answers them. Write to them to take the conversation.";
    Turns(tx, line, now).event(row->contact, bot::StaffStays{who.name});
    return "Case " + row->code + ": they stay with you for another " +
           std::to_string(bot::kHoldLasts.count()) + " min.";
}

void relay_to_holder(StoreTx& tx, const Line& line, const store::Recorded& recorded, std::string_view text,
                     bot::TimePoint now) {
    const auto row = tx.open_escalation_of(recorded.contact);
    if (!row || !row->ladder.by_phone) return;
    const auto conversation = state_of(tx, recorded.contact);
    if (!conversation || !conversation->held_by) return;  // the bot answers again
    const bot::Responder* who = line.roster.by_name(row->ladder.acknowledged_by);
    if (who == nullptr) return;
    const std::string words = text.empty() ? std::string("(no text)") : std::string(text);
    oncall::text_responder(tx, line.roster, *who, row->code + ": " + words, row->id,
                           "relay" + std::to_string(recorded.message.value), now);
}

}  // namespace webhooks::inbound
