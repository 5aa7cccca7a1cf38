#include "bot/staff.hpp"

#include "bot/flow_run.hpp"
#include "bot/placeholders.hpp"
#include "bot/segments.hpp"

namespace bot {

namespace {

// One of the two runs while somebody has the conversation.
constexpr std::string_view kAskTimer = "hold_ask";
constexpr std::string_view kEndTimer = "hold";

bool answers_them(const TurnBuilder& turn) {
    const auto& last = turn.state.last_inbound;
    return last && turn.now - *last < kAnswerLasts;
}

bool is_awake(const TurnBuilder& turn) {
    return answers_them(turn) || turn.open_danger() || !turn.quiet_hours(turn.now);
}

// What the bot says of people coming and going: not to somebody who sleeps. Whoever has a case open waits.
bool may_announce(const TurnBuilder& turn) {
    return has_agreed(turn.state) && !turn.state.quiet_hold && (is_awake(turn) || turn.state.danger);
}

void announce(TurnBuilder& turn, const std::string& by, Role role) {
    turn.state.facts["staff"] = by;
    turn.say(role, MessageKind::reply);
    turn.state.facts.erase("staff");
}

void release(TurnBuilder& turn) {
    ++turn.state.turn;
    turn.cancel_timer(std::string(kAskTimer));
    turn.cancel_timer(std::string(kEndTimer));
    turn.state.held_by.reset();
    turn.state.stack.clear();
    turn.state.misses = 0;
}

void renew_hold(TurnBuilder& turn) {
    turn.cancel_timer(std::string(kEndTimer));
    turn.set_timer(std::string(kAskTimer), turn.now + kHoldLasts - kHoldAnswered);
}

void ask_holder(TurnBuilder& turn) {
    if (!turn.state.held_by) return;
    turn.decided_by = "holder asked";
    const TimePoint until = turn.now + kHoldAnswered;
    turn.set_timer(std::string(kEndTimer), until);
    turn.ask_holder({*turn.state.held_by, until, texter_waits(turn.state)});
}

void hold_ran_out(TurnBuilder& turn) {
    if (!turn.state.held_by) return;
    turn.decided_by = "hold ran out";
    const std::string by = *turn.state.held_by;
    const bool waits = texter_waits(turn.state);
    release(turn);
    if (waits) turn.escalate(Priority::p2, "human", "wrote to " + by + " and got no answer");
    // That nobody is there any more is no news to be woken for.
    if (may_announce(turn) && is_awake(turn)) announce(turn, by, Role::handed_back);
}

}  // namespace

bool has_agreed(const Conversation& state) {
    return state.consent == Consent::conversation || state.consent == Consent::recurring;
}

bool texter_waits(const Conversation& state) {
    const auto& said = state.last_said;
    return state.last_inbound && (!said || *said < *state.last_inbound);
}

std::string_view to_string(ReplyBar bar) noexcept {
    constexpr std::string_view kNames[]{"",           "not_taken",      "held_by_other", "opted_out",
                                        "no_consent", "unsafe_to_text", "quiet_hours"};
    return kNames[static_cast<std::size_t>(bar)];
}

ReplyCheck check_reply(const TurnBuilder& turn, std::string_view by) {
    const Conversation& state = turn.state;
    if (state.consent == Consent::opted_out) return {ReplyBar::opted_out, std::nullopt};
    if (!has_agreed(state)) return {ReplyBar::no_consent, std::nullopt};
    if (state.quiet_hold) return {ReplyBar::unsafe_to_text, std::nullopt};
    if (!state.held_by) return {ReplyBar::not_taken, std::nullopt};
    if (*state.held_by != by) return {ReplyBar::held_by_other, std::nullopt};
    if (!answers_them(turn) && turn.quiet_hours(turn.now))
        return {ReplyBar::quiet_hours, turn.by_day(turn.now)};
    return {};
}

ReplyWords reply_words(std::string_view typed, std::string_view by, const LineSettings& line) {
    std::string out;
    while (!typed.empty()) {
        const std::size_t open = std::min(typed.find('{'), typed.size());
        out.append(typed.substr(0, open));
        typed.remove_prefix(open);
        if (typed.empty()) break;
        const std::size_t close = typed.find('}');
        if (close == std::string_view::npos) return {{}, "{"};
        const std::string name(typed.substr(1, close - 1));
        const auto setting = line.placeholders.find(name);
        if (name == "staff")
            out.append(by);
        else if (setting != line.placeholders.end())
            out += cut_letters(setting->second, longest_of(name));
        else
            return {{}, name};
        typed.remove_prefix(close + 1);
    }
    return {line.fold_spanish ? fold_for_gsm7(out) : plain_typography(out), {}};
}

void heed(TurnBuilder& turn, const StaffTook& event) {
    turn.decided_by = "taken by staff";
    ++turn.state.turn;
    turn.cancel_timer("step");
    const bool first = !turn.state.held_by && may_announce(turn);
    turn.state.held_by = event.by;
    const bool late = turn.state.danger && turn.state.danger->late;
    if (turn.state.danger) {
        turn.state.danger->acknowledged = true;
        turn.state.danger->exhausted = false;
        turn.state.danger->late = false;
    }
    if (first) announce(turn, event.by, late ? Role::took_late : Role::took);
    renew_hold(turn);
}

void heed(TurnBuilder& turn, const StaffWrote& event) {
    const ReplyBar bar = check_reply(turn, event.by).bar;
    if (bar != ReplyBar::none && (bar != ReplyBar::quiet_hours || !event.by_night)) {
        turn.decided_by = "staff not heard: " + std::string(to_string(bar));
        return;
    }
    turn.decided_by = "staff wrote";
    ++turn.state.turn;
    turn.say_typed(event.text, event.by);
    renew_hold(turn);
}

void heed(TurnBuilder& turn, const StaffNoted& event) {
    turn.decided_by = "staff noted";
    if (turn.state.held_by == event.by) renew_hold(turn);
}

void heed(TurnBuilder& turn, const StaffStays& event) {
    if (turn.state.held_by != event.by) return;
    turn.decided_by = "staff stays";
    renew_hold(turn);
}

void heed(TurnBuilder& turn, const StaffTagged& event) {
    turn.decided_by = "staff tagged";
    const auto of_danger = [](const std::string& tag) { return tag.starts_with("danger_"); };
    for (const std::string& tag : event.remove)
        if (!of_danger(tag)) turn.state.tags.erase(tag);
    for (const std::string& tag : event.add)
        if (!of_danger(tag)) turn.state.tags.insert(tag);
}

void heed(TurnBuilder& turn, const StaffHandedBack& event) {
    if (!turn.state.held_by) return;
    turn.decided_by = "handed back by staff";
    release(turn);
    if (may_announce(turn)) announce(turn, event.by, Role::handed_back);
    const Position place = FlowRun::find(turn.content, event.to);
    const bool known = turn.content.find_step(place.flow, place.step) != nullptr;
    if (known && may_announce(turn)) FlowRun(turn).go_to_question(event.to);
}

bool hold_timer_fired(TurnBuilder& turn, std::string_view name) {
    if (name != kAskTimer && name != kEndTimer) return false;
    if (name == kAskTimer)
        ask_holder(turn);
    else
        hold_ran_out(turn);
    return true;
}

std::optional<TimePoint> idle_until(const Conversation& state) {
    const auto end = state.timers.find(std::string(kEndTimer));
    if (!state.held_by || end == state.timers.end()) return std::nullopt;
    return end->second.due;
}

std::optional<TimePoint> hold_ends(const Conversation& state) {
    if (const auto asked = idle_until(state)) return asked;
    const auto ask = state.timers.find(std::string(kAskTimer));
    if (!state.held_by || ask == state.timers.end()) return std::nullopt;
    return ask->second.due + kHoldAnswered;
}

void keep_hold_timed(TurnBuilder& turn) {
    if (turn.state.held_by && !hold_ends(turn.state)) renew_hold(turn);
}

}  // namespace bot
