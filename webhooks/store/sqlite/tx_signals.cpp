// What goes to other systems and to people who watch: outgoing webhooks, live events, quarantine.
#include <date/date.h>

#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::int64_t kEventsKept = 100'000;
constexpr std::int64_t kPruneEvery = 64;
constexpr std::chrono::days kDeliveriesKept{30};

}  // namespace

void Tx::enqueue_hook(const NewHook& hook) {
    const std::int64_t id = next_id(Table::hook);
    const std::string cell = seal(column::kHook, id, {hook.payload});
    db_.run(
        "INSERT INTO hook(id, webhook, endpoint, event, key, at, ready_at, updated_at, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(endpoint, key) DO NOTHING",
        id, hook.webhook, hook.endpoint, hook.event, hook.key, hook.at, hook.at, hook.at, Blob{cell});
    if (id % kPruneEvery == 0)
        db_.run("DELETE FROM hook WHERE state >= 2 AND updated_at < ?", hook.at - kDeliveriesKept);
}

std::vector<ClaimedHook> Tx::claim_hooks(TimePoint now, std::size_t limit) {
    Cursor due = db_.query(
        "SELECT id, webhook, endpoint, event, key, attempts, at, sealed FROM hook"
        " WHERE webhook IS NULL AND ready_at <= ? ORDER BY ready_at, id LIMIT ?",
        now, limit);
    return take_hooks(due, now);
}

std::vector<ClaimedHook> Tx::claim_deliveries(std::int64_t webhook, TimePoint now, std::size_t limit) {
    Cursor due = db_.query(
        "SELECT id, webhook, endpoint, event, key, attempts, at, sealed FROM hook"
        " WHERE webhook = ? AND ready_at <= ? ORDER BY ready_at, id LIMIT ?",
        webhook, now, limit);
    return take_hooks(due, now);
}

/// @param due  read to its end before anything is written
std::vector<ClaimedHook> Tx::take_hooks(Cursor& due, TimePoint now) {
    std::vector<ClaimedHook> claimed;
    std::vector<std::int64_t> unreadable;
    while (due.next()) {
        Row row = due.row();
        ClaimedHook hook;
        hook.id = row.integer();
        hook.webhook = row.maybe_integer();
        hook.endpoint = row.text();
        hook.event = row.text();
        hook.key = row.text();
        hook.attempts = static_cast<std::uint32_t>(row.count()) + 1;
        hook.at = row.time();
        auto fields = open_fields(vault_, Place(column::kHook, hook.id), row.bytes());
        if (!fields) {
            unreadable.push_back(hook.id);
            continue;
        }
        hook.payload = fields->take(0);
        claimed.push_back(std::move(hook));
    }
    for (const ClaimedHook& hook : claimed) {
        db_.run("UPDATE hook SET state = 1, ready_at = NULL, attempts = ?, updated_at = ? WHERE id = ?",
                hook.attempts, now, hook.id);
    }
    for (const std::int64_t id : unreadable) mark_hook_failed(id, now);
    return claimed;
}

void Tx::mark_hook_sent(std::int64_t id, TimePoint now) {
    db_.run("UPDATE hook SET state = 2, ready_at = NULL, updated_at = ? WHERE id = ?", now, id);
}

void Tx::mark_hook_retry(std::int64_t id, TimePoint next_try) {
    db_.run("UPDATE hook SET state = 0, ready_at = ? WHERE id = ? AND state = 1", next_try, id);
}

void Tx::mark_hook_failed(std::int64_t id, TimePoint now) {
    db_.run("UPDATE hook SET state = 3, ready_at = NULL, updated_at = ? WHERE id = ?", now, id);
}

void Tx::release_claimed_hooks() {
    db_.run("UPDATE hook SET state = 0, ready_at = updated_at WHERE state = 1");
}

std::optional<TimePoint> Tx::next_hook_due() {
    const auto due = db_.integer("SELECT min(ready_at) FROM hook WHERE ready_at IS NOT NULL");
    return due ? std::optional(bot::from_millis(*due)) : std::nullopt;
}

void Tx::publish(std::string_view type, std::string_view data_json, TimePoint now) {
    events_.emplace_back(type);
    events_.push_back(std::to_string(bot::to_millis(now)));
    events_.emplace_back(data_json);
}

// One row for all events of a commit: one cell to seal and to write, however many there are.
void Tx::write_events() {
    if (events_.empty()) return;
    const std::int64_t before = next_id(Table::event) - 1;
    const std::int64_t last = before + static_cast<std::int64_t>(events_.size() / kEventFields);
    const std::vector<std::string_view> fields(events_.begin(), events_.end());
    const std::string cell = seal_fields(vault_, Place(column::kEvents, last), fields);
    db_.run("INSERT INTO event_batch(id, sealed) VALUES (?, ?)", last, Blob{cell});
    owe_events(before);
    // The newest row is never deleted: ids only grow.
    if (before / kPruneEvery != last / kPruneEvery)
        db_.run("DELETE FROM event_batch WHERE id <= ?", last - kEventsKept);
    events_.clear();
}

/// Each live event is owed to every managed webhook that wants it, or is told of all.
/// @param before  id of the event before these
void Tx::owe_events(std::int64_t before) {
    struct Wanted {
        std::int64_t webhook;
        std::string types;  // ",a,b,"; empty: all
    };
    std::vector<Wanted> all;
    {
        Cursor cursor = db_.query("SELECT id, events FROM webhook WHERE state = 0");
        while (cursor.next()) {
            Row row = cursor.row();
            const std::int64_t id = row.integer();
            all.push_back({id, row.text()});
        }
    }
    if (all.empty()) return;
    for (std::size_t i = 0; i < events_.size(); i += kEventFields) {
        const TimePoint at = bot::from_millis(std::stoll(events_[i + 1]));
        const std::string key =
            "event-" + std::to_string(before + 1 + static_cast<std::int64_t>(i / kEventFields));
        std::string payload("{\"type\":\"");
        payload.append(events_[i]).append("\",\"timestamp\":\"").append(date::format("%FT%TZ", at));
        payload.append("\",\"data\":").append(events_[i + 2]).append("}");
        for (const Wanted& one : all)
            if (one.types.empty() || one.types.find("," + events_[i] + ",") != std::string::npos)
                enqueue_hook({endpoint_of_webhook(one.webhook), events_[i], key, payload, at, one.webhook});
    }
}

void Tx::quarantine(const QuarantineEntry& entry, std::size_t keep) {
    const std::int64_t id = next_id(Table::quarantine);
    const std::string cell = seal(column::kQuarantine, id, {entry.request});
    db_.run("INSERT INTO quarantine(id, at, account, reason, sealed) VALUES (?, ?, ?, ?, ?)", id, entry.at,
            entry.account, entry.reason, Blob{cell});
    db_.run(
        "DELETE FROM quarantine WHERE id <= (SELECT id FROM quarantine ORDER BY id DESC LIMIT 1 OFFSET ?)",
        keep);
}

void Tx::remove_quarantined(std::int64_t id) { db_.run("DELETE FROM quarantine WHERE id = ?", id); }

}  // namespace webhooks::store::sqlite
