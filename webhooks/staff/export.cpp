#include "webhooks/staff/export.hpp"

#include "webhooks/staff/actions.hpp"
#include "webhooks/staff/conversation_parts.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

using nlohmann::json;

json export_of(store::StoreReader& reader, const store::ContactRow& row, bot::TimePoint now) {
    const auto list = [](const auto& rows) {
        json items = json::array();
        for (const auto& one : rows) items.push_back(staff::render(one));
        return items;
    };
    return {{"contact", {{"id", row.id.value}, {"number", row.number}}},
            {"messages", list(reader.messages(row.id, 100'000))},
            {"consent", list(reader.consent_ledger(row.id))},
            {"escalations", list(reader.escalations_of(row.id))},
            {"notes", list(reader.staff().notes(row.id))},
            {"check_ins", check_ins_of(state_of(row.conversation))},
            {"exported_at", iso_time(now)}};
}

}  // namespace webhooks::staff
