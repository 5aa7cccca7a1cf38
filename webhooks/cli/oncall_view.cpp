#include "webhooks/cli/oncall_view.hpp"

#include <date/date.h>

#include <set>

#include "webhooks/config_values.hpp"
#include "webhooks/oncall/pages.hpp"

namespace webhooks::cli {

namespace {

constexpr std::chrono::days kAhead{14};
constexpr std::size_t kNextSlots = 3;
constexpr const char* kPriorities[]{"P0", "P1", "P2", "P3"};

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "NOBODY" : text;
}

std::string local(const Config& config, const std::string& zone, bot::TimePoint at) {
    const auto wall = bot::wall_at(at, zone, config.oncall.utc_offset);
    return date::format("%a %Y-%m-%d %H:%M", date::local_seconds{wall.time_since_epoch()});
}

std::string ways_of(const bot::Responder& person) {
    std::string text;
    for (const bot::NotificationRule& rule : person.rules) {
        text.append(text.empty() ? "" : ", ").append(oncall::word_for(rule.by));
        if (rule.after.count() > 0) text += " after " + to_text(rule.after);
    }
    return text;
}

std::string describe_person(const Config& config, const oncall::Known& known, const bot::Responder& person) {
    std::string text = "  " + person.name + ": " + ways_of(person);
    const store::ResponderRow* row = known.of(person.name);
    const std::string& zone = config.line.time_zone;
    if (row != nullptr && row->stopped_at) {
        const bot::Responder* deputy = config.oncall.deputy_of(person);
        text += ", STOP since " + local(config, zone, *row->stopped_at);
        if (deputy != nullptr) text += ", " + deputy->name + " is paged too";
    }
    text += row != nullptr && row->heard_at ? ", last heard " + local(config, zone, *row->heard_at)
                                            : ", never heard from";
    return text + "\n";
}

}  // namespace

std::string local_seconds(const Config& config, bot::TimePoint at) {
    const auto wall = bot::wall_at(at, config.line.time_zone, config.oncall.utc_offset);
    return date::format("%a %Y-%m-%d %H:%M:%S", date::local_seconds{wall.time_since_epoch()});
}

std::string describe_on_call(const Config& config, const oncall::Known& known, bot::TimePoint at) {
    bot::Rota rota = config.oncall.rota;
    rota.overrides.insert(rota.overrides.end(), known.overrides.begin(), known.overrides.end());
    std::set<std::string> stopped;
    for (const store::ResponderRow& row : known.responders)
        if (row.stopped_at) stopped.insert(row.name);
    const bot::Reach reach = config.oncall.reach(known.overrides, stopped);

    std::string text = "on call at " + local(config, config.line.time_zone, at) + "\n";
    for (const bot::Schedule& schedule : rota.schedules) {
        text += schedule.name + " (" + schedule.zone + ")\n";
        const auto slots = rota.slots(schedule.name, at, at + kAhead, config.oncall.utc_offset);
        for (std::size_t i = 0; i < std::min(slots.size(), kNextSlots); ++i)
            text += "  " + joined(slots[i].people) + " until " +
                    local(config, schedule.zone, slots[i].until) + "\n";
    }
    for (std::size_t i = 0; i < config.oncall.policies.size(); ++i) {
        const bot::EscalationPolicy& policy = config.oncall.policies[i];
        text += std::string(kPriorities[i]) + "\n";
        for (const bot::Rung& rung : policy.rungs) {
            std::vector<std::string> people;
            for (const std::string& target : rung.page)
                for (const std::string& name : reach(target, at))
                    if (std::find(people.begin(), people.end(), name) == people.end()) people.push_back(name);
            text += "  after " + to_text(rung.after) + ": " + joined(people);
            if (rung.need > 1) text += " (" + std::to_string(rung.need) + " have to take it)";
            text += "\n";
        }
        text += "  then every " + to_text(policy.repeat_every) +
                "; taken, it needs a word to the texter within " + to_text(policy.lease) + "\n";
    }
    text += "people\n";
    for (const bot::Responder& person : config.oncall.people) text += describe_person(config, known, person);
    return text;
}

std::string describe_gap(const Config& config, const oncall::Gap& gap) {
    const bot::Schedule* schedule = config.oncall.rota.schedule(gap.target);
    const std::string& zone = schedule == nullptr ? config.line.time_zone : schedule->zone;
    return gap.target + ": " + local(config, zone, gap.from) + " until " + local(config, zone, gap.until) +
           ": " + gap.why;
}

}  // namespace webhooks::cli
