#include "webhooks/oncall/roster.hpp"

#include <algorithm>

namespace webhooks::oncall {

namespace {

std::chrono::seconds always_utc(std::string_view, bot::TimePoint) { return {}; }

void add(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

const bot::Responder* Roster::by_name(std::string_view name) const noexcept {
    const auto it = std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.name == name; });
    return it == people.end() ? nullptr : &*it;
}

const bot::Responder* Roster::by_phone(std::string_view e164) const noexcept {
    const auto it =
        std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.phone == e164; });
    return it == people.end() ? nullptr : &*it;
}

bool Roster::knows(std::string_view name) const noexcept {
    return by_name(name) != nullptr || rota.schedule(name) != nullptr;
}

const bot::Responder* Roster::deputy_of(const bot::Responder& who) const noexcept {
    if (const bot::Responder* named = by_name(who.deputy); named != nullptr) return named;
    const auto place =
        std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.name == who.name; });
    if (place == people.end() || people.size() < 2) return nullptr;
    return place + 1 == people.end() ? &people.front() : &*(place + 1);
}

std::optional<bot::TimePoint> Roster::waits_until(bot::Priority priority, bot::TimePoint now) const {
    if (priority != bot::Priority::p3 || !working_hours || !utc_offset) return std::nullopt;
    const bot::TimePoint open = working_hours->next_open(now, utc_offset);
    return open > now ? std::optional(open) : std::nullopt;
}

bot::Reach Roster::reach(std::vector<bot::Override> overrides, std::set<std::string> stopped) const {
    bot::Rota now = rota;
    now.overrides.insert(now.overrides.end(), overrides.begin(), overrides.end());
    const bot::UtcOffset offset = utc_offset ? utc_offset : bot::UtcOffset(always_utc);
    return [this, now = std::move(now), stopped = std::move(stopped), offset](const std::string& name,
                                                                              bot::TimePoint at) {
        std::vector<std::string> targets{name};
        if (by_name(name) == nullptr) targets = now.on_call(name, at, offset);
        std::vector<std::string> reached;
        for (const std::string& target : targets) {
            const bot::Responder* who = by_name(target);
            if (who == nullptr) continue;
            add(reached, who->name);
            const bot::Responder* deputy = stopped.contains(target) ? deputy_of(*who) : nullptr;
            if (deputy != nullptr) add(reached, deputy->name);
        }
        return reached;
    };
}

}  // namespace webhooks::oncall
