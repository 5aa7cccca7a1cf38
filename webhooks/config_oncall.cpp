#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostRungs = 20;

using Names = std::vector<std::string>;

/// Names of people or, when there are any, of schedules: what the ladders of no setting page.
Names targets_of(const oncall::Roster& roster) {
    Names names;
    for (const bot::Schedule& schedule : roster.rota.schedules) names.push_back(schedule.name);
    if (names.empty())
        for (const bot::Responder& person : roster.people) names.push_back(person.name);
    return names;
}

Names everybody(const oncall::Roster& roster) {
    Names names;
    for (const bot::Responder& person : roster.people) names.push_back(person.name);
    return names;
}

void read_rung(ConfigTable& table, const Config& config, bot::EscalationPolicy& policy) {
    bot::Rung rung;
    table.require({"after"});
    table.duration("after", rung.after, 0s, 24h);
    table.texts("page", rung.page, kAnyText);
    table.text("tell_texter", rung.tell_texter, kTextId);
    table.number("need", rung.need, 1, 5);
    table.refuse_unknown_keys();
    for (const std::string& name : rung.page)
        if (!config.oncall.knows(name))
            table.complain("page", "names somebody who is not an [[oncall.person]]");
    if (rung.need > config.oncall.people.size())
        table.complain("need", "is more than there are people on call");
    if (policy.rungs.empty() && (rung.after != 0s || rung.page.empty()))
        table.complain("", "the first rung must page somebody after \"0s\"");
    if (policy.rungs.empty() && !rung.tell_texter.empty())
        table.complain("tell_texter", "is not for the first rung: its texter has just been answered");
    if (!policy.rungs.empty() && rung.after <= policy.rungs.back().after)
        table.complain("after", "must be later than the rung before");
    policy.rungs.push_back(std::move(rung));
}

void read_policy(ConfigTable& oncall, const char* key, const Config& config, bot::EscalationPolicy& policy) {
    const bool given = oncall.has(key);
    ConfigTable table = oncall.table(key);
    if (table.has("repeat_every")) policy.calm_every = 0s;  // what is asked for holds day and night
    table.duration("repeat_every", policy.repeat_every, 1s, 24h);
    table.duration("lease", policy.lease, 1s, 48h);
    table.duration("talk_lease", policy.talk_lease, 1s, 48h);
    bot::EscalationPolicy read;
    for (ConfigTable& rung : table.tables("rungs")) read_rung(rung, config, read);
    if (read.rungs.size() > kMostRungs)
        table.complain("rungs", "must be at most " + std::to_string(kMostRungs));
    if (given && table.has("rungs") && read.rungs.empty()) table.complain("rungs", "must not be empty");
    if (!read.rungs.empty()) policy.rungs = std::move(read.rungs);
    table.refuse_unknown_keys();
}

void read_ways(ConfigTable& oncall, Config& config) {
    oncall::Roster& roster = config.oncall;
    read_own_number(oncall.table("page_from"), config, roster.page_account, roster.page_channel);
    for (ConfigTable& table : oncall.tables("page_backup")) {
        oncall::PageWay way;
        table.require({"gateway", "number"});
        read_own_number(table, config, way.account, way.channel);
        roster.other_ways.push_back(std::move(way));
    }
    if (oncall.has("page_backup")) return;
    for (const gateways::AccountSettings& gateway : config.gateways)  // a gateway that fails is replaced
        if (gateway.name != roster.page_account && !gateway.numbers.empty())
            roster.other_ways.push_back({gateway.name, gateway.numbers.front()});
}

void read_loop(ConfigTable table, const Config& config, oncall::LoopSettings& loop) {
    if (!table.has("every")) return table.refuse_unknown_keys();
    table.require({"from", "to"});
    table.duration("every", loop.every, 1s, 24h);
    table.duration("patience", loop.patience, 1s, 1h);
    read_own_number(table.table("from"), config, loop.from.account, loop.from.channel);
    read_own_number(table.table("to"), config, loop.to.account, loop.to.channel);
    table.refuse_unknown_keys();
    if (loop.from.channel == loop.to.channel) table.complain("to", "must be another number than from");
    if (loop.patience > loop.every) table.complain("patience", "must not be longer than every");
}

void check_catch_all(ConfigTable& oncall, const Names& names, const Config& config) {
    for (const std::string& name : names)
        if (!config.oncall.knows(name))
            oncall.complain("catch_all", "names somebody who is not an [[oncall.person]]");
}

}  // namespace

std::array<bot::EscalationPolicy, 4> default_policies(const oncall::Roster& roster) {
    const Names targets = targets_of(roster);
    const Names all = everybody(roster);
    const Names first(targets.begin(), targets.begin() + std::min<std::ptrdiff_t>(1, std::ssize(targets)));
    const Names backup(targets.begin(), targets.begin() + std::min<std::ptrdiff_t>(2, std::ssize(targets)));
    return {{
        {{{0s, first, ""}, {2min, backup, "NOA.2"}, {4min, all, "XSH.5"}, {10min, all, "NOA.3"}},
         10min,
         0s,
         2min,
         30min,
         all},
        {{{0s, first, ""}, {5min, backup, "NOA.2"}, {10min, all, ""}, {15min, all, "NOA.3"}},
         10min,
         0s,
         2min,
         30min,
         all},
        {{{0s, first, ""}, {30min, backup, "NOA.1"}, {1h, all, ""}}, 1h, 4h, 30min, 1h, all},
        {{{0s, first, ""}, {24h, backup, ""}}, 24h, 0s, 24h, 48h, all},
    }};
}

void read_oncall(ConfigTable& root, Config& config) {
    ConfigTable oncall = root.table("oncall");
    oncall::Roster& roster = config.oncall;
    read_people(oncall, config);
    read_rota(oncall, config);
    roster.policies = default_policies(roster);
    Names catch_all = everybody(roster);
    oncall.texts("catch_all", catch_all, kAnyText);
    check_catch_all(oncall, catch_all, config);
    static constexpr const char* kPriorities[]{"p0", "p1", "p2", "p3"};
    for (std::size_t i = 0; i < 4; ++i) {
        read_policy(oncall, kPriorities[i], config, roster.policies[i]);
        roster.policies[i].catch_all = catch_all;
    }
    read_ways(oncall, config);
    read_loop(oncall.table("loop_check"), config, roster.loop);
    oncall.text("case_link", roster.case_link, kOutgoingUrl);
    oncall.text("heartbeat_url", roster.heartbeat_url, kOutgoingUrl);
    oncall.flag("ack_links", config.ack_links);
    roster.public_url = config.public_url;
    if (roster.people.empty() && config.line.staffed)
        oncall.complain("person",
                        "nobody is on call: name at least one [[oncall.person]], or set line.staffed = false "
                        "so that texters are not promised a person");
    oncall.refuse_unknown_keys();
}

}  // namespace webhooks
