#include <sodium.h>

#include "webhooks/store/sqlite/reader.hpp"
#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr int kDraws = 64;

/// Four digits without a leading zero; six in the unlikely night when those have run out, for a page must
/// never wait for a code.
std::string draw_code(int attempt) {
    const std::uint32_t first = attempt < kDraws ? 1'000 : 100'000;
    return std::to_string(first + randombytes_uniform(9 * first));
}

std::string sealed_fields(const Vault& vault, const EscalationRow& row) {
    const bot::Escalation& ladder = row.ladder;
    const std::string policy = bot::serialize(ladder.policy);
    const std::string progress = bot::serialize_progress(ladder);
    const std::array<std::string_view, 6> fields{
        row.reason, row.heard, policy, ladder.acknowledged_by, ladder.resolved_by, progress};
    return seal_fields(vault, Place(column::kEscalation, row.id.value), fields);
}

std::optional<EscalationRow> first_row(const Vault& vault, Cursor cursor) {
    if (!cursor.next()) return std::nullopt;
    return read_escalation(vault, cursor.row());
}

}  // namespace

EscalationRow Tx::open_escalation(const NewEscalation& escalation) {
    EscalationRow row;
    row.id = {next_id(Table::escalation)};
    row.contact = escalation.contact;
    row.reason = escalation.reason;
    row.heard = escalation.heard;
    row.call_do_not_text = escalation.call_do_not_text;
    row.ladder = escalation.ladder;
    for (int attempt = 0; row.code.empty(); ++attempt) {
        const std::string code = draw_code(attempt);
        if (!db_.integer("SELECT 1 FROM escalation WHERE code = ? AND state < 3", code)) row.code = code;
    }
    const std::string cell = sealed_fields(vault_, row);
    db_.run(
        "INSERT INTO escalation(id, code, contact, priority, state, call_do_not_text, opened_at, next_rung,"
        " repeats, next_due, updated_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.id.value, row.code, row.contact.value, row.ladder.priority, row.ladder.state,
        row.call_do_not_text, row.ladder.opened_at, row.ladder.next_rung, row.ladder.repeats,
        row.ladder.next_due, row.ladder.opened_at, Blob{cell});
    return row;
}

void Tx::save_escalation(const EscalationRow& row, TimePoint now) {
    const std::string cell = sealed_fields(vault_, row);
    db_.run(
        "UPDATE escalation SET priority = ?, state = ?, call_do_not_text = ?, next_rung = ?, repeats = ?,"
        " next_due = ?, acknowledged_at = ?, updated_at = ?, sealed = ? WHERE id = ?",
        row.ladder.priority, row.ladder.state, row.call_do_not_text, row.ladder.next_rung, row.ladder.repeats,
        row.ladder.next_due, row.acknowledged_at, now, Blob{cell}, row.id.value);
}

std::optional<EscalationRow> Tx::escalation(EscalationId id) {
    return first_row(
        vault_, db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS " FROM escalation WHERE id = ?", id.value));
}

std::optional<EscalationRow> Tx::escalation_by_code(std::string_view code) {
    return first_row(vault_, db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                                       " FROM escalation WHERE code = ? AND state < 3",
                                       code));
}

std::optional<EscalationRow> Tx::last_escalation_by_code(std::string_view code) {
    return first_row(vault_, db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                                       " FROM escalation WHERE code = ? ORDER BY id DESC LIMIT 1",
                                       code));
}

std::optional<EscalationRow> Tx::open_escalation_of(ContactId contact) {
    return first_row(vault_, db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                                       " FROM escalation WHERE contact = ? AND state < 3"
                                       " ORDER BY priority, id DESC LIMIT 1",
                                       contact.value));
}

std::vector<EscalationRow> Tx::open_escalations(std::size_t limit) {
    std::vector<EscalationRow> open;
    Cursor cursor = db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                              " FROM escalation WHERE state < 3 ORDER BY priority, id LIMIT ?",
                              limit);
    while (cursor.next()) open.push_back(read_escalation(vault_, cursor.row()));
    return open;
}

std::vector<EscalationRow> Tx::due_escalations(TimePoint now, std::size_t limit) {
    std::vector<EscalationRow> due;
    Cursor cursor = db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                              " FROM escalation WHERE next_due <= ? ORDER BY priority, next_due LIMIT ?",
                              now, limit);
    while (cursor.next()) due.push_back(read_escalation(vault_, cursor.row()));
    return due;
}

std::optional<TimePoint> Tx::next_escalation_due() {
    const auto due = db_.integer("SELECT min(next_due) FROM escalation WHERE next_due IS NOT NULL");
    return due ? std::optional(bot::from_millis(*due)) : std::nullopt;
}

void Tx::log_escalation(EscalationId id, std::string_view what, std::string_view who, std::string_view detail,
                        TimePoint now) {
    const std::int64_t row = next_id(Table::escalation_log);
    const std::string cell = seal(column::kEscalationLog, row, {who, detail});
    db_.run("INSERT INTO escalation_log(id, escalation, what, at, sealed) VALUES (?, ?, ?, ?, ?)", row,
            id.value, what, now, Blob{cell});
}

std::vector<EscalationLogEntry> Tx::escalation_history(EscalationId id) {
    return Reader(db_, vault_).escalation_history(id);
}

}  // namespace webhooks::store::sqlite
