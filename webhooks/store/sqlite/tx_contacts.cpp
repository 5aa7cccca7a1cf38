#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

Recorded Tx::record_inbound(const NewInbound& message) {
    const std::string number_index = vault_.index(message.contact);
    auto contact = contact_at(number_index);
    if (!contact) {
        if (const auto first = find_inbound(message)) return *first;
        contact = add_contact(message.contact, number_index);
    }
    known_contact_ = KnownContact{*contact, message.contact};
    const std::int64_t id = next_id(Table::inbound);
    const std::string cell = seal(column::kInbound, id, {message.channel, message.text, message.media_json});
    const int added = db_.run(
        "INSERT INTO inbound(id, account, external_id, contact, at, sealed) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(account, external_id) DO NOTHING",
        id, message.account, message.external_id, contact->value, message.at, Blob{cell});
    if (added == 0) return find_inbound(message).value();
    return {Seen::first, *contact, {id}};
}

std::optional<Recorded> Tx::find_inbound(const NewInbound& message) {
    Cursor cursor = db_.query("SELECT contact, id FROM inbound WHERE account = ? AND external_id = ?",
                              message.account, message.external_id);
    if (!cursor.next()) return std::nullopt;
    Row row = cursor.row();
    const ContactId contact{row.integer()};
    return Recorded{Seen::duplicate, contact, {row.integer()}};
}

std::optional<ContactId> Tx::contact_at(const std::string& number_index) {
    const auto id = db_.integer("SELECT id FROM contact WHERE number_index = ?", Blob{number_index});
    return id ? std::optional(ContactId{*id}) : std::nullopt;
}

ContactId Tx::add_contact(std::string_view e164, const std::string& number_index) {
    const std::int64_t id = next_id(Table::contact);
    const std::string cell = seal(column::kContactNumber, id, {e164});
    db_.run("INSERT INTO contact(id, number_index, number) VALUES (?, ?, ?)", id, Blob{number_index},
            Blob{cell});
    return {id};
}

std::optional<ContactId> Tx::find_contact(std::string_view e164) { return contact_at(vault_.index(e164)); }

ContactId Tx::contact_of(std::string_view e164) {
    const std::string number_index = vault_.index(e164);
    const auto known = contact_at(number_index);
    return known ? *known : add_contact(e164, number_index);
}

std::string Tx::number_of(ContactId contact) {
    if (known_contact_ && known_contact_->id == contact) return known_contact_->number;
    Cursor cursor = db_.query("SELECT number FROM contact WHERE id = ?", contact.value);
    auto fields = cursor.next() ? open_fields(vault_, Place(column::kContactNumber, contact.value),
                                              cursor.row().bytes())
                                : std::nullopt;
    if (!fields) throw StoreFailure(Error::corrupt);
    known_contact_ = KnownContact{contact, fields->take(0)};
    return known_contact_->number;
}

std::optional<ConversationRow> Tx::lock_conversation(ContactId contact) {
    Cursor cursor =
        db_.query("SELECT consent, turn, account, last_at, sealed FROM contact WHERE id = ?", contact.value);
    if (!cursor.next()) return std::nullopt;
    return read_conversation(vault_, contact, cursor.row());
}

void Tx::save_conversation(ContactId contact, const ConversationRow& row, TimePoint now) {
    const std::string cell =
        seal(column::kConversation, contact.value, {row.state, row.channel, row.before_last, row.last_text});
    db_.run(
        "UPDATE contact SET consent = ?, turn = ?, account = ?, last_at = ?, updated_at = ?, held = ?, "
        "sealed = ?"
        " WHERE id = ?",
        row.consent, row.turn, row.account, row.last_at, now, row.held, Blob{cell}, contact.value);
}

void Tx::append_consent(const ConsentEntry& entry) {
    const std::int64_t id = next_id(Table::consent_ledger);
    const std::string cell = seal(column::kConsent, id, {entry.source, entry.rule, entry.wording});
    const auto message = entry.message ? std::optional(entry.message->value) : std::nullopt;
    db_.run("INSERT INTO consent_ledger(id, contact, consent, message, at, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            id, entry.contact.value, entry.to, message, entry.at, Blob{cell});
}

void Tx::mark_answered(MessageId inbound, std::uint64_t turn, std::string_view outcome,
                       const std::vector<Heard>& heard) {
    std::vector<std::string_view> fields{outcome};
    for (const Heard& one : heard) fields.insert(fields.end(), {one.rule, one.words});
    const std::string cell = seal_fields(vault_, Place(column::kAnswered, inbound.value), fields);
    db_.run("UPDATE inbound SET turn = ?, answered = ? WHERE id = ?", turn, Blob{cell}, inbound.value);
}

}  // namespace webhooks::store::sqlite
