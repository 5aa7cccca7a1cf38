#include "bot/flow_run.hpp"

#include <algorithm>

#include "bot/opt_out.hpp"
#include "bot/placeholders.hpp"

namespace bot {

namespace {

constexpr int kMostStepsATurn = 50;
constexpr std::size_t kLongestDetail = 300;

// Where the engine itself leads (welcome, menu, "did you mean ..."): nothing that was left half done.
bool is_led_to(const LineSteps& steps, std::string_view flow) {
    const auto leads = [&](const std::string& place) { return split_place(place).first == flow; };
    return leads(steps.welcome) || leads(steps.menu) || leads(steps.person) || leads(steps.unclear_opt_out) ||
           leads(steps.minor) || leads(steps.return_open) || leads(steps.return_week) ||
           leads(steps.return_quarter) || std::any_of(steps.misses.begin(), steps.misses.end(), leads);
}

const Next& first_named(const Next& own, const Next& otherwise) { return own.empty() ? otherwise : own; }

}  // namespace

const Step* FlowRun::current() const {
    if (turn_.state.stack.empty()) return nullptr;
    const Position& top = turn_.state.stack.back();
    const auto flow = turn_.content.flows.find(top.flow);
    if (flow == turn_.content.flows.end() || flow->second.version != top.version) return nullptr;
    return turn_.content.find_step(top.flow, top.step);
}

bool FlowRun::in_danger_flow() const {
    return !turn_.state.stack.empty() && turn_.content.is_danger_flow(turn_.state.stack.back().flow);
}

bool FlowRun::in_person_flow() const {
    return !turn_.state.stack.empty() &&
           turn_.state.stack.back().flow == split_place(turn_.content.line.steps.person).first;
}

bool FlowRun::listens() const {
    const Step* step = current();
    if (step == nullptr || !step->ask || step->ask->number) return false;
    return step->ask->choices.empty() || in_person_flow();
}

std::optional<MessageKind> FlowRun::kind() const {
    return in_danger_flow() ? std::optional(MessageKind::crisis) : std::nullopt;
}

Position FlowRun::find(const Content& content, std::string_view place) {
    const auto [flow_id, step_id] = split_place(place);
    const auto flow = content.flows.find(flow_id);
    if (flow == content.flows.end()) return {flow_id, step_id, 0};
    return {flow_id, step_id.empty() ? flow->second.first : step_id, flow->second.version};
}

void FlowRun::go(std::string_view place) {
    turn_.state.stack.clear();
    turn_.state.stack.emplace_back();
    enter(find(turn_.content, place), Entry::full);
}

void FlowRun::go_to_question(std::string_view place) {
    turn_.state.stack.clear();
    turn_.state.stack.emplace_back();
    enter(find(turn_.content, place), Entry::asked);
}

void FlowRun::ask_on_top(std::string_view place) {
    const Step* step = current();
    if (step == nullptr || step->say.empty()) {
        go(place);
        return;
    }
    turn_.state.stack.back().entered = true;
    turn_.state.stack.emplace_back();
    enter(find(turn_.content, place), Entry::full);
}

void FlowRun::enter(Position place, Entry entry) {
    if (turn_.failed()) return;
    turn_.cancel_timer("step");
    if (++steps_entered_ > kMostStepsATurn) {
        turn_.fail("steps go round without waiting near " + place.flow + "/" + place.step);
        return;
    }
    const Step* step = turn_.content.find_step(place.flow, place.step);
    if (step == nullptr || turn_.state.stack.empty()) {
        turn_.fail("step " + place.flow + "/" + place.step + " is missing");
        return;
    }
    turn_.visited.push_back(step);
    turn_.state.stack.back() = std::move(place);
    turn_.state.step_turn = turn_.state.turn;
    turn_.state.misses_here = 0;
    if (entry != Entry::resumed) apply(step->actions);
    if (turn_.state.consent == Consent::opted_out) return;
    turn_.say(step->say, kind(), entry != Entry::full);
    if (step->wait) turn_.set_timer("step", turn_.now + step->wait->after);
    if (!step->waits()) follow(step->next);
}

bool FlowRun::repeat_question() {
    const Step* step = current();
    if (step == nullptr || step->say.empty()) return false;
    turn_.say(step->say, kind(), true);
    if (step->wait) turn_.set_timer("step", turn_.now + step->wait->after);
    return true;
}

void FlowRun::park() {
    turn_.cancel_timer("step");
    auto& stack = turn_.state.stack;
    while (stack.size() > 1 && stack[stack.size() - 2].entered) stack.pop_back();
    const Step* step = current();
    const bool own =
        step != nullptr && !in_danger_flow() && !is_led_to(turn_.content.line.steps, stack.back().flow);
    if (own && !step->say.empty()) {
        turn_.state.parked = stack.back();
        turn_.state.parked->entered = false;
    }
    stack.clear();
}

void FlowRun::leave_watch() {
    auto& stack = turn_.state.stack;
    if (!in_danger_flow() && !in_person_flow()) return;
    turn_.cancel_timer("step");
    stack.pop_back();
    if (!stack.empty()) park();
}

void FlowRun::resume() {
    const auto parked = turn_.state.parked;
    turn_.state.parked.reset();
    const bool known = parked && find(turn_.content, parked->flow + "/").version == parked->version &&
                       turn_.content.find_step(parked->flow, parked->step) != nullptr;
    if (!known) {
        go(turn_.content.line.steps.menu);
        return;
    }
    turn_.state.stack.assign(1, *parked);
    enter(*parked, Entry::resumed);
}

void FlowRun::pop() {
    turn_.cancel_timer("step");
    if (!turn_.state.stack.empty()) turn_.state.stack.pop_back();
    if (turn_.state.stack.empty()) return;
    Position below = turn_.state.stack.back();
    const Entry entry = below.entered ? Entry::resumed : Entry::full;
    below.entered = false;
    enter(std::move(below), entry);
}

void FlowRun::follow(const Next& next) {
    for (const Branch& branch : next)
        if (turn_.holds(branch.when)) {
            turn_.visited.push_back(&branch);
            go_to(branch.to);
            return;
        }
    turn_.fail("no way on");
}

void FlowRun::go_to(const Target& target) {
    auto& stack = turn_.state.stack;
    if (stack.empty()) {
        turn_.fail("a target without a place");
        return;
    }
    const Position here = stack.back();
    switch (target.kind) {
        case Target::Kind::step:
            enter({here.flow, target.step, here.version}, Entry::full);
            break;
        case Target::Kind::flow:
            go(target.flow + "/" + target.step);
            break;
        case Target::Kind::call:
            stack.back() = {here.flow, target.then, here.version};
            stack.emplace_back();
            enter(find(turn_.content, target.flow + "/" + target.step), Entry::full);
            break;
        case Target::Kind::end:
            pop();
            break;
        case Target::Kind::stay:
            turn_.cancel_timer("step");
            break;
        case Target::Kind::again:
            repeat_question();
            break;
        case Target::Kind::park:
            park();
            break;
        case Target::Kind::resume:
            resume();
            break;
    }
}

void FlowRun::record(const std::string& field, const std::string& value, bool show) {
    if (field.empty()) return;
    turn_.state.facts[field] = value;
    turn_.note("record " + field + (show ? "=" + value : ""));
}

void FlowRun::take(const Answer& answer) {
    const Step* step = current();
    if (step == nullptr || !step->ask) return;
    const Ask& ask = *step->ask;
    turn_.state.misses_here = 0;
    turn_.state.misses = 0;
    if (answer.kind == Answer::Kind::choice) {
        take_choice(ask, answer);
    } else if (answer.kind == Answer::Kind::many) {
        std::string names;
        for (const Choice* choice : answer.chosen) {
            names += (names.empty() ? "" : " ") + choice->name;
            turn_.visited.push_back(choice);
        }
        record(ask.many, names, true);
        follow(ask.next);
    } else if (answer.kind == Answer::Kind::number && ask.number) {
        record(ask.number->field, std::to_string(answer.number), true);
        apply(ask.number->actions);
        follow(first_named(ask.number->next, ask.next));
    } else if (answer.kind == Answer::Kind::text && ask.text) {
        take_text(*ask.text, answer);
        if (turn_.state.consent == Consent::opted_out) return;
        follow(first_named(ask.text->next, ask.next));
    }
}

void FlowRun::take_choice(const Ask& ask, const Answer& answer) {
    const Choice& choice = *answer.choice;
    turn_.visited.push_back(&choice);
    record(ask.field, choice.name, true);
    if (!answer.words.empty()) record(choice.detail, cut_letters(answer.words, kLongestDetail), false);
    apply(choice.actions);
    if (turn_.state.consent == Consent::opted_out) return;
    turn_.say(choice.say, kind());
    follow(first_named(choice.next, ask.next));
}

void FlowRun::take_text(const TextAnswer& text, const Answer& answer) {
    if (text.as == TextAnswer::As::name_and_number) {
        record("who", answer.who, false);
        record("tel", answer.tel, false);
    } else {
        record(text.field, answer.words, false);
    }
    apply(text.actions);
    if (turn_.state.consent != Consent::opted_out) turn_.say(text.say, kind());
}

}  // namespace bot
