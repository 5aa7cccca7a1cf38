#include "bot/flow_walk.hpp"

namespace bot {

namespace {

class Walk {
public:
    Walk(const FlowVisitor& visitor, const Step* step) : visitor_(visitor), step_(step) {}

    void next(const std::string& where, const Next& next) const {
        if (next.empty()) return;
        if (visitor_.next) visitor_.next(where, step_, next);
        for (const Branch& branch : next) walk(where, branch.when, visitor_);
    }
    void say(const std::string& where, const Say& say) const {
        if (say.empty()) return;
        if (visitor_.say) visitor_.say(where, step_, say);
        for (const SayItem& item : say) walk(where, item.when, visitor_);
    }
    void actions(const std::string& where, const Actions& actions) const {
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const std::string at = where + "[" + std::to_string(i) + "]";
            if (visitor_.action) visitor_.action(at, step_, actions[i]);
            walk(at, actions[i].when, visitor_);
        }
    }
    // Everything that has these three.
    template <class Part>
    void part(const std::string& where, const Part& part) const {
        actions(where + "/do", part.actions);
        next(where + "/next", part.next);
        if constexpr (requires { part.say; }) say(where + "/say", part.say);
    }
    void ask(const std::string& where, const Ask& ask) const {
        for (std::size_t i = 0; i < ask.choices.size(); ++i)
            part(where + "/choices[" + std::to_string(i) + "]", ask.choices[i]);
        if (ask.number) part(where + "/number", *ask.number);
        if (ask.text) part(where + "/text", *ask.text);
        next(where + "/next", ask.next);
    }

private:
    const FlowVisitor& visitor_;
    const Step* step_;
};

}  // namespace

void walk(const std::string& where, const Condition& condition, const FlowVisitor& visitor) {
    for (const Test& test : condition.tests) {
        if (visitor.test) visitor.test(where, test);
        for (const Condition& nested : test.nested) walk(where, nested, visitor);
    }
}

void walk(const Flow& flow, const FlowVisitor& visitor) {
    for (const auto& [id, step] : flow.steps) {
        const Walk walk_step(visitor, &step);
        const std::string where = flow.id + "/steps/" + id;
        walk_step.part(where, step);
        if (step.ask) walk_step.ask(where + "/ask", *step.ask);
        if (step.wait) walk_step.part(where + "/wait", *step.wait);
        walk_step.next(where + "/not_understood/next", step.not_understood);
        for (std::size_t i = 0; i < step.asides.size(); ++i)
            walk_step.say(where + "/asides[" + std::to_string(i) + "]/say", step.asides[i].say);
    }
    const Walk walk_rest(visitor, nullptr);
    for (const auto& [name, rule] : flow.timers) {
        const std::string where = flow.id + "/timers/" + name;
        walk_rest.part(where, rule);
        walk(where + "/when", rule.when, visitor);
    }
    for (const auto& [text_id, next] : flow.told) walk_rest.next(flow.id + "/told/" + text_id, next);
}

}  // namespace bot
