// Webhooks to other systems that an administrator manages, and what was delivered to any.
#include "webhooks/store/sqlite/staff_tables.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::string_view kWebhook = "webhook.sealed";
constexpr std::string_view kStates[]{"due", "sending", "sent", "failed"};

/// ",a,b," so that one type is found in SQL and in memory alike; empty for all.
std::string joined(const std::set<std::string>& events) {
    std::string text;
    for (const std::string& event : events) text.append(text.empty() ? "," : "").append(event).append(",");
    return text;
}

std::set<std::string> split(std::string_view text) {
    std::set<std::string> events;
    while (text.size() > 1) {
        text.remove_prefix(1);
        const std::size_t end = text.find(',');
        events.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end, text.size()));
    }
    return events;
}

}  // namespace

WebhookRow StaffTables::read_webhook(Row row) const {
    WebhookRow webhook;
    webhook.id = row.integer();
    webhook.state = row.as<WebhookState>();
    webhook.events = split(row.bytes());
    webhook.old_until = row.maybe_time();
    webhook.failing_since = row.maybe_time();
    webhook.created_at = row.time();
    Fields fields = open(kWebhook, webhook.id, row.bytes());
    webhook.name = fields.take(0);
    webhook.url = fields.take(1);
    webhook.secret = fields.take(2);
    webhook.old_secret = fields.take(3);
    webhook.created_by = fields.take(4);
    return webhook;
}

std::string StaffTables::seal_webhook(std::int64_t id, const WebhookRow& webhook) const {
    return seal(kWebhook, id,
                {webhook.name, webhook.url, webhook.secret, webhook.old_secret, webhook.created_by});
}

std::vector<WebhookRow> StaffTables::webhooks() {
    std::vector<WebhookRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, state, events, old_until, failing_since, created_at, sealed FROM webhook ORDER BY id");
    while (cursor.next()) rows.push_back(read_webhook(cursor.row()));
    return rows;
}

std::optional<WebhookRow> StaffTables::webhook(std::int64_t id) {
    Cursor cursor = db_.query(
        "SELECT id, state, events, old_until, failing_since, created_at, sealed FROM webhook WHERE id = ?",
        id);
    return cursor.next() ? std::optional(read_webhook(cursor.row())) : std::nullopt;
}

std::int64_t StaffTables::add_webhook(const WebhookRow& webhook) {
    const std::int64_t id = next_id("webhook");
    const std::string cell = seal_webhook(id, webhook);
    db_.run("INSERT INTO webhook(id, state, events, created_at, sealed) VALUES (?, ?, ?, ?, ?)", id,
            webhook.state, joined(webhook.events), webhook.created_at, Blob{cell});
    return id;
}

void StaffTables::save_webhook(const WebhookRow& webhook) {
    const std::string cell = seal_webhook(webhook.id, webhook);
    db_.run(
        "UPDATE webhook SET state = ?, events = ?, old_until = ?, failing_since = ?, sealed = ? WHERE id = ?",
        webhook.state, joined(webhook.events), webhook.old_until, webhook.failing_since, Blob{cell},
        webhook.id);
}

// Its deliveries stay until they are old: one may be under way, and its id must not be another's then.
bool StaffTables::remove_webhook(std::int64_t id) {
    return db_.run("DELETE FROM webhook WHERE id = ?", id) > 0;
}

void StaffTables::drop_deliveries(std::int64_t webhook, std::string_view outcome, TimePoint now) {
    db_.run(
        "UPDATE hook SET state = 3, ready_at = NULL, outcome = ?, updated_at = ? WHERE webhook = ? AND"
        " ready_at IS NOT NULL",
        outcome, now, webhook);
}

std::vector<DeliveryRow> StaffTables::deliveries(std::string_view endpoint, std::size_t limit,
                                                 std::int64_t before_id) {
    std::vector<DeliveryRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, event, key, state, outcome, attempts, at, updated_at FROM hook"
        " WHERE endpoint = ? AND id < ? ORDER BY id DESC LIMIT ?",
        endpoint, before_id, limit);
    while (cursor.next()) {
        Row row = cursor.row();
        DeliveryRow delivery;
        delivery.id = row.integer();
        delivery.endpoint = endpoint;
        delivery.event = row.text();
        delivery.key = row.text();
        delivery.state = kStates[static_cast<std::size_t>(row.integer()) % 4];
        delivery.outcome = row.text();
        delivery.attempts = static_cast<std::uint32_t>(row.count());
        delivery.at = row.time();
        delivery.updated_at = row.time();
        rows.push_back(std::move(delivery));
    }
    return rows;
}

std::int64_t StaffTables::deliveries_owed(std::string_view endpoint) {
    return db_.integer("SELECT count(*) FROM hook WHERE state < 2 AND endpoint = ?", endpoint).value_or(0);
}

bool StaffTables::resend(std::int64_t delivery, TimePoint now) {
    return db_.run(
               "UPDATE hook SET state = 0, attempts = 0, ready_at = ?, updated_at = ? WHERE id = ? AND"
               " state <> 1",
               now, now, delivery) > 0;
}

void StaffTables::note_outcome(std::int64_t delivery, std::string_view outcome) {
    db_.run("UPDATE hook SET outcome = ? WHERE id = ?", outcome, delivery);
}

}  // namespace webhooks::store::sqlite
