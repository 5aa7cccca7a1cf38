#include "webhooks/staff/rendering.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "bot/conversation.hpp"
#include "bot/redact.hpp"
#include "webhooks/net/time_zone.hpp"
#include "webhooks/staff/roles.hpp"

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

json iso_time(const std::optional<bot::TimePoint>& at) { return at ? json(iso_time(*at)) : json(nullptr); }

json render_place(const bot::Conversation& state) {
    if (state.stack.empty()) return nullptr;
    const bot::Position& place = state.stack.back();
    return {{"flow", place.flow}, {"step", place.step}, {"version", place.version}};
}

json render_contact(const store::ContactRow& row, const bot::Conversation& state,
                    const bot::LineSettings& line, bool sees_numbers, bot::TimePoint now) {
    const std::string& zone = state.time_zone.empty() ? line.time_zone : state.time_zone;
    static const bot::UtcOffset offset = net::utc_offset();
    return {{"id", row.id.value},
            {"number", sees_numbers ? row.number : bot::mask_number(row.number)},
            {"language", bot::to_string(state.language)},
            {"consent", bot::to_string(row.conversation.consent)},
            {"tags", state.tags},
            {"time_zone", zone},
            {"local_time", iso_time(now + offset(zone, now)).substr(11, 5)}};
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
            view["at"] = render_place(*state);
        }
    }
    return view;
}

std::vector<bot::Media> media_of(const store::MessageRow& row) {
    std::vector<bot::Media> media;
    const json list = json::parse(row.media_json, nullptr, false);
    if (!list.is_array()) return media;
    for (const json& one : list)
        if (one.is_object()) media.push_back({one.value("url", ""), one.value("content_type", "")});
    return media;
}

json render(const store::MessageRow& row) {
    json media = json::array();
    for (const bot::Media& one : media_of(row))
        media.push_back({{"number", media.size() + 1}, {"content_type", one.content_type}});
    return {{"key", (row.inbound ? "in-" : "out-") + std::to_string(row.id.value)},
            {"id", row.id.value},
            {"contact", row.contact.value},
            {"direction", row.inbound ? "in" : "out"},
            {"text", row.text},
            {"kind", row.kind},
            {"state", row.state},
            {"text_id", row.text_id},
            {"said_by", row.said_by},
            {"error_code", row.error_code},
            {"fired", ""},
            {"heard", json::array()},
            {"media", std::move(media)},
            {"at", iso_time(row.at)}};
}

json render(const store::EscalationRow& row) {
    const bot::Escalation& ladder = row.ladder;
    const bool leased = ladder.state == bot::EscalationState::acknowledged;
    return {{"id", row.id.value},
            {"code", row.code},
            {"contact", row.contact.value},
            {"priority", bot::to_string(ladder.priority)},
            {"state", bot::to_string(ladder.state)},
            {"reason", row.reason},
            {"heard", row.heard},
            {"call_do_not_text", row.call_do_not_text},
            {"opened_at", iso_time(ladder.opened_at)},
            {"next_page_at", leased ? json(nullptr) : iso_time(ladder.next_due)},
            {"acknowledged_by", ladder.acknowledged_by},
            {"acknowledged_at", row.acknowledged_at ? json(iso_time(*row.acknowledged_at)) : json(nullptr)},
            {"lease_until", leased ? iso_time(ladder.next_due) : json(nullptr)},
            {"resolved_by", ladder.resolved_by}};
}

json render(const store::TaskRow& task) {
    return {{"id", task.id},
            {"contact", task.contact.value},
            {"kind", bot::to_string(task.kind)},
            {"state", store::to_string(task.state)},
            {"from", iso_time(task.from)},
            {"until", iso_time(task.until)},
            {"late_at", iso_time(task.late_at)},
            {"paged_at", iso_time(task.paged_at)},
            {"made_at", iso_time(task.made_at)},
            {"words", task.words}};
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

json render(const store::NoteRow& note) {
    return {{"id", note.id},
            {"contact", note.contact.value},
            {"by", note.by},
            {"text", note.text},
            {"at", iso_time(note.at)}};
}

json render(const store::EscalationLogEntry& entry) {
    return {{"what", entry.what}, {"who", entry.who}, {"detail", entry.detail}, {"at", iso_time(entry.at)}};
}

json render_call(const std::vector<store::EscalationLogEntry>& history) {
    const auto last = std::find_if(history.rbegin(), history.rend(),
                                   [](const auto& entry) { return entry.what.starts_with("call_"); });
    if (last == history.rend()) return nullptr;
    return {{"by", last->who}, {"state", last->what.substr(5)}, {"at", iso_time(last->at)}};
}

json render(const store::AuditEntry& entry) {
    return {{"id", entry.id},
            {"at", iso_time(entry.at)},
            {"who", entry.who},
            {"what", entry.what},
            {"contact", entry.contact ? json(entry.contact->value) : json(nullptr)},
            {"detail", entry.detail},
            {"address", entry.address}};
}

json render(const store::SavedReplyRow& reply) {
    return {{"id", reply.id}, {"name", reply.name}, {"en", reply.en}, {"es", reply.es}};
}

json render(const store::ErasureRow& erasure) {
    constexpr std::string_view kStates[]{"asked", "confirmed", "refused"};
    return {{"id", erasure.id},
            {"contact", erasure.contact.value},
            {"asked_by", erasure.asked_by},
            {"asked_at", iso_time(erasure.asked_at)},
            {"reason", erasure.reason},
            {"state", kStates[static_cast<std::size_t>(erasure.state)]},
            {"decided_by", erasure.decided_by},
            {"decided_at", iso_time(erasure.decided_at)}};
}

json render(const store::AccountRow& account) {
    return {{"name", account.name},
            {"roles", role_words(account.roles)},
            {"disabled", account.disabled},
            {"second_factor", !account.second_factor.empty()},
            {"has_password", !account.password.empty()},
            {"login", account.login},
            {"created_at", iso_time(account.created_at)},
            {"last_seen_at", iso_time(account.last_seen_at)}};
}

json render(const store::TokenRow& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"scopes", Permissions(token.scopes).words()},
            {"sees_numbers", token.sees_numbers},
            {"from_config", false},
            {"created_at", iso_time(token.created_at)},
            {"created_by", token.created_by},
            {"last_used_at", iso_time(token.last_used_at)}};
}

}  // namespace webhooks::staff
