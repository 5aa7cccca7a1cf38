#include "webhooks/demo/phone_view.hpp"

#include "bot/segments.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::demo {

namespace {

using nlohmann::json;

constexpr std::size_t kMessages = 200;
constexpr std::size_t kEscalations = 10;

bool has_arrived(const store::MessageRow& row) {
    return row.inbound || row.state == store::to_string(store::OutboxState::sent) ||
           row.state == store::to_string(store::OutboxState::delivered);
}

bool is_under_way(const store::MessageRow& row) {
    return !row.inbound && (row.state == store::to_string(store::OutboxState::queued) ||
                            row.state == store::to_string(store::OutboxState::wired) ||
                            row.state == store::to_string(store::OutboxState::errored));
}

json render_text(const store::MessageRow& row) {
    json text = staff::render(row);
    const bot::Segments segments = bot::count_segments(row.text);
    text["segments"] = segments.segments;
    text["encoding"] = segments.encoding == bot::Encoding::gsm7 ? "GSM-7" : "UCS-2";
    return text;
}

}  // namespace

TexterView read_texter(store::StoreReader& reader, std::optional<store::ContactId> contact) {
    TexterView view;
    view.escalations = reader.escalations(false, kEscalations);
    if (!contact) return view;
    view.contact = reader.contact(*contact);
    view.messages = reader.messages(*contact, kMessages);
    view.ledger = reader.consent_ledger(*contact);
    return view;
}

json render(const TexterView& view) {
    json messages = json::array(), ledger = json::array(), escalations = json::array();
    bool typing = false;
    for (const store::MessageRow& row : view.messages) {
        if (has_arrived(row)) messages.push_back(render_text(row));
        typing = typing || is_under_way(row);
    }
    for (const store::ConsentEntry& entry : view.ledger) ledger.push_back(staff::render(entry));
    for (const store::EscalationRow& row : view.escalations) escalations.push_back(staff::render(row));
    return {{"contact", view.contact ? staff::render(*view.contact, true) : json(nullptr)},
            {"messages", std::move(messages)},
            {"typing", typing},
            {"ledger", std::move(ledger)},
            {"escalations", std::move(escalations)}};
}

}  // namespace webhooks::demo
