#include "webhooks/staff/rendering.hpp"

#include <cstdio>
#include <ctime>

#include "bot/conversation.hpp"
#include "bot/redact.hpp"

namespace webhooks::staff {

using nlohmann::json;

std::string iso_time(bot::TimePoint at) {
    const std::int64_t millis = bot::to_millis(at);
    const std::time_t seconds = static_cast<std::time_t>(millis / 1'000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(millis % 1'000));
    return std::string(text, length) + fraction;
}

json render(const store::ContactRow& row, bool sees_numbers) {
    json view{{"id", row.id.value},
              {"number", sees_numbers ? row.number : bot::mask_number(row.number)},
              {"consent", bot::to_string(row.conversation.consent)},
              {"turn", row.conversation.turn},
              {"updated_at", iso_time(row.updated_at)}};
    if (const auto state = bot::parse_conversation(row.conversation.state)) {
        view["language"] = bot::to_string(state->language);
        view["tags"] = state->tags;
        view["held_by"] = state->held_by ? json(*state->held_by) : json(nullptr);
        if (!state->stack.empty()) {
            view["at"] = {{"flow", state->stack.back().flow}, {"step", state->stack.back().step}};
        }
    }
    return view;
}

json render(const store::MessageRow& row) {
    return {{"id", row.id.value},
            {"contact", row.contact.value},
            {"direction", row.inbound ? "in" : "out"},
            {"text", row.text},
            {"kind", row.kind},
            {"state", row.state},
            {"text_id", row.text_id},
            {"said_by", row.said_by},
            {"error_code", row.error_code},
            {"at", iso_time(row.at)}};
}

json render(const store::EscalationRow& row) {
    const bot::Escalation& ladder = row.ladder;
    return {{"id", row.id.value},
            {"code", row.code},
            {"contact", row.contact.value},
            {"priority", bot::to_string(ladder.priority)},
            {"state", bot::to_string(ladder.state)},
            {"reason", row.reason},
            {"heard", row.heard},
            {"call_do_not_text", row.call_do_not_text},
            {"opened_at", iso_time(ladder.opened_at)},
            {"next_page_at", ladder.next_due ? json(iso_time(*ladder.next_due)) : json(nullptr)},
            {"acknowledged_by", ladder.acknowledged_by},
            {"acknowledged_at", row.acknowledged_at ? json(iso_time(*row.acknowledged_at)) : json(nullptr)},
            {"resolved_by", ladder.resolved_by}};
}

json render(const store::ConsentEntry& entry) {
    return {{"contact", entry.contact.value},
            {"to", bot::to_string(entry.to)},
            {"source", entry.source},
            {"rule", entry.rule},
            {"wording", entry.wording},
            {"message", entry.message ? json(entry.message->value) : json(nullptr)},
            {"at", iso_time(entry.at)}};
}

}  // namespace webhooks::staff
