#include <algorithm>

#include "bot/inbound.hpp"

namespace bot {

namespace {

constexpr std::chrono::minutes kHoldingTextEvery{5};

std::string episode_tag(RiskClass risk) { return "danger_" + std::string(to_string(risk)); }

}  // namespace

const RiskFinding* InboundTurn::gravest() const {
    if (risk_.findings.empty()) return nullptr;
    const auto sure = std::find_if(risk_.findings.begin(), risk_.findings.end(),
                                   [](const RiskFinding& f) { return f.tier != RiskTier::unclear; });
    return sure == risk_.findings.end() ? &risk_.findings.front() : &*sure;
}

std::optional<InboundTurn::Alarm> InboundTurn::alarm() const {
    const RiskFinding* finding = gravest();
    if (finding == nullptr) return std::nullopt;
    const auto found = turn_.content.danger.find(finding->risk);
    if (found == turn_.content.danger.end()) return std::nullopt;
    const DangerRoute& route = found->second;
    Alarm alarm{finding, &route, route.clear, Priority::p1, finding->imminent};
    if (finding->tier == RiskTier::unclear) {
        if (!route.unclear || !route.unclear->priority) return std::nullopt;
        alarm.entry = *route.unclear;
    } else if (risk_.third_party && route.someone_else) {
        alarm.entry = *route.someone_else;
    } else if (finding->imminent && route.imminent) {
        alarm.entry = *route.imminent;
    }
    alarm.priority = finding->imminent ? Priority::p0 : alarm.entry.priority.value_or(Priority::p1);
    return alarm;
}

// Words that may mean danger: asked about.
bool InboundTurn::soft_danger() const { return gravest() != nullptr && !alarm(); }

bool InboundTurn::heard_before(const Alarm& alarm) const {
    return turn_.open_danger() && turn_.state.tags.contains(episode_tag(alarm.finding->risk));
}

void InboundTurn::page(const Alarm& alarm, Priority priority) {
    std::string heard = alarm.finding->heard;
    if (risk_.third_party) heard += " (about someone else)";
    if (risk_.minor) heard += " (under 18)";
    turn_.escalate(std::min(priority, alarm.priority), std::string(to_string(alarm.finding->risk)), heard);
    turn_.state.tags.insert(episode_tag(alarm.finding->risk));
}

// @return true when the turn is decided.
bool InboundTurn::heed_danger() {
    if (const auto danger = alarm()) {
        turn_.decided_by = "risk." + danger->finding->rule;
        if (heard_before(*danger)) return meet_again(*danger);
        enter_danger(*danger);
        return true;
    }
    return !turn_.state.held_by && ask_whether_danger();
}

// The same danger, said again while it is open: an answer to what was asked, unless it got graver.
bool InboundTurn::meet_again(const Alarm& danger) {
    const bool graver = danger.priority < turn_.state.danger->priority;
    if (graver) turn_.raise(danger.priority, danger.finding->heard);
    if (turn_.state.held_by) return false;
    const std::string imminent =
        danger.route->imminent ? danger.route->flow + "/" + danger.route->imminent->step : "";
    if (graver && danger.now && !imminent.empty()) {
        flow_.go(imminent);
        return true;
    }
    if (flow_.in_danger_flow()) return false;
    flow_.go(danger.route->flow + "/" + danger.entry.step);
    return true;
}

void InboundTurn::enter_danger(const Alarm& danger) {
    page(danger, danger.priority);
    if (!flow_.in_danger_flow() && !turn_.state.stack.empty()) flow_.park();
    if (risk_.minor) turn_.state.tags.insert("minor");
    flow_.go(danger.route->flow + "/" + danger.entry.step);
}

// "im dying here": the question is asked on top of the place, which goes on afterwards as if nothing had
// been; the message may have answered the step, and that answer is kept.
bool InboundTurn::ask_whether_danger() {
    const Step* step = flow_.current();
    if (flow_.in_danger_flow() || (step != nullptr && step->safety)) return false;
    const RiskFinding* finding = gravest();
    const RiskClass risk = finding != nullptr ? finding->risk : RiskClass::self_harm;
    if (finding == nullptr && !risk_.person_told_no) return false;
    const auto route = turn_.content.danger.find(risk);
    if (route == turn_.content.danger.end() || !route->second.unclear) return false;
    turn_.decided_by = "risk.unclear " + (finding != nullptr ? finding->rule : std::string("denial"));
    turn_.note("may be " + std::string(to_string(risk)) + ": asked");
    const std::size_t said = turn_.texts_said();
    expected_answer();
    turn_.unsay_from(said);
    flow_.ask_on_top(route->second.flow + "/" + route->second.unclear->step);
    return true;
}

// Nobody has come yet though the ladder ran out: holding texts instead of anything else.
bool InboundTurn::hold_texter() {
    const auto& danger = turn_.state.danger;
    if (!danger || !danger->exhausted || danger->acknowledged) return false;
    turn_.decided_by = "holding";
    hold_or_note();
    return true;
}

// At most one holding text in five minutes; what is written in between is only added to the case.
void InboundTurn::hold_or_note() {
    auto& state = turn_.state;
    turn_.raise(state.danger->priority, "wrote again");
    if (state.last_holding_text && turn_.now - *state.last_holding_text < kHoldingTextEvery) return;
    state.last_holding_text = turn_.now;
    turn_.say(state.held_text_alternates ? Role::holding_next : Role::holding_first, MessageKind::crisis);
    state.held_text_alternates = !state.held_text_alternates;
}

bool InboundTurn::heed_minor() {
    if (!risk_.minor || turn_.state.tags.contains("minor")) return false;
    turn_.state.tags.insert("minor");
    if (turn_.open_danger()) {
        turn_.raise(turn_.state.danger->priority, "gives an age under 18");
        return false;
    }
    turn_.decided_by = "risk.minor";
    turn_.escalate(Priority::p2, "minor", "gives an age under 18");
    turn_.state.stack.clear();
    turn_.say(Role::minor);
    flow_.go(turn_.content.line.steps.minor);
    return true;
}

}  // namespace bot
