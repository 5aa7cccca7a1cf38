#include "webhooks/staff/actions.hpp"

#include <nlohmann/json.hpp>

#include "bot/content.hpp"
#include "bot/json_text.hpp"
#include "bot/segments.hpp"
#include "bot/visit.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/bridge.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/staff_news.hpp"

namespace webhooks::staff {

namespace {

using inbound::Turns;
using store::ContactId;

constexpr std::size_t kMostSegments = 6;

Refusal not_found() { return {404, "not_found", "There is no such contact.", {}, {}, {}}; }

Refusal no_open_case() { return {409, "no_open_case", "There is no open case.", {}, {}, {}}; }

/// Why nobody's phone rings.
Refusal call_bar(oncall::BridgeBar bar, const store::EscalationRow& row) {
    Refusal refusal{409, {}, {}, {}, {}, {}};
    switch (bar) {
        case oncall::BridgeBar::not_taken:
            refusal.code = "case_not_taken";
            refusal.detail = "Take the case first.";
            break;
        case oncall::BridgeBar::held_by_other:
            refusal.code = "case_of_other";
            refusal.held_by = row.ladder.acknowledged_by;
            refusal.detail = "Somebody else has the case.";
            break;
        case oncall::BridgeBar::cannot_call:
            refusal.code = "cannot_call";
            refusal.detail = "This line cannot place calls: no [oncall.voice] in its configuration.";
            break;
        case oncall::BridgeBar::unsafe_to_ring:
            refusal.code = "unsafe_to_ring";
            refusal.detail = "It may be unsafe for their phone to ring: wait until they write.";
            break;
        case oncall::BridgeBar::none:
            break;
    }
    return refusal;
}

}  // namespace

Refusal reply_bar(const bot::ReplyCheck& check, const bot::Conversation& state) {
    Refusal refusal{409, std::string(bot::to_string(check.bar)), {}, state.held_by, {}, check.until};
    switch (check.bar) {
        case bot::ReplyBar::opted_out:
            refusal.detail =
                "They have opted out: nothing may be texted until they text START. Call instead.";
            break;
        case bot::ReplyBar::no_consent:
            refusal.detail = "They have not agreed to texts yet.";
            break;
        case bot::ReplyBar::unsafe_to_text:
            refusal.detail = "It may be unsafe for them to get a text: wait until they write.";
            break;
        case bot::ReplyBar::not_taken:
            refusal.detail = "Take the conversation first: the bot is still answering.";
            break;
        case bot::ReplyBar::held_by_other:
            refusal.code = "not_holder";
            refusal.detail = "Somebody else has the conversation.";
            break;
        case bot::ReplyBar::quiet_hours:
            refusal.detail = "It is night where they are, and they have not just written. Send it anyway?";
            break;
        case bot::ReplyBar::none:
            break;
    }
    return refusal;
}

bot::Conversation state_of(const store::ConversationRow& row) {
    auto state = bot::parse_conversation(row.state);
    if (state) return std::move(*state);
    bot::Conversation empty;
    empty.consent = row.consent;
    empty.turn = row.turn;
    return empty;
}

void write_audit(store::StoreTx& tx, const Actor& who, std::string_view what, std::string detail,
                 std::optional<ContactId> contact) {
    tx.staff().add_audit(
        {0, contact, who.name, std::string(what), std::move(detail), who.address, net::now()});
}

void Actions::audit(std::string_view what, std::optional<ContactId> contact, std::string detail) {
    tx_.staff().add_audit({0, contact, who_.name, std::string(what), std::move(detail), who_.address, now_});
}

Outcome<bot::Conversation> Actions::load(ContactId contact) {
    const auto row = tx_.lock_conversation(contact);
    if (!row) return not_found();
    return state_of(*row);
}

std::optional<Refusal> Actions::not_ours(const bot::Conversation& state, bool required) const {
    if (state.held_by == who_.name || (!state.held_by && !required) || who_.may.has(Permission::take_over))
        return std::nullopt;
    return Refusal{409,           "not_holder", "Somebody else has the conversation, or nobody.",
                   state.held_by, {},           {}};
}

/// It is theirs on a lease: words to the texter have to follow.
void Actions::acknowledge_open_case(ContactId contact) {
    const auto open = tx_.open_escalation_of(contact);
    if (!open || open->ladder.state == bot::EscalationState::acknowledged) return;
    const auto done = oncall::acknowledge(tx_, line_.roster, *open, who_.name, now_);
    if (done.told) Turns(tx_, line_, now_).event(done.told->contact, done.told->change);
}

Outcome<void> Actions::take(ContactId contact, bool take_over) {
    const auto state = load(contact);
    if (!state) return state.error();
    if (state->held_by == who_.name) {
        Turns(tx_, line_, now_).event(contact, bot::StaffStays{who_.name});
        return {};
    }
    if (state->held_by && !(take_over && who_.may.has(Permission::take_over)))
        return Refusal{409, "held_by_other", "Somebody else has the conversation.", state->held_by, {}, {}};
    acknowledge_open_case(contact);
    Turns(tx_, line_, now_).event(contact, bot::StaffTook{who_.name});
    audit("took", contact, state->held_by ? "over from " + *state->held_by : std::string());
    return {};
}

Outcome<store::MessageId> Actions::reply(ContactId contact, const Reply& reply) {
    const auto state = load(contact);
    if (!state) return state.error();
    if (const auto sent = tx_.staff().replied(contact, reply.key)) return *sent;
    const auto engine = line_.engine->get();
    const bot::ReplyCheck check = engine->check_reply(*state, who_.name, now_);
    const bool awake = check.bar == bot::ReplyBar::quiet_hours && reply.by_night;
    if (check.bar != bot::ReplyBar::none && !awake) return reply_bar(check, *state);
    if (reply.version < state->said_turn)
        return Refusal{409, "stale", "Something has been said to them since.", {}, state->turn, {}};
    const bot::ReplyWords words = bot::reply_words(reply.text, who_.name, engine->line());
    if (!words.unknown.empty())
        return Refusal{422, "unknown_placeholder", "Not a placeholder of this line: " + words.unknown, {}, {},
                       {}};
    if (bot::count_segments(words.text).segments > kMostSegments)
        return Refusal{422, "too_long", "More than six segments: send it in two.", {}, {}, {}};
    const auto turn =
        Turns(tx_, line_, now_).event(contact, bot::StaffWrote{who_.name, words.text, reply.by_night});
    if (turn.messages.empty())
        return Refusal{500, "not_sent", "A fault on our side: nothing was sent.", {}, {}, {}};
    if (const auto told = oncall::human_spoke(tx_, line_.roster, contact, who_.name, now_))
        Turns(tx_, line_, now_).event(told->contact, told->change);
    const store::MessageId message = turn.messages.back();
    tx_.staff().keep_reply_key(contact, reply.key, message, now_);
    audit("replied", contact, "message " + std::to_string(message.value));
    return message;
}

Outcome<store::NoteRow> Actions::note(ContactId contact, const std::string& text) {
    const auto state = load(contact);
    if (!state) return state.error();
    store::NoteRow note{0, contact, who_.name, text, now_};
    note.id = tx_.staff().add_note(note);
    tx_.publish("conversation.noted",
                bot::json_text({{"contact", contact.value}, {"note", note.id}, {"by", who_.name}}), now_);
    Turns(tx_, line_, now_).event(contact, bot::StaffNoted{who_.name});
    return note;
}

void Actions::add_note(ContactId contact, const std::string& text) {
    if (!text.empty()) static_cast<void>(note(contact, text));
}

Outcome<void> Actions::tag(ContactId contact, const std::set<std::string>& add,
                           const std::set<std::string>& remove) {
    const auto state = load(contact);
    if (!state) return state.error();
    Turns(tx_, line_, now_).event(contact, bot::StaffTagged{who_.name, add, remove});
    tx_.publish("conversation.tagged", bot::json_text({{"contact", contact.value}, {"by", who_.name}}), now_);
    audit("tagged", contact);
    return {};
}

Outcome<Visit> Actions::visit(ContactId contact, const bot::Event& event, std::string_view what) {
    const auto before = load(contact);
    if (!before) return before.error();
    Turns(tx_, line_, now_).event(contact, event);
    audit("visit", contact, std::string(what));
    const auto after = load(contact);
    if (!after) return after.error();
    Visit visit{after->visit, {}};
    for (const auto& [name, timer] : after->timers)
        if (name == bot::kVisitReminder || name == bot::kVisitMissed) visit.text_at = timer.due;
    return visit;
}

bool Actions::works_with_texters(const std::string& name) {
    const auto account = tx_.staff().account_named(name);
    return account && !account->disabled && permissions_of(account->roles).has(Permission::act);
}

Outcome<std::string> Actions::receiver_of(const std::string& name) {
    if (works_with_texters(name)) return name;
    if (line_.roster.rota.schedule(name) == nullptr)
        return Refusal{422, "nobody_of_that_name", "No account of that name works with texters.", {}, {}, {}};
    const bot::Reach reach = oncall::reach_now(tx_, line_.roster, now_);
    for (const std::string& person : reach(name, now_))
        if (works_with_texters(person)) return person;
    return Refusal{422, "nobody_on_call", "Nobody with an account is on call there now.", {}, {}, {}};
}

Outcome<store::TaskRow> Actions::call_back(ContactId contact, const bot::Event& event,
                                           std::string_view what) {
    const auto latest = [&]() -> std::optional<store::TaskRow> {
        for (store::TaskRow& task : tx_.tasks().tasks_of(contact))
            if (task.kind == bot::TaskKind::call_back) return std::move(task);
        return std::nullopt;
    };
    const auto state = load(contact);
    if (!state) return state.error();
    const auto before = latest();
    const bool open = before && before->state == store::TaskState::open;
    if (!open && !std::holds_alternative<bot::CallBackSet>(event))
        return Refusal{409, "no_call_back", "No call-back is waiting.", {}, {}, {}};
    Turns(tx_, line_, now_).event(contact, event);
    audit("call_back", contact, std::string(what));
    auto after = latest();
    if (!after) return Refusal{500, "not_booked", "A fault on our side: nothing was booked.", {}, {}, {}};
    return std::move(*after);
}

Outcome<void> Actions::transfer(ContactId contact, const std::string& name, const std::string& note) {
    const auto state = load(contact);
    if (!state) return state.error();
    if (auto refused = not_ours(*state, true)) return std::move(*refused);
    const auto receiver = receiver_of(name);
    if (!receiver) return receiver.error();
    const std::string& to = *receiver;
    add_note(contact, note);
    Turns(tx_, line_, now_).event(contact, bot::StaffTook{to});
    audit("transferred", contact, "to " + to + (to == name ? "" : ", on call for " + name));
    if (const bot::Responder* who = line_.roster.by_name(to); who != nullptr && to != who_.name) {
        const std::string key =
            "transfer/" + std::to_string(contact.value) + "/" + std::to_string(state->turn);
        oncall::text_responder(tx_, line_.roster, *who,
                               who_.name + " gave you a conversation: see the dashboard.", std::nullopt, key,
                               now_);
    }
    return {};
}

Outcome<void> Actions::hand_back(ContactId contact, const std::string& to) {
    const auto state = load(contact);
    if (!state) return state.error();
    if (auto refused = not_ours(*state, true)) return std::move(*refused);
    const auto engine = line_.engine->get();
    const auto [flow, step] = bot::split_place(to);
    const auto known = engine->content().flows.find(flow);
    const bool there = known != engine->content().flows.end() &&
                       (step.empty() || engine->content().find_step(flow, step) != nullptr);
    if (!to.empty() && !there) return Refusal{422, "no_such_step", "There is no such step.", {}, {}, {}};
    Turns(tx_, line_, now_).event(contact, bot::StaffHandedBack{who_.name, to});
    audit("handed_back", contact, to);
    return {};
}

/// They were called as they had asked, and did not answer: the flow asks them for a better time.
void Actions::missed_call(ContactId contact) {
    for (const store::TaskRow& task : tx_.tasks().tasks_of(contact)) {
        const bool called = task.kind == bot::TaskKind::call_back && task.paged_at;
        if (called && task.state == store::TaskState::open)
            Turns(tx_, line_, now_).event(contact, bot::CallBackEnded{bot::TaskEnd::missed});
    }
}

Outcome<void> Actions::resolve(ContactId contact, const std::string& reason, const std::string& note) {
    const auto state = load(contact);
    if (!state) return state.error();
    if (auto refused = not_ours(*state, false)) return std::move(*refused);
    const auto open = tx_.open_escalation_of(contact);
    if (!open) return no_open_case();
    add_note(contact, note);
    tx_.log_escalation(open->id, "outcome", who_.name, reason, now_);
    if (reason == "no_answer") missed_call(contact);
    const auto told = oncall::resolve(tx_, line_.roster, *open, who_.name, now_);
    if (told) Turns(tx_, line_, now_).event(told->contact, told->change);
    Turns(tx_, line_, now_).event(contact, bot::StaffHandedBack{who_.name, {}});
    audit("resolved", contact, "case " + open->code + ": " + reason);
    return {};
}

Outcome<void> Actions::call(ContactId contact, const std::string& key) {
    const auto state = load(contact);
    if (!state) return state.error();
    const bot::Responder* who = line_.roster.by_name(who_.name);
    if (who == nullptr)
        return Refusal{409, "no_phone", "You are not on the on-call roster: no phone of yours is known.",
                       {},  {},         {}};
    // Theirs all along, even if the lease on the case has lapsed meanwhile.
    if (state->held_by == who_.name) acknowledge_open_case(contact);
    const auto open = tx_.open_escalation_of(contact);
    if (!open) return no_open_case();
    const auto asked = oncall::ask_for_bridge(tx_, line_.roster, *who, *open, "web-" + key, now_);
    if (asked.bar != oncall::BridgeBar::none) return call_bar(asked.bar, *open);
    if (asked.is_new) audit("called", contact, "case " + open->code);
    return {};
}

std::optional<store::TaskRow> Actions::task_of(ContactId contact, std::int64_t id) {
    for (store::TaskRow& task : tx_.tasks().tasks_of(contact))
        if (task.id == id) return std::move(task);
    return std::nullopt;
}

Outcome<store::TaskRow> Actions::end_task(ContactId contact, std::int64_t id, const TaskOutcome& outcome) {
    const auto state = load(contact);
    if (!state) return state.error();
    const auto task = task_of(contact, id);
    if (!task) return Refusal{404, "not_found", "There is no such task.", {}, {}, {}};
    if (task->state != store::TaskState::open)
        return Refusal{409, "task_ended", "It is no longer to be done.", {}, {}, {}};
    if (auto refused = not_ours(*state, false)) return std::move(*refused);
    tx_.tasks().end(contact, task->kind, outcome.end, who_.name, now_);
    const nlohmann::json facts{{"contact", contact.value}, {"kind", bot::to_string(task->kind)}};
    tx_.publish("task.ended", bot::json_text(facts), now_);
    if (task->kind == bot::TaskKind::call_back)
        Turns(tx_, line_, now_).event(contact, bot::CallBackEnded{outcome.end});
    if (const auto told = oncall::close_with_task(tx_, line_.roster, *task, who_.name, now_, outcome.word))
        Turns(tx_, line_, now_).event(told->contact, told->change);
    std::string detail(bot::to_string(task->kind));
    audit("task_ended", contact, detail.append(": ").append(outcome.word));
    return task_of(contact, id).value_or(*task);
}

Outcome<std::string> Actions::reveal(ContactId contact, const std::string& reason) {
    const auto state = load(contact);
    if (!state) return state.error();
    audit("revealed", contact, reason);
    return tx_.number_of(contact);
}

}  // namespace webhooks::staff
