#include "webhooks/oncall/hook_formats.hpp"

#include <doctest.h>

#include <nlohmann/json.hpp>

namespace {

using namespace webhooks::oncall;
using nlohmann::json;

std::string event(const char* type, const char* by = "") {
    return json{{"type", type},
                {"timestamp", "2026-01-05T09:00:00.000Z"},
                {"data",
                 {{"escalation", 7},
                  {"code", "4821"},
                  {"contact", 3},
                  {"priority", "P0"},
                  {"state", "open"},
                  {"call_do_not_text", false},
                  {"acknowledged_by", by}}}}
        .dump();
}

json rendered(HookFormat format, const std::string& payload) {
    Endpoint endpoint;
    endpoint.format = format;
    endpoint.routing_key = "R0";
    return json::parse(render_hook(endpoint, payload).body);
}

}  // namespace

TEST_CASE("hooks: the standard format leaves the event as it stands: what is signed is what was stored") {
    const std::string payload = event("escalation.opened");
    CHECK(render_hook({}, payload).body == payload);
}

TEST_CASE("hooks: Slack and Teams get one sentence") {
    CHECK(rendered(HookFormat::slack, event("escalation.acknowledged", "Maya")) ==
          json{{"text", "P0 case 4821 is taken by Maya."}});
    const json card = rendered(HookFormat::teams, event("escalation.opened"));
    CHECK(card["type"] == "message");
    const json& attachment = card["attachments"][0];
    CHECK(attachment["contentType"] == "application/vnd.microsoft.card.adaptive");
    CHECK(attachment["content"]["type"] == "AdaptiveCard");
    CHECK(attachment["content"]["body"][0]["text"] == "P0 case 4821 is open: a human is asked for.");
}

TEST_CASE("hooks: in PagerDuty one alert is opened, acknowledged and resolved") {
    const json opened = rendered(HookFormat::pagerduty, event("escalation.opened"));
    CHECK(opened["event_action"] == "trigger");
    CHECK(opened["routing_key"] == "R0");
    CHECK(opened["payload"]["severity"] == "critical");
    CHECK(opened["payload"]["source"] == "handrail");
    const json taken = rendered(HookFormat::pagerduty, event("escalation.acknowledged", "Maya"));
    CHECK(taken["event_action"] == "acknowledge");
    CHECK_FALSE(taken.contains("payload"));
    const json lapsed = rendered(HookFormat::pagerduty, event("escalation.lapsed"));
    CHECK(lapsed["event_action"] == "trigger");
    const json closed = rendered(HookFormat::pagerduty, event("escalation.resolved"));
    CHECK(closed["event_action"] == "resolve");
    for (const json& other : {taken, lapsed, closed}) CHECK(other["dedup_key"] == opened["dedup_key"]);
}

TEST_CASE("hooks: in GoAlert the alert closes with the case") {
    const json opened = rendered(HookFormat::goalert, event("escalation.opened"));
    const json closed = rendered(HookFormat::goalert, event("escalation.resolved"));
    CHECK(opened["dedup"] == closed["dedup"]);
    CHECK_FALSE(opened.contains("action"));
    CHECK(closed["action"] == "close");
}

TEST_CASE("hooks: a payload that cannot be read is still told, in no format breaks") {
    for (const HookFormat format :
         {HookFormat::slack, HookFormat::teams, HookFormat::pagerduty, HookFormat::goalert}) {
        for (const char* payload : {"", "[]", "{\"data\":1}", "{\"type\":1,\"data\":{\"code\":2}}"})
            CHECK(rendered(format, payload).is_object());
    }
}
