#include "webhooks/oncall/coverage.hpp"

#include <algorithm>

namespace webhooks::oncall {

namespace {

constexpr std::chrono::days kLately{30};

/// Why this person might not wake; empty when they would.
std::string doubt(const Known& known, const std::string& name, bot::TimePoint now) {
    const store::ResponderRow* row = known.of(name);
    if (row != nullptr && row->stopped_at) return name + ": the phone says STOP";
    if (row == nullptr || !row->heard_at) return name + ": nothing was ever heard from the phone";
    if (now - *row->heard_at > kLately) return name + ": not heard from for 30 days";
    return {};
}

std::string why_gap(const std::vector<std::string>& people, const Known& known, bot::TimePoint now) {
    std::string why;
    for (const std::string& name : people) {
        const std::string doubts = doubt(known, name, now);
        if (doubts.empty()) return {};
        why += (why.empty() ? "" : ", ") + doubts;
    }
    return why.empty() ? "nobody is on call" : why;
}

std::vector<std::string> first_targets(const Roster& roster) {
    std::vector<std::string> targets;
    for (const bot::EscalationPolicy& policy : roster.policies) {
        if (policy.rungs.empty()) continue;
        for (const std::string& name : policy.rungs.front().page)
            if (std::find(targets.begin(), targets.end(), name) == targets.end()) targets.push_back(name);
    }
    return targets;
}

}  // namespace

const store::ResponderRow* Known::of(std::string_view name) const noexcept {
    const auto found =
        std::find_if(responders.begin(), responders.end(), [&](const auto& r) { return r.name == name; });
    return found == responders.end() ? nullptr : &*found;
}

Known known_now(store::StoreTx& tx, bot::TimePoint now) { return {tx.overrides(now), tx.responders()}; }

std::vector<Gap> gaps_of(const Roster& roster, const Known& known, bot::TimePoint from, bot::TimePoint until,
                         bot::TimePoint now) {
    bot::Rota rota = roster.rota;
    rota.overrides.insert(rota.overrides.end(), known.overrides.begin(), known.overrides.end());
    std::vector<Gap> gaps;
    for (const std::string& target : first_targets(roster)) {
        std::vector<bot::Slot> slots{{from, until, {target}}};
        if (rota.schedule(target) != nullptr) slots = rota.slots(target, from, until, roster.utc_offset);
        for (const bot::Slot& slot : slots) {
            std::string why = why_gap(slot.people, known, now);
            if (why.empty()) continue;
            if (!gaps.empty() && gaps.back().target == target && gaps.back().until == slot.from &&
                gaps.back().why == why)
                gaps.back().until = slot.until;
            else
                gaps.push_back({target, slot.from, slot.until, std::move(why)});
        }
    }
    return gaps;
}

}  // namespace webhooks::oncall
