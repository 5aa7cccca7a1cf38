#include "webhooks/inbound/turns.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bot/hearing.hpp"
#include "bot/json_text.hpp"
#include "webhooks/faults.hpp"
#include "webhooks/inbound/flow_moves.hpp"
#include "webhooks/inbound/safe_turn.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/outbox/policy.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::inbound {

namespace {

using bot::MessageKind;
using faults::Guard;
using store::ContactId;
using telemetry::Level;

constexpr std::ptrdiff_t kMostLines = 12;  // of texts answered as one thought

/// A turn that only talked: nothing in it would be wrong to take back and answer anew.
bool only_talks(const bot::Turn& turn) {
    return std::all_of(turn.effects.begin(), turn.effects.end(), [](const bot::Effect& effect) {
        if (const auto* say = std::get_if<bot::SendText>(&effect)) return say->kind == MessageKind::reply;
        if (const auto* change = std::get_if<bot::ChangeConsent>(&effect)) {
            return change->to == bot::Consent::conversation;
        }
        return std::holds_alternative<bot::SetTimer>(effect) ||
               std::holds_alternative<bot::CancelTimer>(effect) || std::holds_alternative<bot::Note>(effect);
    });
}

/// What the ears heard in it, when they had heard it beforehand.
std::vector<store::Heard> heard_in(const bot::MessageReceived& message) {
    std::vector<store::Heard> heard;
    if (!message.heard) return heard;
    for (const bot::RiskFinding& one : message.heard->risk.findings) heard.push_back({one.rule, one.heard});
    return heard;
}

bool says_something(const bot::Turn& turn) {
    return std::any_of(turn.effects.begin(), turn.effects.end(), [](const bot::Effect& effect) {
        return std::holds_alternative<bot::SendText>(effect);
    });
}

/// "slip/S1@3"; "staff/Maya" for what a person wrote.
std::string place_of(const bot::Position& at) {
    const std::string place = at.flow + "/" + at.step;
    return at.version == 0 ? place : place + "@" + std::to_string(at.version);
}

/// Who has it now, for every dashboard.
std::string held_event(ContactId contact, const bot::Conversation& state) {
    const nlohmann::json holder = state.held_by ? nlohmann::json(*state.held_by) : nlohmann::json(nullptr);
    return bot::json_text({{"contact", contact.value}, {"held_by", holder}, {"version", state.turn}});
}

std::string contact_event(ContactId contact, std::string_view key, std::string_view value) {
    nlohmann::json data{{"contact", contact.value}};
    if (!key.empty()) data[std::string(key)] = value;
    return data.dump();
}

constexpr bool kEngineFails = !faults::is_on(Guard::engine) || !faults::is_on(Guard::engine_and_answer);

/// The engine never throws on what a texter can send: only a build for teeth.test.mjs does.
void fail_if_told([[maybe_unused]] const bot::Event& event) {
    if constexpr (kEngineFails) {
        const auto* text = std::get_if<bot::MessageReceived>(&event);
        if (text != nullptr && text->text.find("boom") != std::string::npos) throw std::runtime_error("boom");
    }
}

}  // namespace

Turns::Loaded Turns::load(ContactId contact) {
    Loaded loaded;
    auto row = tx_.lock_conversation(contact);
    if (!row) return loaded;
    loaded.known = true;
    loaded.row = std::move(*row);
    auto state = bot::parse_conversation(loaded.row.state);
    if (state) {
        loaded.state = std::move(*state);
        loaded.row.held = loaded.state.held_by.has_value();
    } else {
        // Never lose an opt-out with an unreadable state: the clear column still knows it.
        telemetry::log(Level::error, "conversation_unreadable", {{"contact", contact.value}});
        loaded.state.consent = loaded.row.consent;
        loaded.state.turn = loaded.row.turn;
    }
    return loaded;
}

bot::Turn Turns::advance(const bot::Conversation& before, const bot::Event& event) const {
    fail_if_told(event);
    return engine_->advance(before, event, now_);
}

TurnOutcome Turns::text(const store::Recorded& recorded, const bot::MessageReceived& message,
                        std::string_view account, std::string_view channel) {
    TurnOutcome outcome;
    const auto failed = tx_.attempt([&] { outcome = answer(recorded, message, account, channel); });
    if (!failed) return outcome;
    const Answered answered{{recorded.message, message.text}, account, channel};
    return rescue(recorded.contact, message, answered, failed);
}

TurnOutcome Turns::event(ContactId contact, const bot::Event& event) {
    TurnOutcome outcome;
    const auto failed = tx_.attempt([&] {
        outcome = {};
        Loaded loaded = load(contact);
        if (!loaded.known) return;
        const bot::Turn turn = advance(loaded.state, event);
        loaded.row.before_last.clear();
        outcome = write(contact, loaded.row, loaded.state, turn, {});
        if (loaded.state.held_by != turn.next.held_by)
            tx_.publish("conversation.held", held_event(contact, turn.next), now_);
    });
    return failed ? rescue(contact, event, {}, failed) : outcome;
}

TurnOutcome Turns::answer(const store::Recorded& recorded, const bot::MessageReceived& message,
                          std::string_view account, std::string_view channel) {
    Loaded loaded = load(recorded.contact);
    loaded.row.account = account;
    loaded.row.channel = channel;
    const bot::Turn alone = advance(loaded.state, message);
    TurnOutcome outcome;
    if (answer_gathered(recorded, message, loaded, alone, outcome)) return outcome;
    // Small talk still queued for the last text would read as if this one had not been heard.
    if (!only_talks(alone) && !loaded.row.before_last.empty()) {
        tx_.retract_turn(recorded.contact, loaded.row.turn, now_);
    }

    const bool gatherable = line_.gather.count() > 0 && only_talks(alone);
    loaded.row.before_last = gatherable ? loaded.row.state : std::string{};
    if (gatherable && loaded.row.before_last.empty()) loaded.row.before_last = bot::serialize(loaded.state);
    loaded.row.last_text = gatherable ? message.text : std::string{};
    loaded.row.last_at = now_;
    outcome = write(recorded.contact, loaded.row, loaded.state, alone, {recorded.message, message.text});
    tx_.mark_answered(recorded.message, alone.next.turn, outcome.decided_by, heard_in(message));
    return outcome;
}

bool Turns::answer_gathered(const store::Recorded& recorded, const bot::MessageReceived& message,
                            Loaded& loaded, const bot::Turn& alone, TurnOutcome& outcome) {
    store::ConversationRow& row = loaded.row;
    if (row.before_last.empty() || !only_talks(alone) || now_ - row.last_at > line_.crossed) return false;
    auto before = bot::parse_conversation(row.before_last);
    if (!before) return false;
    before->turn = row.turn;  // turns only grow: timers of the turn taken back stay stale
    bot::MessageReceived both = message;
    both.text = row.last_text + "\n" + message.text;
    // Who never pauses would else never be answered, and be read from the beginning each time.
    if (std::ranges::count(both.text, '\n') >= kMostLines) return false;
    const bot::Turn joined = advance(*before, both);

    const bool in_time = now_ - row.last_at <= line_.gather;
    if (in_time && tx_.retract_turn(recorded.contact, row.turn, now_)) {
        row.last_text = both.text;
        row.last_at = now_;
        if (!only_talks(joined)) row.before_last.clear();
        outcome = write(recorded.contact, row, loaded.state, joined, {recorded.message, both.text});
        tx_.mark_answered(recorded.message, joined.next.turn, "gathered " + outcome.decided_by,
                          heard_in(message));
        return true;
    }
    // The reply has left, but this text was on its way before it could be read: when it only adds to what was
    // already understood, the question that stands is the answer to both.
    const bool unread = alone.decided_by.starts_with("unknown");
    if (!unread || !only_talks(joined) || joined.next.stack != loaded.state.stack) return false;
    row.last_text = both.text;
    tx_.save_conversation(recorded.contact, row, now_);
    tx_.mark_answered(recorded.message, row.turn, "crossed");
    outcome.decided_by = "crossed";
    return true;
}

/// Each thing by itself, so that one which fails too takes none of the others along.
TurnOutcome Turns::rescue(ContactId contact, const bot::Event& event, const Answered& answered,
                          const std::exception_ptr& why) {
    telemetry::log(Level::error, "turn_failed",
                   {{"contact", contact.value}, {"exception", telemetry::Safe(telemetry::type_of(why))}});
    TurnOutcome outcome;
    if (!faults::is_on(Guard::engine_and_answer)) return outcome;
    Loaded loaded;
    const bool is_read = !failed("load", [&] { loaded = load(contact); });
    if (is_read && !loaded.known && !answered.cause.message) return outcome;
    const bot::Turn safe = safe_turn(loaded.state, hear_anyway(*engine_, event), now_);
    store::ConversationRow& row = loaded.row;
    if (answered.cause.message) {
        row.account = answered.account;
        row.channel = answered.channel;
    }
    row.turn = safe.next.turn;
    row.before_last.clear();
    row.last_text.clear();
    outcome.failed = true;
    outcome.decided_by = safe.decided_by;
    for (const bot::Effect& effect : safe.effects)
        rescue_effect(contact, row, effect, answered.cause, outcome);
    // A state that nobody could read is left alone, but for an opt-out.
    if (is_read || safe.next.consent == bot::Consent::opted_out) save_rescued(contact, row, safe.next);
    if (answered.cause.message) {
        failed("mark_answered",
               [&] { tx_.mark_answered(*answered.cause.message, row.turn, outcome.decided_by); });
    }
    return outcome;
}

void Turns::rescue_effect(ContactId contact, store::ConversationRow& row, const bot::Effect& effect,
                          const Cause& cause, TurnOutcome& outcome) {
    if (!failed("effect", [&] { write_effect(contact, row, effect, cause, outcome); })) return;
    if (std::holds_alternative<bot::OpenEscalation>(effect)) {
        failed("page", [&] {
            std::string key = "unanswered-" + std::to_string(contact.value);
            key += cause.message ? "-text" + std::to_string(cause.message->value)
                                 : "-turn" + std::to_string(row.turn);
            oncall::page_without_case(tx_, line_.roster, key, now_);
        });
    } else if (std::holds_alternative<bot::ChangeConsent>(effect)) {
        failed("gate", [&] { set_gate(contact, bot::Consent::opted_out); });
    }
}

/// The clear column alone still knows an opt-out.
void Turns::save_rescued(ContactId contact, store::ConversationRow& row, const bot::Conversation& state) {
    row.consent = state.consent;
    row.held = state.held_by.has_value();
    const bool whole = !failed("save", [&] {
        row.state = bot::serialize(state);
        tx_.save_conversation(contact, row, now_);
    });
    if (!whole) {
        row.state.clear();
        failed("save_consent", [&] { tx_.save_conversation(contact, row, now_); });
    }
    failed("publish", [&] {
        tx_.publish("conversation.changed", contact_event(contact, "turn", std::to_string(row.turn)), now_);
    });
}

bool Turns::failed(std::string_view what, const std::function<void()>& work) {
    const auto thrown = tx_.attempt(work);
    if (thrown) {
        telemetry::log(
            Level::error, "rescue_failed",
            {{"what", telemetry::Safe(what)}, {"exception", telemetry::Safe(telemetry::type_of(thrown))}});
    }
    return thrown != nullptr;
}

TurnOutcome Turns::sign_up(ContactId contact, const bot::SignedUp& event, std::string_view account,
                           std::string_view channel) {
    Loaded loaded = load(contact);
    const bot::Turn turn = advance(loaded.state, event);
    if (turn.effects.empty()) return {};
    loaded.row.account = account;
    loaded.row.channel = channel;
    loaded.row.before_last.clear();
    return write(contact, loaded.row, loaded.state, turn, {});
}

TurnOutcome Turns::write(ContactId contact, store::ConversationRow& row, const bot::Conversation& before,
                         const bot::Turn& turn, const Cause& cause) {
    TurnOutcome outcome;
    outcome.decided_by = turn.decided_by;
    row.turn = turn.next.turn;
    for (const bot::Effect& effect : turn.effects) write_effect(contact, row, effect, cause, outcome);
    row.consent = turn.next.consent;
    row.held = turn.next.held_by.has_value();
    row.state = bot::serialize(turn.next);
    tx_.save_conversation(contact, row, now_);
    for (const FlowMove& move : flow_moves(before, turn.next, cause.message.has_value()))
        tx_.staff().count_step(move.flow, move.step, move.came, now_);
    tx_.publish("conversation.changed", contact_event(contact, "turn", std::to_string(turn.next.turn)), now_);
    if (cause.message && !says_something(turn) && outcome.decided_by.empty()) outcome.decided_by = "silent";
    return outcome;
}

void Turns::write_effect(ContactId contact, store::ConversationRow& row, const bot::Effect& effect,
                         const Cause& cause, TurnOutcome& outcome) {
    if (const auto* say = std::get_if<bot::SendText>(&effect)) {
        outcome.messages.push_back(write_text(contact, row, *say));
        outcome.queued.push_back(say->kind);
    } else if (const auto* change = std::get_if<bot::ChangeConsent>(&effect)) {
        write_consent(contact, row, *change, cause);
        outcome.consent.push_back(change->to);
    } else if (const auto* open = std::get_if<bot::OpenEscalation>(&effect)) {
        const auto opened = oncall::open_case(tx_, line_.roster, contact, *open, now_);
        if (opened.is_new) outcome.opened.push_back(opened.row.ladder.priority);
    } else if (const auto* raise = std::get_if<bot::RaiseEscalation>(&effect)) {
        oncall::raise_case(tx_, line_.roster, contact, *raise, now_);
    } else if (const auto* timer = std::get_if<bot::SetTimer>(&effect)) {
        tx_.set_timer(contact, timer->name, timer->due, row.turn);
    } else if (const auto* cancel = std::get_if<bot::CancelTimer>(&effect)) {
        tx_.cancel_timer(contact, cancel->name);
    } else if (const auto* task = std::get_if<bot::BookTask>(&effect)) {
        tx_.tasks().book(contact, *task, now_);
        tx_.publish("task.booked", contact_event(contact, "kind", bot::to_string(task->kind)), now_);
    } else if (const auto* end = std::get_if<bot::EndTask>(&effect)) {
        end_task(contact, *end);
    } else if (const auto* ask = std::get_if<bot::AskHolder>(&effect)) {
        oncall::ask_holder(tx_, line_.roster, contact, *ask, now_);
    } else if (std::holds_alternative<bot::CancelAll>(effect)) {
        tx_.cancel_queued(contact, now_);
        tx_.cancel_timers(contact);
    }
}

void Turns::end_task(ContactId contact, const bot::EndTask& end) {
    if (tx_.tasks().end(contact, end.kind, end.how, {}, now_))
        tx_.publish("task.ended", contact_event(contact, "kind", bot::to_string(end.kind)), now_);
}

store::MessageId Turns::write_text(ContactId contact, const store::ConversationRow& row,
                                   const bot::SendText& say) {
    const bool waits = say.kind == MessageKind::reply && !row.before_last.empty();
    return tx_.enqueue({.contact = contact,
                        .escalation = std::nullopt,
                        .account = row.account,
                        .channel = row.channel,
                        .to = tx_.number_of(contact),
                        .text = say.text,
                        .kind = say.kind,
                        .text_id = say.text_id,
                        .said_by = place_of(say.said_by),
                        .turn = row.turn,
                        .at = now_,
                        .due = waits ? now_ + line_.gather : now_,
                        .fresh_until = now_ + outbox::fresh_for(say.kind),
                        .page_key = {}});
}

void Turns::write_consent(ContactId contact, store::ConversationRow& row, const bot::ChangeConsent& change,
                          const Cause& cause) {
    // A gathered first text is answered twice by the engine but was one consent.
    if (change.to == row.consent && change.to == bot::Consent::conversation) return;
    if (row.consent == bot::Consent::opted_out && change.to != bot::Consent::opted_out)
        oncall::texter_is_back(tx_, line_.roster, contact, now_);
    row.consent = change.to;
    tx_.append_consent({contact, change.to, change.source, change.rule,
                        change.wording.empty() ? cause.wording : change.wording, cause.message, now_});
    tx_.publish("consent.changed", contact_event(contact, "to", bot::to_string(change.to)), now_);
    set_gate(contact, change.to);
}

void Turns::set_gate(ContactId contact, bot::Consent to) {
    auto gate = line_.gate;
    if (to == bot::Consent::opted_out) {
        tx_.around_commit([gate, contact] { gate->close(contact); },
                          [gate, contact] { gate->reopen(contact); });
    } else {
        tx_.around_commit([gate, contact] { gate->reopen(contact); }, [] {});
    }
}

}  // namespace webhooks::inbound
