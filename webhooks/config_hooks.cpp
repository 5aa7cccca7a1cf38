#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

using oncall::HookFormat;

const char* const kHookEvents[]{"escalation.opened",       "escalation.raised", "escalation.notified",
                                "escalation.acknowledged", "escalation.lapsed", "escalation.resolved",
                                "escalation.unreachable",  "responder.stopped", "responder.in_danger",
                                "oncall.trouble"};

bool is_hook_event(std::string_view name) {
    return std::find(std::begin(kHookEvents), std::end(kHookEvents), name) != std::end(kHookEvents);
}

bool is_hidden_url(std::string_view text) { return kOutgoingUrl.fits(text); }
const TextRule kHiddenUrl{is_hidden_url, "a reference to an https URL"};

void read_events(ConfigTable& table, oncall::Endpoint& hook) {
    static const TextRule kEvent{
        is_hook_event,
        "one of escalation.opened, .raised, .notified, .acknowledged, .lapsed, .resolved, .unreachable, "
        "responder.stopped, .in_danger, oncall.trouble"};
    std::vector<std::string> events;
    table.texts("events", events, kEvent);
    hook.events = {events.begin(), events.end()};
}

/// Slack and Teams cannot say that somebody has taken a case, and what GoAlert sends nobody has signed.
void read_answers(ConfigTable& table, oncall::Endpoint& hook) {
    const bool pagerduty = hook.format == HookFormat::pagerduty;
    table.secret("answer_secret", hook.answer_secret, pagerduty ? kToken : kWebhookSecret);
    if (table.has("answer_secret") && !pagerduty && hook.format != HookFormat::standard)
        table.complain("answer_secret", "is for the formats \"standard\" and \"pagerduty\"");
}

oncall::Endpoint read_hook(ConfigTable& table) {
    oncall::Endpoint hook;
    table.require({"name"});
    table.text("name", hook.name, kAccountName);
    table.choice<HookFormat>("format", hook.format,
                             {{"standard", HookFormat::standard},
                              {"slack", HookFormat::slack},
                              {"teams", HookFormat::teams},
                              {"pagerduty", HookFormat::pagerduty},
                              {"goalert", HookFormat::goalert}});
    const bool pagerduty = hook.format == HookFormat::pagerduty;
    if (pagerduty) hook.url = "https://events.pagerduty.com/v2/enqueue";
    // The URLs of Slack, Teams and GoAlert are secrets themselves: "secret_url" takes them from elsewhere.
    table.text("url", hook.url, kOutgoingUrl);
    table.secret("secret_url", hook.url, kHiddenUrl);
    table.secret("secret", hook.secret, kWebhookSecret);
    table.secret("routing_key", hook.routing_key, kToken);
    read_answers(table, hook);
    if (hook.format == HookFormat::standard) table.require({"secret"});
    if (pagerduty) table.require({"routing_key"});
    if (!pagerduty && !table.has("secret_url")) table.require({"url"});
    read_events(table, hook);
    table.refuse_unknown_keys();
    return hook;
}

}  // namespace

void read_hooks(ConfigTable& root, Config& config) {
    for (ConfigTable& table : root.tables("hook")) {
        oncall::Endpoint hook = read_hook(table);
        for (const oncall::Endpoint& other : config.oncall.endpoints)
            if (!hook.name.empty() && other.name == hook.name)
                table.complain("name", "is the name of another hook");
        config.oncall.endpoints.push_back(std::move(hook));
    }
    for (const bot::Responder& person : config.oncall.people)
        for (const bot::NotificationRule& rule : person.rules)
            if (!rule.hook.empty() &&
                std::none_of(config.oncall.endpoints.begin(), config.oncall.endpoints.end(),
                             [&](const oncall::Endpoint& hook) { return hook.name == rule.hook; }))
                root.complain("oncall.person", "notify names a hook that is not a [[hook]]");
}

void read_webhooks(ConfigTable webhooks, Config& config) {
    using namespace std::chrono_literals;
    oncall::WebhookSettings& settings = config.oncall.webhooks;
    webhooks.flag("allow_private", settings.allow_private);
    webhooks.duration("give_up_after", settings.give_up_after, 1s, 30 * 24h);
    webhooks.duration("old_secret_signs", settings.old_secret_signs, 0s, 30 * 24h);
    webhooks.refuse_unknown_keys();
}

}  // namespace webhooks
