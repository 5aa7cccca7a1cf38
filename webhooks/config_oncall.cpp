#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLongestName = 12;  ///< content brief 2A: it is said to the texter
constexpr std::size_t kMostRungs = 20;

const char* const kHookEvents[]{"escalation.opened",       "escalation.raised",   "escalation.notified",
                                "escalation.acknowledged", "escalation.resolved", "responder.stopped",
                                "responder.in_danger"};

bool is_hook_event(std::string_view name) {
    return std::find(std::begin(kHookEvents), std::end(kHookEvents), name) != std::end(kHookEvents);
}

std::vector<std::string> names_of(const std::vector<bot::Responder>& people, std::size_t first) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(first, people.size()); ++i) names.push_back(people[i].name);
    return names;
}

void read_people(ConfigTable& oncall, Config& config) {
    std::vector<bot::Responder>& people = config.oncall.people;
    for (ConfigTable& table : oncall.tables("person")) {
        bot::Responder person;
        table.require({"name", "phone"});
        table.said("name", person.name, kLongestName);
        table.text("phone", person.phone, kPhone);
        table.refuse_unknown_keys();
        for (const bot::Responder& other : people) {
            if (!person.name.empty() && other.name == person.name)
                table.complain("name", "is the name of another person");
            if (!person.phone.empty() && other.phone == person.phone)
                table.complain("phone",
                               "is the number of another person: an answer from it must name one person");
        }
        for (const gateways::AccountSettings& gateway : config.gateways)
            if (std::find(gateway.numbers.begin(), gateway.numbers.end(), person.phone) !=
                gateway.numbers.end())
                table.complain("phone", "is a number of this line: pages would come back as texts");
        people.push_back(std::move(person));
    }
}

void read_rung(ConfigTable& table, const Config& config, bot::EscalationPolicy& policy) {
    bot::Rung rung;
    table.require({"after"});
    table.duration("after", rung.after, 0s, 24h);
    table.texts("page", rung.page, kAnyText);
    table.text("tell_texter", rung.tell_texter, kTextId);
    table.refuse_unknown_keys();
    for (const std::string& name : rung.page)
        if (std::none_of(config.oncall.people.begin(), config.oncall.people.end(),
                         [&](const bot::Responder& p) { return p.name == name; }))
            table.complain("page", "names somebody who is not an [[oncall.person]]");
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
    bot::EscalationPolicy read;
    for (ConfigTable& rung : table.tables("rungs")) read_rung(rung, config, read);
    if (read.rungs.size() > kMostRungs)
        table.complain("rungs", "must be at most " + std::to_string(kMostRungs));
    if (given && table.has("rungs") && read.rungs.empty()) table.complain("rungs", "must not be empty");
    if (!read.rungs.empty()) policy.rungs = std::move(read.rungs);
    table.refuse_unknown_keys();
}

oncall::Endpoint read_hook(ConfigTable& table) {
    static const TextRule kEvent{is_hook_event,
                                 "one of escalation.opened, .raised, .notified, .acknowledged, .resolved, "
                                 "responder.stopped, .in_danger"};
    oncall::Endpoint hook;
    table.require({"name", "url", "secret"});
    table.text("name", hook.name, kAccountName);
    table.text("url", hook.url, kOutgoingUrl);
    table.secret("secret", hook.secret, kWebhookSecret);
    std::vector<std::string> events;
    table.texts("events", events, kEvent);
    hook.events = {events.begin(), events.end()};
    table.refuse_unknown_keys();
    return hook;
}

}  // namespace

std::array<bot::EscalationPolicy, 4> default_policies(const std::vector<bot::Responder>& people) {
    const auto first = names_of(people, 1);
    const auto backup = names_of(people, 2);
    const auto everybody = names_of(people, people.size());
    return {{
        {{{0s, first, ""}, {2min, backup, "NOA.2"}, {4min, everybody, "XSH.5"}, {10min, everybody, "NOA.3"}},
         10min},
        {{{0s, first, ""}, {5min, backup, "NOA.2"}, {10min, everybody, ""}, {15min, everybody, "NOA.3"}},
         10min},
        {{{0s, first, ""}, {30min, backup, "NOA.1"}, {1h, everybody, ""}}, 1h, 4h},
        {{{0s, first, ""}, {24h, backup, ""}}, 24h},
    }};
}

void read_oncall(ConfigTable& root, Config& config) {
    ConfigTable oncall = root.table("oncall");
    read_people(oncall, config);
    config.oncall.policies = default_policies(config.oncall.people);
    static constexpr const char* kPriorities[]{"p0", "p1", "p2", "p3"};
    for (std::size_t i = 0; i < 4; ++i)
        read_policy(oncall, kPriorities[i], config, config.oncall.policies[i]);
    read_own_number(oncall.table("page_from"), config, config.oncall.page_account,
                    config.oncall.page_channel);
    oncall.text("case_link", config.oncall.case_link, kOutgoingUrl);
    if (config.oncall.people.empty() && config.line.staffed)
        oncall.complain("person",
                        "nobody is on call: name at least one [[oncall.person]], or set line.staffed = false "
                        "so that texters are not promised a person");
    oncall.refuse_unknown_keys();
}

void read_hooks(ConfigTable& root, Config& config) {
    for (ConfigTable& table : root.tables("hook")) {
        oncall::Endpoint hook = read_hook(table);
        for (const oncall::Endpoint& other : config.oncall.endpoints)
            if (!hook.name.empty() && other.name == hook.name)
                table.complain("name", "is the name of another hook");
        config.oncall.endpoints.push_back(std::move(hook));
    }
}

}  // namespace webhooks
