#include "bot/escalation.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"

namespace bot {

namespace {

using nlohmann::json;

bool is_closed(const Escalation& escalation) {
    return escalation.state == EscalationState::acknowledged || escalation.state == EscalationState::resolved;
}

std::vector<std::string> everybody(const EscalationPolicy& policy) {
    std::vector<std::string> names;
    for (const Rung& rung : policy.rungs)
        for (const std::string& name : rung.page)
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return names;
}

// The attempt number makes (escalation, name, attempt) a key that no later page of the same person repeats:
// rungs count from 0, repeats go on after the last rung, and a raise starts where the old ladder stopped.
std::uint32_t attempt_of(const Escalation& escalation) {
    return static_cast<std::uint32_t>(escalation.next_rung) + escalation.repeats;
}

// Never faster than this: a policy of zeros must not page a thousand times a second.
constexpr std::chrono::seconds kFastestRepeat{30};
constexpr std::chrono::hours kCalmAfter{4};

std::chrono::seconds until_repeat(const Escalation& escalation, TimePoint now) {
    const EscalationPolicy& policy = escalation.policy;
    const bool calm = policy.calm_every.count() > 0 && now - escalation.opened_at >= kCalmAfter;
    return std::max(calm ? policy.calm_every : policy.repeat_every, kFastestRepeat);
}

void page(const Escalation& escalation, const std::vector<std::string>& names, Climb& out) {
    const std::uint32_t attempt = attempt_of(escalation);
    for (const std::string& name : names) out.effects.push_back(PageResponder{name, attempt});
    out.effects.push_back(PageWebhooks{attempt});
}

void run_rung(Climb& out, TimePoint now) {
    Escalation& escalation = out.next;
    const Rung& rung = escalation.policy.rungs[escalation.next_rung];
    page(escalation, rung.page, out);
    const bool last = escalation.next_rung + 1 == escalation.policy.rungs.size();
    if (!rung.tell_texter.empty()) out.effects.push_back(TellTexter{rung.tell_texter, last});
    ++escalation.next_rung;
    if (last) {
        escalation.next_due = now + until_repeat(escalation, now);
        return;
    }
    // The next rung counts from the ladder's own clock; when that has passed too it is due at once, and the
    // caller runs it in its own turn.
    escalation.next_due =
        std::max(escalation.opened_at + escalation.policy.rungs[escalation.next_rung].after, now);
}

void run_due(Climb& out, TimePoint now) {
    Escalation& escalation = out.next;
    escalation.state = EscalationState::notified;
    if (escalation.next_rung < escalation.policy.rungs.size()) {
        run_rung(out, now);
        return;
    }
    page(escalation, everybody(escalation.policy), out);
    ++escalation.repeats;
    escalation.next_due = now + until_repeat(escalation, now);
}

void acknowledge(Climb& out, const std::string& by) {
    if (is_closed(out.next)) {
        out.accepted = false;
        return;
    }
    out.next.state = EscalationState::acknowledged;
    out.next.acknowledged_by = by;
    out.next.next_due.reset();
    out.effects.push_back(TellOthers{by});
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
    escalation.acknowledged_by.clear();
    escalation.opened_at = now;
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

Climb climb(Escalation before, const EscalationEvent& event, TimePoint now) {
    Climb out{std::move(before), {}, true};
    if (std::holds_alternative<RungDue>(event)) {
        if (!is_closed(out.next) && out.next.next_due && *out.next.next_due <= now) run_due(out, now);
    } else if (const auto* ack = std::get_if<Acknowledge>(&event)) {
        acknowledge(out, ack->by);
    } else if (const auto* resolve = std::get_if<Resolve>(&event)) {
        out.accepted = out.next.state != EscalationState::resolved;
        if (out.accepted) {
            out.next.state = EscalationState::resolved;
            out.next.resolved_by = resolve->by;
            out.next.next_due.reset();
        }
    } else if (const auto* graver = std::get_if<Raise>(&event)) {
        raise(out, *graver, now);
    }
    return out;
}

std::string serialize(const EscalationPolicy& policy) {
    json rungs = json::array();
    for (const Rung& rung : policy.rungs)
        rungs.push_back({{"after", rung.after.count()}, {"page", rung.page}, {"tell", rung.tell_texter}});
    return json_text({{"rungs", std::move(rungs)},
                      {"repeat", policy.repeat_every.count()},
                      {"calm", policy.calm_every.count()}});
}

EscalationPolicy parse_escalation_policy(std::string_view text) {
    EscalationPolicy policy;
    const json in = json::parse(text, nullptr, false);
    if (!in.is_object()) return policy;
    if (in.contains("repeat") && in["repeat"].is_number_integer())
        policy.repeat_every = std::chrono::seconds{in["repeat"].get<std::int64_t>()};
    if (in.contains("calm") && in["calm"].is_number_integer())
        policy.calm_every = std::chrono::seconds{in["calm"].get<std::int64_t>()};
    for (const json& item : in.value("rungs", json::array())) {
        if (!item.is_object()) continue;
        Rung rung;
        if (item.contains("after") && item["after"].is_number_integer())
            rung.after = std::chrono::seconds{item["after"].get<std::int64_t>()};
        for (const json& name : item.value("page", json::array()))
            if (name.is_string()) rung.page.push_back(name.get<std::string>());
        if (item.contains("tell") && item["tell"].is_string())
            rung.tell_texter = item["tell"].get<std::string>();
        policy.rungs.push_back(std::move(rung));
    }
    return policy;
}

}  // namespace bot
