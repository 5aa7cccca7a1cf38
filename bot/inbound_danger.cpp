#include <algorithm>
#include <cmath>
#include <tuple>

#include "bot/content_check.hpp"
#include "bot/inbound.hpp"

namespace bot {

namespace {

constexpr std::chrono::minutes kHoldingTextEvery{5};

constexpr std::chrono::duration<double, std::ratio<3600>> kSignsHalve{36};
constexpr double kSignsAsked = 2.25;  // three within a day, however they are spread over it

constexpr const char* kSomeoneElse = "danger_someone_else";
constexpr const char* kImplied = "danger_implied";
constexpr const char* kAlsoViolence = "danger_also_violence";

// Which of several dangers is answered: what is sure before what is a hunch, what was said in so many words
// before what only sounds like it, minutes before hours; then a
// life of one's own, then whoever is threatened or a child, then violence at home (the answer to which asks
// the texter first whether it is safe to write).
auto answer_order(const RiskFinding& finding) {
    constexpr int kByClass[]{0, 1, 4, 2, 3};  // self_harm, overdose, violence, harm_others, child
    return std::make_tuple(finding.tier == RiskTier::unclear, finding.guessed, !finding.imminent,
                           kByClass[static_cast<std::size_t>(finding.risk)]);
}

std::string episode_tag(RiskClass risk) { return "danger_" + std::string(to_string(risk)); }

}  // namespace

// In an open case of suicide a weapon with nobody else in the text is the texter's own: means at hand, not
// somebody who threatens them.
void InboundTurn::hear_own_weapon() {
    const auto& tags = turn_.state.tags;
    const bool own_case = turn_.open_danger() && tags.contains(episode_tag(RiskClass::self_harm)) &&
                          !tags.contains(kSomeoneElse) && !tags.contains(kAlsoViolence) &&
                          !tags.contains(episode_tag(RiskClass::violence));
    if (!own_case || risk_.third_party) return;
    const std::string_view heard = turn_.content.ears->risk.own_weapon(text_);
    if (heard.empty()) return;
    for (RiskFinding& finding : risk_.findings)
        if (finding.risk == RiskClass::violence)
            finding = {RiskClass::self_harm, RiskTier::clear, true, false, finding.rule, std::string(heard)};
}

const RiskFinding* InboundTurn::gravest() const {
    const auto& heard = risk_.findings;
    const auto first = std::min_element(heard.begin(), heard.end(), [](const auto& a, const auto& b) {
        return answer_order(a) < answer_order(b);
    });
    return first == heard.end() ? nullptr : &*first;
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
    } else if (about_someone_else() && route.someone_else) {
        alarm.entry = *route.someone_else;
    } else if (finding->imminent && route.imminent) {
        alarm.entry = *route.imminent;
    }
    alarm.priority = finding->imminent ? Priority::p0 : alarm.entry.priority.value_or(Priority::p1);
    return alarm;
}

// Once a case is about somebody else, "he has the gun now" is too.
bool InboundTurn::about_someone_else() const {
    return risk_.third_party || (turn_.open_danger() && turn_.state.tags.contains(kSomeoneElse));
}

// Words that may mean danger: asked about.
bool InboundTurn::soft_danger() const { return gravest() != nullptr && !alarm(); }

bool InboundTurn::heard_before(const Alarm& alarm) const {
    const RiskClass risk = alarm.finding->risk;
    // How a child was hurt is more of the same case, not a second one.
    const bool same_case =
        risk == RiskClass::violence && turn_.state.tags.contains(episode_tag(RiskClass::child));
    return turn_.open_danger() && (same_case || turn_.state.tags.contains(episode_tag(risk)));
}

void InboundTurn::page(const Alarm& alarm, Priority priority) {
    std::string heard = alarm.finding->heard;
    if (risk_.third_party) heard += " (about someone else)";
    if (risk_.minor) heard += " (under 18)";
    auto& tags = turn_.state.tags;
    for (const RiskFinding& other : risk_.findings) {
        if (other.risk == alarm.finding->risk) continue;
        heard += "; also " + std::string(to_string(other.risk)) + ": " + other.heard;
        if (other.risk == RiskClass::violence && !risk_.third_party) tags.insert(kAlsoViolence);
    }
    if (about_someone_else()) tags.insert(kSomeoneElse);
    turn_.escalate(std::min(priority, alarm.priority), std::string(to_string(alarm.finding->risk)), heard);
    tags.insert(episode_tag(alarm.finding->risk));
    if (alarm.finding->tier == RiskTier::implied)
        tags.insert(kImplied);
    else
        tags.erase(kImplied);
}

// "im not safe" to "are you safe right now?", or an option of ours said back ("someone at home uses"): the
// question expects these very words and knows what follows.
bool InboundTurn::was_expected() const {
    const Step* step = flow_.current();
    if (turn_.state.held_by || flow_.in_danger_flow() || step == nullptr || !step->ask) return false;
    if (step->safety)
        return std::any_of(step->ask->choices.begin(), step->ask->choices.end(), [&](const Choice& choice) {
            return choice.words[0].is_whole(text_) || choice.words[1].is_whole(text_);
        });
    return std::any_of(step->say.begin(), step->say.end(), [&](const SayItem& item) {
        const Text* text = turn_.content.find_text(item.text_id);
        if (text == nullptr) return false;
        const auto options = options_in(text->body[index_of(turn_.state.language)]);
        return std::any_of(options.begin(), options.end(),
                           [&](const auto& option) { return normalize(option.second).text == text_.text; });
    });
}

// @return true when the turn is decided.
bool InboundTurn::heed_danger() {
    if (!risk_.findings.empty() && was_expected()) return false;
    if (const auto danger = alarm()) {
        turn_.decided_by = "risk." + danger->finding->rule;
        if (heard_before(*danger)) return meet_again(*danger);
        enter_danger(*danger);
        return true;
    }
    return !turn_.state.held_by && ask_whether_danger();
}

// Back where it began the same question would be asked: words that answer it are taken instead.
bool InboundTurn::answers_again(const Alarm& danger) const {
    const Step* step = flow_.current();
    if (step == nullptr || !step->ask) return false;
    const Position& here = turn_.state.stack.back();
    if (here.flow != danger.route->flow || here.step != danger.entry.step) return false;
    return read_choice_or_number(*step->ask, message_.text, text_, turn_.state.language, turn_.content.line,
                                 true)
               .kind == Answer::Kind::choice;
}

// The same danger, said again while it is open: an answer to what was asked, unless it got graver or nothing
// was asked.
bool InboundTurn::meet_again(const Alarm& danger) {
    const bool graver = danger.priority < turn_.state.danger->priority;
    turn_.raise(danger.priority, danger.finding->heard);
    if (turn_.state.held_by) return false;
    const bool afresh = danger.now && (graver || flow_.listens()) && !answers_again(danger);
    if (flow_.in_danger_flow() && !afresh) return false;
    if (!flow_.in_danger_flow() && !turn_.state.stack.empty()) flow_.park();
    flow_.go(danger.route->flow + "/" + danger.entry.step);
    return true;
}

void InboundTurn::enter_danger(const Alarm& danger) {
    page(danger, danger.priority);
    if (!flow_.in_danger_flow() && !turn_.state.stack.empty()) flow_.park();
    if (risk_.minor) turn_.state.tags.insert("minor");
    flow_.go(danger.route->flow + "/" + danger.entry.step);
}

// Back after an opt-out that dropped the place: the flow of the open case begins again at its question, so
// that what they write next is answered by it. A case without a flow of its own only listens.
void InboundTurn::ask_danger_again() {
    if (turn_.state.held_by) return;
    const auto risk = parse_risk_class(turn_.state.danger->reason);
    const auto found = risk ? turn_.content.danger.find(*risk) : turn_.content.danger.end();
    if (found == turn_.content.danger.end()) return;
    const DangerRoute& route = found->second;
    const bool other = route.someone_else && turn_.state.tags.contains(kSomeoneElse);
    flow_.go_to_question(route.flow + "/" + (other ? route.someone_else->step : route.clear.step));
}

void InboundTurn::add_up_signs() {
    auto& signs = turn_.state.signs;
    if (risk_.danger() || turn_.open_danger()) {
        signs.reset();  // there is a case: somebody reads every word
        return;
    }
    if (!risk_.low_sign && risk_.findings.empty()) return;
    signs = Conversation::Signs{signs_now() + 1, turn_.now};
}

double InboundTurn::signs_now() const {
    const auto& signs = turn_.state.signs;
    return signs ? signs->level * std::exp2(-((turn_.now - signs->at) / kSignsHalve)) : 0;
}

// "im dying here": the question is asked on top of the place, which goes on afterwards as if nothing had
// been; the message may have answered the step, and that answer is kept.
bool InboundTurn::ask_whether_danger() {
    const Step* step = flow_.current();
    if (flow_.in_danger_flow() || (step != nullptr && step->safety)) return false;
    const RiskFinding* finding = gravest();
    const RiskClass risk = finding != nullptr ? finding->risk : RiskClass::self_harm;
    if (finding == nullptr && !risk_.person_told_no && signs_now() < kSignsAsked) return false;
    const auto route = turn_.content.danger.find(risk);
    if (route == turn_.content.danger.end() || !route->second.unclear) return false;
    const std::string why = risk_.person_told_no ? "denial" : "signs that add up";
    turn_.decided_by = "risk.unclear " + (finding != nullptr ? finding->rule : why);
    turn_.note("may be " + std::string(to_string(risk)) + ": asked");
    turn_.state.signs.reset();
    const std::size_t said = turn_.texts_said();
    expected_answer();
    turn_.unsay_from(said);
    flow_.ask_on_top(route->second.flow + "/" + route->second.unclear->step);
    return true;
}

// Danger is open and somebody may come.
bool InboundTurn::awaits_staff() const { return turn_.open_danger() && turn_.line.staffed; }

// Words that only went to the case while somebody is waited for: nobody is left without an answer for long.
void InboundTurn::keep_company() {
    const auto& state = turn_.state;
    const bool waiting = state.danger && (turn_.open_danger() || flow_.in_person_flow());
    const bool silent = turn_.texts_said() == 0 && !turn_.failed() && state.consent != Consent::opted_out;
    if (waiting && silent && !state.quiet_hold) hold_or_note();
}

// A holding text five minutes after our last text at the earliest; what is written in between is only added
// to the case.
void InboundTurn::hold_or_note() {
    const auto& state = turn_.state;
    if (turn_.open_danger()) turn_.raise(state.danger->priority, "wrote again");
    if (state.last_said && turn_.now - *state.last_said < kHoldingTextEvery) return;
    if (!turn_.open_danger())
        turn_.say(Role::waiting);
    else if (state.danger->exhausted && !state.danger->acknowledged)
        turn_.say(Role::holding_exhausted, MessageKind::crisis);
    else
        turn_.say(Role::holding, MessageKind::crisis);
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
