#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

// Timers of one contact lie side by side: id = contact * 1024 + slot.
constexpr std::int64_t kSlots = 1'024;

std::int64_t first_slot(ContactId contact) { return contact.value * kSlots; }
std::int64_t last_slot(ContactId contact) { return first_slot(contact) + kSlots - 1; }

/// Names say what a contact is going through, so even equal names of two contacts look different.
std::string index_of(const Vault& vault, ContactId contact, std::string_view name) {
    return vault.index("timer/" + std::to_string(contact.value) + "/" + std::string(name)).substr(0, 16);
}

}  // namespace

void Tx::set_timer(ContactId contact, std::string_view name, TimePoint due, std::uint64_t turn) {
    const std::string name_index = index_of(vault_, contact, name);
    std::int64_t free_slot = first_slot(contact);
    {
        Cursor cursor = db_.query("SELECT id, name_index FROM timer WHERE id BETWEEN ? AND ? ORDER BY id",
                                  first_slot(contact), last_slot(contact));
        while (cursor.next()) {
            Row row = cursor.row();
            const std::int64_t id = row.integer();
            if (row.bytes() == name_index) {
                db_.run("UPDATE timer SET due = ?, turn = ? WHERE id = ?", due, turn, id);
                return;
            }
            if (id == free_slot) ++free_slot;
        }
    }
    if (free_slot > last_slot(contact)) throw StoreFailure(Error::corrupt);
    const std::string cell = seal(column::kTimerName, free_slot, {name});
    db_.run("INSERT INTO timer(id, name_index, name, turn, due) VALUES (?, ?, ?, ?, ?)", free_slot,
            Blob{name_index}, Blob{cell}, turn, due);
}

void Tx::cancel_timer(ContactId contact, std::string_view name) {
    const std::string name_index = index_of(vault_, contact, name);
    db_.run("DELETE FROM timer WHERE id BETWEEN ? AND ? AND name_index = ?", first_slot(contact),
            last_slot(contact), Blob{name_index});
}

int Tx::cancel_timers(ContactId contact) {
    return db_.run("DELETE FROM timer WHERE id BETWEEN ? AND ?", first_slot(contact), last_slot(contact));
}

std::vector<TimerRow> Tx::due_timers(TimePoint now, std::size_t limit) {
    std::vector<TimerRow> due;
    std::vector<std::int64_t> unreadable;
    {
        Cursor cursor = db_.query("SELECT id, name, turn, due FROM timer WHERE due <= ? ORDER BY due LIMIT ?",
                                  now, limit);
        while (cursor.next()) {
            Row row = cursor.row();
            TimerRow timer;
            timer.id = row.integer();
            timer.contact = {timer.id / kSlots};
            auto name = open_fields(vault_, Place(column::kTimerName, timer.id), row.bytes());
            timer.turn = row.count();
            timer.due = row.time();
            if (!name) {
                unreadable.push_back(timer.id);
                continue;
            }
            timer.name = name->take(0);
            due.push_back(std::move(timer));
        }
    }
    // A damaged one would be due for ever and keep others from their turn.
    for (const std::int64_t id : unreadable) remove_timer(id);
    return due;
}

void Tx::remove_timer(std::int64_t id) { db_.run("DELETE FROM timer WHERE id = ?", id); }

std::optional<TimePoint> Tx::next_timer_due() {
    const auto due = db_.integer("SELECT min(due) FROM timer");
    return due ? std::optional(bot::from_millis(*due)) : std::nullopt;
}

}  // namespace webhooks::store::sqlite
