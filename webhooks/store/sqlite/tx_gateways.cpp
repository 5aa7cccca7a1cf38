// What several gateways ask of the store: long texts in pieces, another way out, and how much has been sent.
#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

using namespace std::chrono_literals;

constexpr auto kRepeatedFor = 48h;  // gateways repeat what they think was not taken for a day

std::string text_name(const NewPart& part) {
    std::string name = "parts/";
    for (const std::string* piece : {&part.account, &part.from, &part.to, &part.reference})
        name.append(*piece).append(1, '/');
    return name + std::to_string(part.total);
}

}  // namespace

std::optional<JoinedText> Tx::keep_part(const NewPart& part) {
    const std::string text_index = vault_.index(text_name(part));
    const std::string part_index = vault_.index("part/" + part.account + "/" + part.external_id);
    const std::int64_t id = db_.integer("SELECT ifnull(max(id), 0) + 1 FROM inbound_part").value_or(1);
    const std::string cell =
        seal(column::kInboundPart, id, {part.account, part.external_id, part.from, part.to, part.text});
    const int added = db_.run(
        "INSERT INTO inbound_part(id, part_index, text_index, part, at, sealed) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(part_index) DO NOTHING",
        id, Blob{part_index}, Blob{text_index}, part.index, part.at, Blob{cell});
    if (added == 0) return std::nullopt;
    const auto there =
        db_.integer("SELECT count(DISTINCT part) FROM inbound_part WHERE text_index = ? AND joined = 0",
                    Blob{text_index});
    if (there.value_or(0) < part.total) return std::nullopt;
    return join_parts(text_index);
}

JoinedText Tx::join_parts(const std::string& text_index) {
    JoinedText whole;
    {
        Cursor cursor =
            db_.query("SELECT id, sealed FROM inbound_part WHERE text_index = ? AND joined = 0 ORDER BY part",
                      Blob{text_index});
        while (cursor.next()) {
            Row row = cursor.row();
            const std::int64_t id = row.integer();
            auto fields = open_fields(vault_, Place(column::kInboundPart, id), row.bytes());
            if (!fields) continue;  // the rest of what somebody wrote is still worth hearing
            if (whole.external_id.empty()) {
                whole.account = fields->take(0);
                whole.external_id = fields->take(1);
                whole.from = fields->take(2);
                whole.to = fields->take(3);
            }
            whole.text += fields->take(4);
        }
    }
    db_.run("UPDATE inbound_part SET joined = 1, sealed = x'' WHERE text_index = ?", Blob{text_index});
    return whole;
}

std::vector<JoinedText> Tx::overdue_parts(TimePoint before) {
    std::vector<std::string> overdue;
    {
        Cursor cursor = db_.query(
            "SELECT text_index FROM inbound_part WHERE joined = 0 GROUP BY text_index HAVING max(at) < ?"
            " LIMIT 100",
            before);
        while (cursor.next()) overdue.emplace_back(cursor.row().bytes());
    }
    std::vector<JoinedText> texts;
    for (const std::string& index : overdue) {
        JoinedText text = join_parts(index);
        if (!text.external_id.empty()) texts.push_back(std::move(text));
    }
    db_.run("DELETE FROM inbound_part WHERE joined = 1 AND at < ?", before - kRepeatedFor);
    return texts;
}

bool Tx::knows_received(std::string_view account, std::string_view external_id) {
    return db_.integer("SELECT 1 FROM inbound WHERE account = ? AND external_id = ?", account, external_id)
        .has_value();
}

bool Tx::knows_sent(std::string_view account, std::string_view external_id) {
    return db_
        .integer("SELECT 1 FROM outbox WHERE external_id = ? AND account = ? LIMIT 1", external_id, account)
        .has_value();
}

void Tx::reroute(MessageId id, std::string_view account, std::string_view channel) {
    std::string cell;
    {
        Cursor cursor = db_.query("SELECT sealed FROM outbox WHERE id = ? AND state = 1", id.value);
        if (!cursor.next()) return;
        auto fields = open_fields(vault_, Place(column::kOutbox, id.value), cursor.row().bytes());
        if (!fields) return;
        const std::string to = fields->take(1), text = fields->take(2), text_id = fields->take(3),
                          said_by = fields->take(4), page_key = fields->take(5);
        cell = seal(column::kOutbox, id.value, {channel, to, text, text_id, said_by, page_key});
    }
    db_.run("UPDATE outbox SET account = ?, line = ?, sealed = ? WHERE id = ?", account,
            line_key(account, channel), Blob{cell}, id.value);
}

std::int64_t Tx::add_to_count(std::string_view scope, TimePoint window, std::int64_t more) {
    const std::string index = vault_.index("count/" + std::string(scope));
    db_.run(
        "INSERT INTO sent_count(scope, window_at, amount) VALUES (?, ?, ?)"
        " ON CONFLICT(scope) DO UPDATE SET amount = iif(window_at = excluded.window_at, amount, 0)"
        " + excluded.amount, window_at = excluded.window_at",
        Blob{index}, window, more);
    return db_.integer("SELECT amount FROM sent_count WHERE scope = ?", Blob{index}).value_or(0);
}

std::int64_t Tx::automatic_texts_since(ContactId contact, TimePoint since) {
    return db_
        .integer("SELECT count(*) FROM outbox WHERE contact = ? AND kind = 4 AND state IN (3, 4) AND at > ?",
                 contact.value, since)
        .value_or(0);
}

StoreTx::Words Tx::words_since(ContactId contact, TimePoint since, std::size_t limit) {
    Words words;
    {
        Cursor cursor =
            db_.query("SELECT id, sealed FROM inbound WHERE contact = ? AND at > ? ORDER BY id DESC LIMIT ?",
                      contact.value, since, limit);
        while (cursor.next()) {
            Row row = cursor.row();
            const std::int64_t id = row.integer();
            auto fields = open_fields(vault_, Place(column::kInbound, id), row.bytes());
            if (fields) words.theirs.push_back(fields->take(1));
        }
    }
    Cursor cursor =
        db_.query("SELECT id, sealed FROM outbox WHERE contact = ? AND at > ? ORDER BY id DESC LIMIT ?",
                  contact.value, since, limit);
    while (cursor.next()) {
        Row row = cursor.row();
        const std::int64_t id = row.integer();
        auto fields = open_fields(vault_, Place(column::kOutbox, id), row.bytes());
        if (fields) words.ours.push_back(fields->take(2));
    }
    return words;
}

}  // namespace webhooks::store::sqlite
