#include <sodium.h>

#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

std::vector<std::int64_t> ids(Cursor cursor) {
    std::vector<std::int64_t> found;
    while (cursor.next()) found.push_back(cursor.row().integer());
    return found;
}

}  // namespace

// The file's own "secure_delete" overwrites what stood there before (schema.cpp).
void Tx::erase_words(ContactId contact, bool keep_number, TimePoint now) {
    cancel_queued(contact, now);
    cancel_timers(contact);
    for (const std::int64_t id : ids(db_.query("SELECT id FROM inbound WHERE contact = ?", contact.value))) {
        db_.run("UPDATE inbound SET sealed = ?, answered = ? WHERE id = ?",
                Blob{seal(column::kInbound, id, {"", "", "[]"})},
                Blob{seal(column::kAnswered, id, {"erased"})}, id);
    }
    for (const std::int64_t id :
         ids(db_.query("SELECT id FROM outbox WHERE contact = ? AND state >= 3", contact.value))) {
        db_.run("UPDATE outbox SET sealed = ?, updated_at = ? WHERE id = ?",
                Blob{seal(column::kOutbox, id, {"", "", "", "", "", ""})}, now, id);
    }
    db_.run("DELETE FROM note WHERE contact = ?", contact.value);
    db_.run("DELETE FROM task WHERE contact = ?", contact.value);
    db_.run("DELETE FROM reply_key WHERE contact = ?", contact.value);
    if (keep_number) return;
    std::array<char, 32> nobody{};
    randombytes_buf(nobody.data(), nobody.size());
    const std::string index(nobody.data(), nobody.size());
    db_.run("UPDATE contact SET number_index = ?, number = ? WHERE id = ?", Blob{index},
            Blob{seal(column::kContactNumber, contact.value, {""})}, contact.value);
    known_contact_.reset();
}

}  // namespace webhooks::store::sqlite
