#include "webhooks/oncall/hook_formats.hpp"

#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"

namespace webhooks::oncall {

namespace {

using nlohmann::json;

std::string text_in(const json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// What is read of one stored event.
struct Event {
    std::string type, code, priority, by, name, what;
    std::string alert;  ///< the same for all events of one case
    bool call = false;
    bool drill = false;
};

bool flag_in(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

Event read_event(std::string_view payload) {
    const json document = json::parse(payload, nullptr, false);
    Event event;
    event.type = text_in(document, "type");
    const json data = document.is_object() ? document.value("data", json::object()) : json::object();
    event.code = text_in(data, "code");
    event.priority = text_in(data, "priority");
    event.by = text_in(data, "acknowledged_by");
    event.name = text_in(data, "name");
    event.what = text_in(data, "what");
    event.call = flag_in(data, "call_do_not_text");
    event.drill = flag_in(data, "drill");
    const auto id = data.find("escalation");
    if (id != data.end() && id->is_number_integer())
        event.alert = "handrail-case-" + std::to_string(id->get<std::int64_t>());
    else
        event.alert = "handrail-" + event.type + "-" + event.name;
    return event;
}

std::string sentence(const Event& event) {
    std::string text = (event.drill ? "DRILL: " : "") + event.priority + " case " + event.code;
    if (event.type == "escalation.opened")
        text += " is open: a human is asked for.";
    else if (event.type == "escalation.raised")
        text += " has become graver: a human is asked for.";
    else if (event.type == "escalation.notified")
        text += " waits: people on call are being paged.";
    else if (event.type == "escalation.acknowledged")
        text += " is taken by " + event.by + ".";
    else if (event.type == "escalation.lapsed")
        text += " is open again: no word has reached the texter.";
    else if (event.type == "escalation.resolved")
        text += " is closed.";
    else if (event.type == "escalation.unreachable")
        text += ": NOBODY on call can be reached.";
    else if (event.type == "responder.stopped")
        text = event.name + " texted STOP from the on-call phone: somebody should cover.";
    else if (event.type == "responder.in_danger")
        text = "A text from " + event.name + "'s on-call phone sounds like danger: please call " +
               event.name + ".";
    else
        text = "Trouble with paging: " + event.what + ".";
    if (event.call) text += " OPTED OUT: call, do not text.";
    return text;
}

std::string_view severity(const Event& event) {
    if (event.priority == "P2") return "warning";
    if (event.priority == "P3") return "info";
    return event.priority == "P1" ? "error" : "critical";
}

json for_teams(const Event& event) {
    const json line{{"type", "TextBlock"}, {"text", sentence(event)}, {"wrap", true}, {"weight", "Bolder"}};
    const json card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"body", json::array({line})}};
    const json attachment{{"contentType", "application/vnd.microsoft.card.adaptive"}, {"content", card}};
    return {{"type", "message"}, {"attachments", json::array({attachment})}};
}

json for_pagerduty(const Event& event, const std::string& routing_key) {
    std::string_view action = "trigger";
    if (event.type == "escalation.acknowledged") action = "acknowledge";
    if (event.type == "escalation.resolved") action = "resolve";
    json alert{{"routing_key", routing_key}, {"event_action", action}, {"dedup_key", event.alert}};
    if (action == "trigger")
        alert["payload"] = {
            {"summary", sentence(event)}, {"source", "handrail"}, {"severity", severity(event)}};
    return alert;
}

json for_goalert(const Event& event) {
    json alert{{"summary", sentence(event)}, {"dedup", event.alert}};
    if (event.type == "escalation.resolved") alert["action"] = "close";
    return alert;
}

}  // namespace

std::string hook_sentence(std::string_view payload) { return sentence(read_event(payload)); }

HookBody render_hook(const Endpoint& endpoint, std::string_view payload) {
    HookBody out{{}, {"Content-Type: application/json"}};
    switch (endpoint.format) {
        case HookFormat::standard:
            out.body = payload;
            break;
        case HookFormat::slack:
            out.body = bot::json_text({{"text", hook_sentence(payload)}});
            break;
        case HookFormat::teams:
            out.body = bot::json_text(for_teams(read_event(payload)));
            break;
        case HookFormat::pagerduty:
            out.body = bot::json_text(for_pagerduty(read_event(payload), endpoint.routing_key));
            break;
        case HookFormat::goalert:
            out.body = bot::json_text(for_goalert(read_event(payload)));
            break;
    }
    return out;
}

}  // namespace webhooks::oncall
