#include <charconv>

#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

/// How far a state is from the start; reports only move a message up.
int rank(OutboxState state) {
    switch (state) {
        case OutboxState::queued:
            return 0;
        case OutboxState::wired:
        case OutboxState::errored:
        case OutboxState::unknown:
            return 1;
        case OutboxState::sent:
            return 2;
        case OutboxState::delivered:
        case OutboxState::failed:
        case OutboxState::cancelled:
        case OutboxState::stale:
            return 3;
    }
    return 3;
}

std::optional<std::int64_t> as_id(std::string_view text) {
    std::int64_t id = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return id;
}

std::optional<std::string_view> unless_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

MessageId Tx::enqueue(const NewOutbound& message) {
    std::optional<std::string> page_index;
    if (!message.page_key.empty()) {
        page_index = vault_.index(message.page_key);
        if (const auto first = db_.integer("SELECT id FROM outbox WHERE page_index = ?", Blob{*page_index})) {
            return {*first};
        }
    }
    const std::int64_t id = next_id(Table::outbox);
    const std::string cell =
        seal(column::kOutbox, id,
             {message.channel, message.to, message.text, message.text_id, message.said_by, message.page_key});
    const auto contact = message.contact ? std::optional(message.contact->value) : std::nullopt;
    const auto escalation = message.escalation ? std::optional(message.escalation->value) : std::nullopt;
    const auto index = page_index ? std::optional(Blob{*page_index}) : std::nullopt;
    db_.run(
        "INSERT INTO outbox(id, contact, escalation, account, line, kind, turn, at, ready_at, fresh_until,"
        " updated_at, page_index, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, contact, escalation, message.account, line_key(message.account, message.channel), message.kind,
        message.turn, message.at, message.due, message.fresh_until, message.at, index, Blob{cell});
    return {id};
}

int Tx::cancel_queued(ContactId contact, TimePoint now) {
    return db_.run(
        "UPDATE outbox SET state = 7, ready_at = NULL, updated_at = ?"
        " WHERE contact = ? AND state < 3 AND state <> 1 AND kind <> 2",
        now, contact.value);
}

bool Tx::retract_turn(ContactId contact, std::uint64_t turn, TimePoint now) {
    const auto left =
        db_.integer("SELECT 1 FROM outbox WHERE contact = ? AND turn = ? AND state BETWEEN 1 AND 6 LIMIT 1",
                    contact.value, turn);
    if (left) return false;
    db_.run(
        "UPDATE outbox SET state = 7, ready_at = NULL, updated_at = ?"
        " WHERE contact = ? AND turn = ? AND state = 0",
        now, contact.value, turn);
    return true;
}

void Tx::mark_sent(MessageId id, std::string_view external_id, TimePoint now) {
    db_.run(
        "UPDATE outbox SET state = iif(state = 1, 3, state), external_id = ?, updated_at = ? WHERE id = ?",
        unless_empty(external_id), now, id.value);
}

void Tx::mark_retry(MessageId id, std::string_view code, TimePoint next_try) {
    db_.run("UPDATE outbox SET state = 2, ready_at = ?, error_code = ? WHERE id = ? AND state = 1", next_try,
            unless_empty(code), id.value);
}

void Tx::mark_final(MessageId id, OutboxState state, std::string_view code, TimePoint now) {
    db_.run(
        "UPDATE outbox SET state = ?, ready_at = NULL, error_code = ?, updated_at = ?"
        " WHERE id = ? AND state < 3",
        state, unless_empty(code), now, id.value);
}

std::optional<Reported> Tx::apply_report(std::string_view account, std::string_view external_id,
                                         std::string_view message_id, OutboxState state,
                                         std::string_view code, TimePoint now) {
    auto id = as_id(message_id);
    if (!id && !external_id.empty()) {
        id = db_.integer("SELECT max(id) FROM outbox WHERE external_id = ? AND account = ?", external_id,
                         account);
    }
    if (!id) return std::nullopt;
    Reported reported;
    reported.message = {*id};
    OutboxState before{};
    {
        Cursor cursor = db_.query(
            "SELECT contact, escalation, state, kind, at, sealed FROM outbox WHERE id = ? AND account = ?",
            *id, account);
        if (!cursor.next()) return std::nullopt;
        Row row = cursor.row();
        if (const auto contact = row.maybe_integer()) reported.contact = ContactId{*contact};
        if (const auto escalation = row.maybe_integer()) reported.escalation = EscalationId{*escalation};
        before = row.as<OutboxState>();
        reported.kind = row.as<bot::MessageKind>();
        reported.said_at = row.time();
        const bool wanted = reported.escalation || state == OutboxState::failed;
        auto fields = wanted ? open_fields(vault_, Place(column::kOutbox, *id), row.bytes()) : std::nullopt;
        if (fields) {
            reported.text_id = fields->take(3);
            reported.page_key = fields->take(5);
        }
    }
    // A report about a row that was never handed over is not about it.
    reported.moved = before != OutboxState::queued && rank(state) > rank(before);
    if (reported.moved) {
        db_.run(
            "UPDATE outbox SET state = ?, ready_at = NULL, error_code = ifnull(?, error_code),"
            " external_id = ifnull(external_id, ?), updated_at = ? WHERE id = ?",
            state, unless_empty(code), unless_empty(external_id), now, *id);
    }
    return reported;
}

std::optional<OutboxState> Tx::state_of_page(std::string_view page_key) {
    const std::string index = vault_.index(page_key);
    const auto state = db_.integer("SELECT state FROM outbox WHERE page_index = ?", Blob{index});
    return state ? std::optional(static_cast<OutboxState>(*state)) : std::nullopt;
}

}  // namespace webhooks::store::sqlite
