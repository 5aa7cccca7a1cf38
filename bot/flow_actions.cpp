#include <charconv>

#include "bot/flow_run.hpp"
#include "bot/opt_out.hpp"
#include "bot/task.hpp"

namespace bot {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

int number_or_zero(const Conversation& state, const std::string& field) {
    const auto fact = state.facts.find(field);
    int value = 0;
    if (fact != state.facts.end())
        std::from_chars(fact->second.data(), fact->second.data() + fact->second.size(), value);
    return value;
}

void tag(TurnBuilder& turn, const TagAction& action) {
    const bool changed =
        action.on ? turn.state.tags.insert(action.tag).second : turn.state.tags.erase(action.tag) > 0;
    if (changed) turn.note(std::string("tag ") + (action.on ? "+" : "-") + action.tag);
}

void copy(TurnBuilder& turn, const CopyAction& action) {
    for (const auto& [to, from] : action.from)
        if (const auto fact = turn.state.facts.find(from); fact != turn.state.facts.end()) {
            std::string value = fact->second;
            turn.state.facts[to] = std::move(value);
        }
}

void sum(TurnBuilder& turn, const SumAction& action) {
    for (const auto& [field, parts] : action.of) {
        int total = 0;
        for (const std::string& part : parts) total += number_or_zero(turn.state, part);
        turn.state.facts[field] = std::to_string(total);
        turn.note("record " + field + "=" + std::to_string(total));
    }
}

// "*" is everything they told us; what safety rests on stays.
void forget(TurnBuilder& turn, const ForgetAction& action) {
    for (const std::string& field : action.fields)
        if (field == "*") {
            turn.state.facts.clear();
            std::erase_if(turn.state.tags, [](const std::string& tag) {
                return tag != "minor" && !tag.starts_with("danger_");
            });
            turn.state.parked.reset();
            turn.note("forget everything");
        } else if (turn.state.facts.erase(field) > 0) {
            turn.note("forget " + field);
        }
}

void set_discreet(TurnBuilder& turn, const DiscreetAction& action) {
    turn.state.discreet = action.to.value_or(!turn.state.discreet);
    turn.note(turn.state.discreet ? "discreet on" : "discreet off");
}

void set_quiet_hold(TurnBuilder& turn, const QuietHoldAction& action) {
    if (turn.state.quiet_hold == action.on) return;
    turn.state.quiet_hold = action.on;
    turn.note(action.on ? "quiet hold on" : "quiet hold off");
}

}  // namespace

void FlowRun::apply(const CheckInsAction& check_ins) {
    if (turn_.state.consent != Consent::recurring) {
        turn_.note("check-ins not set: no consent to texts that we begin");
        return;
    }
    std::string shown;
    for (const TimerAction& timer : check_ins.series) {
        const TimePoint due = turn_.by_day(turn_.now + timer.after);
        turn_.set_timer(timer.name, due);
        if (shown.empty()) turn_.state.facts["when"] = turn_.local_time_words(due);
        shown += " " + timer.name;
    }
    turn_.note("check-ins" + shown);
}

void FlowRun::apply(const Actions& actions) {
    for (const Action& action : actions) {
        if (turn_.failed() || turn_.state.consent == Consent::opted_out) return;
        if (!turn_.holds(action.when)) continue;
        std::visit(
            Overloaded{
                [&](const TagAction& a) { tag(turn_, a); },
                [&](const RecordAction& a) {
                    for (const auto& [field, value] : a.values) record(field, value, true);
                },
                [&](const CopyAction& a) { copy(turn_, a); }, [&](const SumAction& a) { sum(turn_, a); },
                [&](const AddAction& a) {
                    for (const auto& [field, amount] : a.amounts)
                        record(field, std::to_string(number_or_zero(turn_.state, field) + amount), true);
                },
                [&](const ForgetAction& a) { forget(turn_, a); },
                [&](const EscalateAction& a) { turn_.escalate(a.priority, a.reason, a.heard); },
                [&](const RaiseAction& a) { turn_.raise(a.priority, a.note); },
                [&](const ConsentAction& a) { turn_.change_consent(a.to, "answer"); },
                [&](const OptOutAction&) {
                    opt_out(turn_, {"answer", "", true, false});
                },
                [&](const LanguageAction& a) {
                    turn_.state.language = a.to;
                    turn_.state.language_known = true;
                },
                [&](const DiscreetAction& a) { set_discreet(turn_, a); },
                [&](const QuietHoldAction& a) { set_quiet_hold(turn_, a); },
                [&](const TimerAction& a) { turn_.set_timer(a.name, turn_.now + a.after); },
                [&](const CheckInsAction& a) { apply(a); },
                [&](const CancelTimersAction& a) {
                    for (const std::string& name : a.names) turn_.cancel_timers_like(name);
                },
                [&](const BookCallAction& a) { book_call(turn_, a.when); },
                [&](const NoteAction& a) { turn_.note(a.text); }},
            action.what);
    }
}

}  // namespace bot
