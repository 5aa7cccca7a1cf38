#include "webhooks/staff/conversation_parts.hpp"

#include <limits>

#include "bot/redact.hpp"
#include "webhooks/staff/actions.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using nlohmann::json;

std::string fact(const bot::Conversation& state, const std::string& field) {
    const auto found = state.facts.find(field);
    return found == state.facts.end() ? std::string() : found->second;
}

}  // namespace

json check_ins_of(const bot::Conversation& state) {
    json items = json::array();
    for (const auto& [name, timer] : state.timers)
        if (name.find('.') != std::string::npos)
            items.push_back({{"name", name}, {"due", iso_time(timer.due)}});
    return items;
}

json render_trusted_person(const bot::Conversation& state, bool sees_numbers) {
    const std::string name = fact(state, "who");
    const std::string number = fact(state, "tel");
    if (name.empty() && number.empty()) return nullptr;
    return {{"name", name}, {"number", sees_numbers ? number : bot::mask_number(number)}};
}

json read_part(store::StoreReader& reader, const store::ContactRow& row, std::string_view part) {
    json items = json::array();
    const auto put = [&](const auto& rows) {
        for (const auto& one : rows) items.push_back(staff::render(one));
    };
    if (part == "notes") put(reader.staff().notes(row.id));
    if (part == "escalations") put(reader.escalations_of(row.id));
    if (part == "consent") put(reader.consent_ledger(row.id));
    if (part == "check-ins") items = check_ins_of(state_of(row.conversation));
    if (part == "actions") {
        for (const auto& one : reader.staff().audit_of(row.id, 200, std::numeric_limits<std::int64_t>::max()))
            items.push_back({{"id", one.id},
                             {"contact", row.id.value},
                             {"what", one.what},
                             {"by", one.who},
                             {"detail", one.detail},
                             {"at", iso_time(one.at)}});
    }
    return items;
}

}  // namespace webhooks::staff
