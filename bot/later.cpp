#include "bot/later.hpp"

#include <algorithm>

#include "bot/flow_run.hpp"
#include "bot/opt_out.hpp"
#include "bot/sign_up.hpp"
#include "bot/staff.hpp"
#include "bot/task.hpp"
#include "bot/visit.hpp"

namespace bot {

namespace {

constexpr std::chrono::hours kStale{6};  // a late text is dropped, not sent in a burst ...
constexpr std::chrono::hours kLate{1};   // ... and by night nobody is woken for a moment long past
constexpr std::chrono::hours kRegretted{24};
constexpr std::string_view kDelayedTimer = "delayed";
constexpr std::chrono::hours kInTalk{1};  // what we begin does not break into a conversation

bool may_speak(const TurnBuilder& turn) {
    return turn.state.consent != Consent::opted_out && !turn.state.quiet_hold && !turn.state.held_by;
}

// The step's time-out. Its effects happen even when nothing may be said: a page does not wait for consent.
void step_timed_out(TurnBuilder& turn, bool stale) {
    FlowRun flow(turn);
    const Step* step = flow.current();
    if (step == nullptr || !step->wait || turn.state.held_by) return;
    turn.decided_by = "waited at " + turn.state.stack.back().flow + "/" + step->id;
    ++turn.state.turn;
    const auto kind = flow.in_danger_flow() ? std::optional(MessageKind::crisis) : std::nullopt;
    const bool speak = may_speak(turn) && !stale;
    // Whoever has acknowledged may be on the phone with them: silence here is told, but is no alarm.
    turn.only_notes = turn.state.danger && turn.state.danger->acknowledged;
    flow.apply(step->wait->actions);
    if (speak) turn.say(step->wait->say, kind);
    const std::size_t said = turn.texts_said();
    const Position here = turn.state.stack.back();
    flow.follow(step->wait->next);
    if (speak) return;
    turn.unsay_from(said);
    // A question that nobody was asked must not read the next text as its answer.
    const bool moved = !turn.state.stack.empty() && !(turn.state.stack.back() == here);
    if (stale && moved && !flow.in_danger_flow()) flow.park();
}

bool at_one_of(const TurnBuilder& turn, const TimerRule& rule) {
    if (turn.state.stack.empty()) return rule.proactive && rule.at_steps.empty();
    const Position& place = turn.state.stack.back();
    if (rule.at_steps.empty()) return rule.proactive || place.flow == rule.flow;
    return place.flow == rule.flow &&
           std::find(rule.at_steps.begin(), rule.at_steps.end(), place.step) != rule.at_steps.end();
}

bool in_talk(const TurnBuilder& turn) {
    const auto& last = turn.state.last_inbound;
    return !turn.state.stack.empty() && last && turn.now - *last < kInTalk;
}

void named_timer(TurnBuilder& turn, const std::string& name, const TimerRule& rule, bool stale) {
    if (stale || !may_speak(turn) || !at_one_of(turn, rule) || !turn.holds(rule.when)) {
        turn.note("timer " + name + " dropped");
        return;
    }
    if (rule.proactive && (turn.state.consent != Consent::recurring || turn.open_danger())) {
        turn.note("timer " + name + " dropped");
        return;
    }
    ++turn.state.turn;
    if (rule.proactive && in_talk(turn) && !(rule.say.empty() && rule.next.empty())) {
        turn.set_timer(name, turn.by_day(turn.now + kInTalk));
        return;
    }
    if (rule.proactive && turn.quiet_hours(turn.now)) {
        turn.set_timer(name, turn.by_day(turn.now));
        return;
    }
    turn.decided_by = "timer " + name;
    FlowRun flow(turn);
    flow.apply(rule.actions);
    const bool in_danger = turn.content.is_danger_flow(rule.flow);
    turn.say(rule.say, rule.proactive ? std::optional(MessageKind::check_in)
                       : in_danger    ? std::optional(MessageKind::crisis)
                                      : std::nullopt);
    if (rule.next.empty()) return;
    // Within its own flow a timer goes on like an answer does: a calling flow is come back to.
    const bool there = !turn.state.stack.empty() && turn.state.stack.back().flow == rule.flow;
    if (!there) turn.state.stack.assign(1, FlowRun::find(turn.content, rule.flow + "/"));
    flow.follow(rule.next);
}

bool written_since(const TurnBuilder& turn, TimePoint at) {
    return turn.state.last_inbound && *turn.state.last_inbound > at;
}

// All that one outage made stale is one word of regret (reliability.md I8). It may go stale itself: then it
// is said anew, until the gateway takes it or what was asked is a day old.
void text_too_late(TurnBuilder& turn, const TextTooLate& event) {
    const auto& wrote = turn.state.last_inbound;
    if (!wrote || written_since(turn, event.said_at) || turn.now - *wrote > kRegretted) return;
    turn.decided_by = "text too late";
    const bool waits = turn.open_danger() || turn.now - *wrote < kLate;
    turn.set_timer(std::string(kDelayedTimer), waits ? turn.now : turn.by_day(turn.now));
}

void say_sorry(TurnBuilder& turn) {
    if (!may_speak(turn) || !has_agreed(turn.state)) return;
    turn.decided_by = "sorry for the delay";
    ++turn.state.turn;
    turn.say(Role::delayed, turn.open_danger() ? MessageKind::crisis : MessageKind::reply);
    FlowRun(turn).repeat_question();
}

void fired(TurnBuilder& turn, const TimerFired& event) {
    const auto timer = turn.state.timers.find(event.name);
    if (timer == turn.state.timers.end() || timer->second.turn != event.turn || timer->second.due > turn.now)
        return;  // replaced, cancelled, or delivered twice
    const auto rule = turn.content.timers.find(event.name);
    const bool known = rule != turn.content.timers.end();
    const auto late = turn.now - timer->second.due;
    const bool by_night = turn.quiet_hours(turn.now) && !turn.open_danger() &&
                          !(known && rule->second.proactive);  // that one waits for the morning
    const bool stale = late > kStale || (late > kLate && by_night);
    turn.state.timers.erase(timer);
    if (hold_timer_fired(turn, event.name)) return;
    if (event.name == kDelayedTimer) {
        say_sorry(turn);
        return;
    }
    if (turn.state.consent == Consent::opted_out) return;
    if (event.name == "step") {
        step_timed_out(turn, stale);
    } else if (known) {
        named_timer(turn, event.name, rule->second, stale);
    }
}

const Branch* way_on(const TurnBuilder& turn, const Next& next) {
    const auto branch =
        std::find_if(next.begin(), next.end(), [&](const Branch& b) { return turn.holds(b.when); });
    return branch == next.end() ? nullptr : &*branch;
}

// A danger flow may ask what the ladder asks ("is anyone with you?") in a step of its own, so that the answer
// is read as one.
bool asked_by_flow(TurnBuilder& turn, const std::string& text_id) {
    FlowRun flow(turn);
    const bool there = flow.in_danger_flow();
    const auto risk = parse_risk_class(turn.state.danger->reason);
    const auto route = risk ? turn.content.danger.find(*risk) : turn.content.danger.end();
    if (!there && route == turn.content.danger.end()) return false;
    const std::string id = there ? turn.state.stack.back().flow : route->second.flow;
    const auto& told = turn.content.flows.find(id)->second.told;
    const auto next = told.find(text_id);
    if (next == told.end()) return false;
    const Branch* way = way_on(turn, next->second);
    if (way == nullptr) return true;
    if (way->to.kind == Target::Kind::stay) {  // nothing to ask here, and the ladder's text is not said
        turn.visited.push_back(way);
        return true;
    }
    ++turn.state.turn;
    if (!there) {
        flow.park();
        turn.state.stack.assign(1, FlowRun::find(turn.content, id + "/"));
    }
    flow.follow(next->second);
    return true;
}

void told_nobody_came(TurnBuilder& turn, const EscalationChanged& event) {
    turn.decided_by = "escalation unanswered";
    auto& danger = turn.state.danger;
    if (!danger || danger->acknowledged) return;
    if (event.what == EscalationChanged::What::exhausted) danger->exhausted = turn.open_danger();
    // Without danger only somebody who waits for a person wants to know.
    if (!turn.open_danger() && !FlowRun(turn).in_person_flow()) return;
    if (!may_speak(turn) || asked_by_flow(turn, event.text_id)) return;
    if (!event.text_id.empty())
        turn.say(event.text_id, MessageKind::crisis);
    else if (!turn.open_danger())
        return;
    else
        turn.say(event.what == EscalationChanged::What::exhausted ? Role::exhausted : Role::unanswered,
                 MessageKind::crisis);
    danger->late = turn.open_danger();
}

void close_danger(TurnBuilder& turn) {
    turn.decided_by = "escalation resolved";
    turn.cancel_timer(std::string(kCallLate));
    FlowRun flow(turn);
    // A question that is not about this case ("are you thinking about suicide?", asked on a hunch) stays.
    if (turn.open_danger() || flow.in_person_flow()) flow.leave_watch();
    turn.state.danger.reset();
    std::erase_if(turn.state.tags, [](const std::string& tag) { return tag.starts_with("danger_"); });
}

// Nothing is said for an acknowledgement: a person knows of it, but is not in the conversation yet, and
// "somebody will write" would be a promise that is not ours to make.
void escalation_changed(TurnBuilder& turn, const EscalationChanged& event) {
    switch (event.what) {
        case EscalationChanged::What::unanswered:
        case EscalationChanged::What::exhausted:
            told_nobody_came(turn, event);
            break;
        case EscalationChanged::What::acknowledged:
            turn.decided_by = "escalation acknowledged";
            if (!turn.state.danger) break;
            turn.state.danger->acknowledged = true;
            turn.state.danger->exhausted = false;
            break;
        case EscalationChanged::What::lapsed:
            turn.decided_by = "acknowledgement lapsed";
            if (turn.state.danger) turn.state.danger->acknowledged = false;
            break;
        case EscalationChanged::What::resolved:
            close_danger(turn);
            break;
    }
}

void carrier_opted_out(TurnBuilder& turn, const CarrierOptedOut& event) {
    if (turn.state.consent == Consent::opted_out) return;
    turn.decided_by = "carrier opt-out";
    ++turn.state.turn;
    opt_out(turn, {"carrier", event.code, false, false});
}

// A filtered text has a second chance in plain words, unless the talk has moved on. What was to keep somebody
// safe and did not arrive is told to whoever has the case: they may have to call.
void not_delivered(TurnBuilder& turn, const TextNotDelivered& event) {
    if (turn.state.consent == Consent::opted_out) return;
    turn.decided_by = "text not delivered";
    const bool crisis = event.kind == MessageKind::crisis;
    const bool moved_on = turn.state.last_inbound && *turn.state.last_inbound > event.said_at;
    const bool wakes = event.kind == MessageKind::check_in && turn.quiet_hours(turn.now);
    const bool speak = crisis || (may_speak(turn) && !moved_on && !wakes);
    if (event.filtered && speak && turn.say_plainly(event.text_id, event.kind)) return;
    turn.note("not delivered " + event.text_id + " (" + event.code + ")");
    if (crisis && turn.state.danger)
        turn.raise(turn.state.danger->priority,
                   "a safety text did not reach their phone (" + event.code + ")");
}

}  // namespace

void heed(TurnBuilder& turn, const Event& event) {
    if (const auto* timer = std::get_if<TimerFired>(&event))
        fired(turn, *timer);
    else if (const auto* change = std::get_if<EscalationChanged>(&event))
        escalation_changed(turn, *change);
    else if (const auto* took = std::get_if<StaffTook>(&event))
        heed(turn, *took);
    else if (const auto* wrote = std::get_if<StaffWrote>(&event))
        heed(turn, *wrote);
    else if (const auto* noted = std::get_if<StaffNoted>(&event))
        heed(turn, *noted);
    else if (const auto* stays = std::get_if<StaffStays>(&event))
        heed(turn, *stays);
    else if (const auto* tagged = std::get_if<StaffTagged>(&event))
        heed(turn, *tagged);
    else if (const auto* back = std::get_if<StaffHandedBack>(&event))
        heed(turn, *back);
    else if (const auto* carrier = std::get_if<CarrierOptedOut>(&event))
        carrier_opted_out(turn, *carrier);
    else if (const auto* lost = std::get_if<TextNotDelivered>(&event))
        not_delivered(turn, *lost);
    else if (const auto* late = std::get_if<TextTooLate>(&event))
        text_too_late(turn, *late);
    else if (const auto* signed_up = std::get_if<SignedUp>(&event))
        sign_up(turn, *signed_up);
    else if (const auto* visit = std::get_if<VisitSet>(&event))
        visit_set(turn, *visit);
    else if (std::holds_alternative<VisitCancelled>(event))
        visit_cancelled(turn);
    else if (std::holds_alternative<VisitMissed>(event))
        visit_missed(turn);
    else if (const auto* call = std::get_if<CallBackSet>(&event))
        call_back_set(turn, *call);
    else if (const auto* ended = std::get_if<CallBackEnded>(&event))
        call_back_ended(turn, *ended);
    else if (const auto* task = std::get_if<TaskDue>(&event))
        task_due(turn, *task);
}

}  // namespace bot
