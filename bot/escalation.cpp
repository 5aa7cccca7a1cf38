#include "bot/escalation.hpp"

#include <algorithm>

namespace bot {

namespace {

using Names = std::vector<std::string>;

// Never faster than this: a policy of zeros must not page a thousand times a second.
constexpr std::chrono::seconds kFastestRepeat{30};
constexpr std::chrono::hours kCalmAfter{4};

bool is_closed(const Escalation& escalation) {
    return escalation.state == EscalationState::acknowledged || escalation.state == EscalationState::resolved;
}

bool holds(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void add(Names& names, const Names& more) {
    for (const std::string& name : more)
        if (!holds(names, name)) names.push_back(name);
}

// The attempt number makes (escalation, name, attempt) a key that no later page of the same person repeats:
// rungs count from 0, repeats go on after the last rung, and a raise starts where the old ladder stopped.
std::uint32_t attempt_of(const Escalation& escalation) {
    return static_cast<std::uint32_t>(escalation.next_rung) + escalation.repeats;
}

std::chrono::seconds until_repeat(const Escalation& escalation, TimePoint now) {
    const EscalationPolicy& policy = escalation.policy;
    const bool calm = policy.calm_every.count() > 0 && now - escalation.opened_at >= kCalmAfter;
    return std::max(calm ? policy.calm_every : policy.repeat_every, kFastestRepeat);
}

/// One call of `climb`: what all its steps need.
struct Step {
    Climb& out;
    TimePoint now;
    const Reach& reach;
    bool everybody_again = false;  ///< a lease has lapsed: whoever was paged before is paged again

    [[nodiscard]] Names reached(const Names& targets) const {
        Names names;
        for (const std::string& target : targets) add(names, reach ? reach(target, now) : Names{target});
        return names;
    }

    void page(Names names) const {
        Escalation& escalation = out.next;
        const std::uint32_t attempt = attempt_of(escalation);
        std::erase_if(names, [&](const std::string& name) {
            return holds(escalation.takers, name) || holds(escalation.passed, name);
        });
        for (const std::string& name : names) out.effects.push_back(PageResponder{name, attempt});
        out.effects.push_back(PageWebhooks{attempt});
        add(escalation.paged, names);
        escalation.passed.clear();
    }

    void page_everybody() const {
        const EscalationPolicy& policy = out.next.policy;
        Names targets;
        for (const Rung& rung : policy.rungs) add(targets, rung.page);
        add(targets, policy.catch_all);
        const Names names = reached(targets);
        if (names.empty()) out.effects.push_back(NobodyReached{});
        page(names);
    }

    void run_rung(Names names) const {
        Escalation& escalation = out.next;
        const auto& rungs = escalation.policy.rungs;
        const Rung& rung = rungs[escalation.next_rung];
        if (everybody_again) add(names, reached(escalation.paged));
        page(std::move(names));
        const bool last = escalation.next_rung + 1 == rungs.size();
        if (!rung.tell_texter.empty()) out.effects.push_back(TellTexter{rung.tell_texter, last});
        ++escalation.next_rung;
        if (last) {
            escalation.next_due = now + until_repeat(escalation, now);
            return;
        }
        // The next rung counts from the ladder's own clock; when that has passed too it is due at once, and
        // the caller runs it in its own turn.
        const TimePoint from = escalation.rungs_from.value_or(escalation.opened_at);
        escalation.next_due = std::max(from + rungs[escalation.next_rung].after, now);
    }

    /// From the next rung that reaches anybody, or to the widest circle there is.
    void run_due() const {
        Escalation& escalation = out.next;
        const auto& rungs = escalation.policy.rungs;
        escalation.state = EscalationState::notified;
        while (escalation.next_rung < rungs.size()) {
            const Rung& rung = rungs[escalation.next_rung];
            Names names = reached(rung.page);
            if (!names.empty() || rung.page.empty()) return run_rung(std::move(names));
            out.effects.push_back(RungSkipped{escalation.next_rung});
            if (++escalation.next_rung < rungs.size())
                escalation.rungs_from = now - rungs[escalation.next_rung].after;
            else if (!rung.tell_texter.empty())
                out.effects.push_back(TellTexter{rung.tell_texter, true});
        }
        page_everybody();
        ++escalation.repeats;
        escalation.next_due = now + until_repeat(escalation, now);
    }
};

void let_go(Escalation& escalation) {
    escalation.acknowledged_by.clear();
    escalation.takers.clear();
    escalation.spoke_at.reset();
    escalation.by_phone = false;
}

/// The rungs that are left keep the distances they have from the next one, which is due now.
void next_rung_now(Escalation& escalation, TimePoint now) {
    escalation.state = EscalationState::notified;
    escalation.next_due = now;
    if (escalation.next_rung < escalation.policy.rungs.size())
        escalation.rungs_from = now - escalation.policy.rungs[escalation.next_rung].after;
}

void due(Step& step) {
    Escalation& escalation = step.out.next;
    if (escalation.state == EscalationState::resolved || !escalation.next_due ||
        *escalation.next_due > step.now)
        return;
    if (escalation.state == EscalationState::acknowledged) {
        step.out.effects.push_back(LeaseLapsed{escalation.acknowledged_by, escalation.spoke_at.has_value()});
        let_go(escalation);
        next_rung_now(escalation, step.now);
        step.everybody_again = true;
    }
    step.run_due();
}

std::uint32_t needed(const Escalation& escalation) {
    const auto& rungs = escalation.policy.rungs;
    if (rungs.empty() || escalation.next_rung == 0) return 1;
    return rungs[std::min(escalation.next_rung, rungs.size()) - 1].need;
}

void acknowledge(Climb& out, const std::string& by, TimePoint now) {
    Escalation& escalation = out.next;
    if (is_closed(escalation) || holds(escalation.takers, by)) {
        out.accepted = false;
        return;
    }
    escalation.takers.push_back(by);
    std::erase(escalation.passed, by);
    const bool enough = escalation.takers.size() >= needed(escalation);
    if (escalation.acknowledged_by.empty()) {
        escalation.acknowledged_by = by;
        ++escalation.takes;
        out.effects.push_back(TellOthers{by, !enough});
    }
    if (!enough) return;
    escalation.state = EscalationState::acknowledged;
    escalation.next_due = now + escalation.policy.lease;
}

void pass_on(Climb& out, const std::string& by, TimePoint now) {
    Escalation& escalation = out.next;
    const bool had_it = holds(escalation.takers, by);
    if (escalation.state == EscalationState::resolved || (is_closed(escalation) && !had_it)) {
        out.accepted = false;
        return;
    }
    if (!holds(escalation.passed, by)) escalation.passed.push_back(by);
    if (had_it) {
        std::erase(escalation.takers, by);
        if (escalation.acknowledged_by == by)
            escalation.acknowledged_by =
                escalation.takers.empty() ? std::string{} : escalation.takers.front();
        escalation.spoke_at.reset();
        next_rung_now(escalation, now);
        return;
    }
    const bool nobody_left = std::all_of(escalation.paged.begin(), escalation.paged.end(),
                                         [&](const auto& n) { return holds(escalation.passed, n); });
    // After the last rung the ladder keeps its own time: passing must not have it page without end.
    if (nobody_left && escalation.next_rung < escalation.policy.rungs.size()) next_rung_now(escalation, now);
}

void spoke(Climb& out, const Spoke& words, TimePoint now) {
    const std::string& by = words.by;
    Escalation& escalation = out.next;
    if (escalation.state == EscalationState::resolved) {
        out.accepted = false;
        return;
    }
    if (escalation.state != EscalationState::acknowledged && !holds(escalation.takers, by))
        acknowledge(out, by, now);
    out.accepted = true;
    escalation.spoke_at = now;
    escalation.by_phone = words.by_phone;
    if (escalation.state == EscalationState::acknowledged)
        escalation.next_due = now + escalation.policy.talk_lease;
}

void resolve(Climb& out, const std::string& by) {
    out.accepted = out.next.state != EscalationState::resolved;
    if (!out.accepted) return;
    out.next.state = EscalationState::resolved;
    out.next.resolved_by = by;
    out.next.next_due.reset();
}

// Whoever has seen to it knows the texter best: the graver ladder begins with them too.
void page_first(EscalationPolicy& policy, const std::string& holder) {
    if (holder.empty() || policy.rungs.empty()) return;
    auto& names = policy.rungs.front().page;
    std::erase(names, holder);
    names.insert(names.begin(), holder);
}

void raise(Climb& out, const Raise& raise, TimePoint now) {
    Escalation& escalation = out.next;
    if (escalation.state == EscalationState::resolved || raise.priority >= escalation.priority) {
        out.accepted = false;
        return;
    }
    escalation.repeats = attempt_of(escalation);
    escalation.priority = raise.priority;
    escalation.policy = raise.policy;
    page_first(escalation.policy, escalation.acknowledged_by);
    escalation.state = EscalationState::open;
    let_go(escalation);
    escalation.passed.clear();
    escalation.opened_at = now;
    escalation.rungs_from.reset();
    escalation.next_rung = 0;
    escalation.next_due = now;
}

}  // namespace

std::string_view to_string(EscalationState state) noexcept {
    constexpr std::string_view kNames[]{"open", "notified", "acknowledged", "resolved"};
    return kNames[static_cast<std::size_t>(state)];
}

Escalation open_escalation(Priority priority, EscalationPolicy policy, TimePoint now) {
    Escalation escalation;
    escalation.priority = priority;
    escalation.opened_at = now;
    escalation.policy = std::move(policy);
    escalation.next_due = now;
    return escalation;
}

Climb climb(Escalation before, const EscalationEvent& event, TimePoint now, const Reach& reach) {
    Climb out{std::move(before), {}, true};
    Step step{out, now, reach};
    if (std::holds_alternative<RungDue>(event))
        due(step);
    else if (const auto* ack = std::get_if<Acknowledge>(&event))
        acknowledge(out, ack->by, now);
    else if (const auto* pass = std::get_if<Pass>(&event))
        pass_on(out, pass->by, now);
    else if (const auto* words = std::get_if<Spoke>(&event))
        spoke(out, *words, now);
    else if (const auto* done = std::get_if<Resolve>(&event))
        resolve(out, done->by);
    else if (const auto* graver = std::get_if<Raise>(&event))
        raise(out, *graver, now);
    return out;
}

}  // namespace bot
