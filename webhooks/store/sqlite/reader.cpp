#include "webhooks/store/sqlite/reader.hpp"

#include <algorithm>
#include <iterator>

#include "webhooks/store/sqlite/tables.hpp"

namespace webhooks::store::sqlite {

namespace {

std::string take_or_mark(std::optional<Fields>& fields, std::size_t index) {
    return fields ? fields->take(index) : std::string(kUnreadable);
}

LiveEvent read_event(std::int64_t id, Fields& fields, std::size_t first) {
    LiveEvent event;
    event.id = id;
    event.type = fields.take(first);
    event.at = bot::from_millis(std::stoll(fields.take(first + 1)));
    event.data = fields.take(first + 2);
    return event;
}

}  // namespace

ContactRow Reader::read_contact(Row row) const {
    ContactRow contact;
    contact.id = {row.integer()};
    auto number = open_fields(vault_, Place(column::kContactNumber, contact.id.value), row.bytes());
    contact.number = take_or_mark(number, 0);
    contact.updated_at = row.time();
    contact.conversation = read_conversation(vault_, contact.id, row).value_or(ConversationRow{});
    return contact;
}

std::vector<ContactRow> Reader::contacts(std::size_t limit, std::int64_t before_id) {
    std::vector<ContactRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, number, updated_at, consent, turn, account, last_at, sealed FROM contact WHERE id < ?"
        " ORDER BY id DESC LIMIT ?",
        before_id, limit);
    while (cursor.next()) rows.push_back(read_contact(cursor.row()));
    return rows;
}

std::optional<ContactRow> Reader::contact(ContactId id) {
    Cursor cursor = db_.query(
        "SELECT id, number, updated_at, consent, turn, account, last_at, sealed FROM contact WHERE id = ?",
        id.value);
    if (!cursor.next()) return std::nullopt;
    return read_contact(cursor.row());
}

MessageRow Reader::read_inbound(Row row, ContactId contact) const {
    MessageRow message;
    message.id = {row.integer()};
    message.contact = contact;
    message.inbound = true;
    message.at = row.time();
    auto fields = open_fields(vault_, Place(column::kInbound, message.id.value), row.bytes());
    message.text = take_or_mark(fields, 1);
    if (fields) message.media_json = fields->take(2);
    message.state = "received";
    const std::string_view answered = row.bytes();
    message.account = row.text();
    if (answered.empty()) return message;
    auto outcome = open_fields(vault_, Place(column::kAnswered, message.id.value), answered);
    message.state = "answered";
    message.said_by = take_or_mark(outcome, 0);
    for (std::size_t i = 1; outcome && i + 1 < outcome->size(); i += 2)
        message.heard.push_back({outcome->take(i), outcome->take(i + 1)});
    return message;
}

MessageRow Reader::read_outbound(Row row) const {
    MessageRow message;
    message.id = {row.integer()};
    message.contact = {row.integer()};
    message.kind = bot::to_string(row.as<bot::MessageKind>());
    message.state = to_string(row.as<OutboxState>());
    message.error_code = row.text();
    message.at = row.time();
    auto fields = open_fields(vault_, Place(column::kOutbox, message.id.value), row.bytes());
    message.text = take_or_mark(fields, 2);
    message.text_id = take_or_mark(fields, 3);
    message.said_by = take_or_mark(fields, 4);
    return message;
}

std::vector<MessageRow> Reader::inbound_of(ContactId contact, std::size_t limit, TimePoint until) {
    std::vector<MessageRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, at, sealed, answered, account FROM inbound WHERE contact = ? AND at <= ?"
        " ORDER BY id DESC LIMIT ?",
        contact.value, until, limit);
    while (cursor.next()) rows.push_back(read_inbound(cursor.row(), contact));
    std::reverse(rows.begin(), rows.end());
    return rows;
}

std::optional<MessageRow> Reader::received(ContactId contact, MessageId id) {
    Cursor cursor =
        db_.query("SELECT id, at, sealed, answered, account FROM inbound WHERE id = ? AND contact = ?",
                  id.value, contact.value);
    if (!cursor.next()) return std::nullopt;
    return read_inbound(cursor.row(), contact);
}

void Reader::each_text(std::size_t limit, const std::function<bool(const MessageRow&)>& look) {
    Cursor cursor = db_.query(
        "SELECT contact, id, at, sealed, answered, account FROM inbound ORDER BY id DESC LIMIT ?", limit);
    while (cursor.next()) {
        Row row = cursor.row();
        const ContactId contact{row.integer()};
        if (!look(read_inbound(row, contact))) return;
    }
}

std::vector<MessageRow> Reader::outbound_of(ContactId contact, std::size_t limit, TimePoint until) {
    std::vector<MessageRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, contact, kind, state, error_code, at, sealed FROM outbox WHERE contact = ? AND at <= ?"
        " ORDER BY id DESC LIMIT ?",
        contact.value, until, limit);
    while (cursor.next()) rows.push_back(read_outbound(cursor.row()));
    std::reverse(rows.begin(), rows.end());
    return rows;
}

std::vector<MessageRow> Reader::messages(ContactId contact, std::size_t limit, TimePoint until) {
    const auto inbound = inbound_of(contact, limit, until);
    const auto outbound = outbound_of(contact, limit, until);
    std::vector<MessageRow> rows;
    // A text and its answer carry the same time: the text comes first.
    std::merge(inbound.begin(), inbound.end(), outbound.begin(), outbound.end(), std::back_inserter(rows),
               [](const MessageRow& left, const MessageRow& right) { return left.at < right.at; });
    if (rows.size() > limit) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(limit));
    return rows;
}

std::vector<MessageRow> Reader::outbox(std::size_t limit, std::int64_t before_id) {
    std::vector<MessageRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, contact, kind, state, error_code, at, sealed FROM outbox WHERE id < ?"
        " ORDER BY id DESC LIMIT ?",
        before_id, limit);
    while (cursor.next()) rows.push_back(read_outbound(cursor.row()));
    return rows;
}

std::vector<EscalationRow> Reader::escalations(bool only_open, std::size_t limit) {
    std::vector<EscalationRow> rows;
    constexpr Sql kOpen =
        "SELECT " HANDRAIL_ESCALATION_COLUMNS " FROM escalation WHERE state < 3 ORDER BY id DESC LIMIT ?";
    constexpr Sql kAll = "SELECT " HANDRAIL_ESCALATION_COLUMNS " FROM escalation ORDER BY id DESC LIMIT ?";
    Cursor cursor = db_.query(only_open ? kOpen : kAll, limit);
    while (cursor.next()) rows.push_back(read_escalation(vault_, cursor.row()));
    return rows;
}

std::vector<EscalationRow> Reader::escalations_of(ContactId contact) {
    std::vector<EscalationRow> rows;
    Cursor cursor = db_.query("SELECT " HANDRAIL_ESCALATION_COLUMNS
                              " FROM escalation WHERE contact = ? ORDER BY id DESC LIMIT 200",
                              contact.value);
    while (cursor.next()) rows.push_back(read_escalation(vault_, cursor.row()));
    return rows;
}

std::vector<EscalationLogEntry> Reader::escalation_history(EscalationId id) {
    std::vector<EscalationLogEntry> entries;
    Cursor cursor = db_.query(
        "SELECT id, what, at, sealed FROM escalation_log WHERE escalation = ? ORDER BY id", id.value);
    while (cursor.next()) {
        Row row = cursor.row();
        const std::int64_t entry_id = row.integer();
        EscalationLogEntry entry;
        entry.what = row.text();
        entry.at = row.time();
        auto fields = open_fields(vault_, Place(column::kEscalationLog, entry_id), row.bytes());
        entry.who = take_or_mark(fields, 0);
        entry.detail = take_or_mark(fields, 1);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::optional<ContactId> Reader::find_contact(std::string_view e164) {
    const std::string index = vault_.index(e164);
    const auto id = db_.integer("SELECT id FROM contact WHERE number_index = ?", Blob{index});
    return id ? std::optional(ContactId{*id}) : std::nullopt;
}

std::vector<ConsentEntry> Reader::consent_ledger(ContactId contact) {
    std::vector<ConsentEntry> rows;
    Cursor cursor =
        db_.query("SELECT id, consent, message, at, sealed FROM consent_ledger WHERE contact = ? ORDER BY id",
                  contact.value);
    while (cursor.next()) {
        Row row = cursor.row();
        const std::int64_t id = row.integer();
        ConsentEntry entry;
        entry.contact = contact;
        entry.to = row.as<bot::Consent>();
        if (const auto message = row.maybe_integer()) entry.message = MessageId{*message};
        entry.at = row.time();
        auto fields = open_fields(vault_, Place(column::kConsent, id), row.bytes());
        entry.source = take_or_mark(fields, 0);
        entry.rule = take_or_mark(fields, 1);
        entry.wording = take_or_mark(fields, 2);
        rows.push_back(std::move(entry));
    }
    return rows;
}

std::vector<LiveEvent> Reader::events_after(std::int64_t id, std::size_t limit) {
    std::vector<LiveEvent> events;
    Cursor cursor = db_.query("SELECT id, sealed FROM event_batch WHERE id > ? ORDER BY id", id);
    while (events.size() < limit && cursor.next()) {
        Row row = cursor.row();
        const std::int64_t last = row.integer();
        auto fields = open_fields(vault_, Place(column::kEvents, last), row.bytes());
        if (!fields) {  // a gap would look like nothing had happened
            events.push_back({last, "events.unreadable", "{}", {}});
            continue;
        }
        const std::size_t count = fields->size() / kEventFields;
        for (std::size_t i = 0; i < count && events.size() < limit; ++i) {
            const std::int64_t number = last - static_cast<std::int64_t>(count - 1 - i);
            if (number > id) events.push_back(read_event(number, *fields, i * kEventFields));
        }
    }
    return events;
}

std::int64_t Reader::last_event_id() {
    return db_
        .integer(
            "SELECT max(ifnull((SELECT max(id) FROM event_batch), 0),"
            " ifnull((SELECT id FROM high_water WHERE name = 'event'), 0))")
        .value_or(0);
}

std::vector<QuarantineEntry> Reader::quarantined() {
    std::vector<QuarantineEntry> entries;
    Cursor cursor = db_.query("SELECT id, at, account, reason, sealed FROM quarantine ORDER BY id");
    while (cursor.next()) {
        Row row = cursor.row();
        QuarantineEntry entry;
        entry.id = row.integer();
        entry.at = row.time();
        entry.account = row.text();
        entry.reason = row.text();
        auto fields = open_fields(vault_, Place(column::kQuarantine, entry.id), row.bytes());
        entry.request = take_or_mark(fields, 0);
        entries.push_back(std::move(entry));
    }
    return entries;
}

QueueAges Reader::queue_ages(TimePoint now) {
    const auto age = [now](std::optional<std::int64_t> since) {
        return since ? std::max<std::int64_t>(0, bot::to_millis(now) - *since) : 0;
    };
    QueueAges ages;
    ages.outbox_queued =
        db_.integer("SELECT count(*) FROM outbox WHERE state < 3 AND state <> 1").value_or(0);
    ages.outbox_oldest_ms = age(db_.integer("SELECT min(at) FROM outbox WHERE state < 3 AND state <> 1"));
    ages.escalations_open =
        db_.integer("SELECT count(*) FROM escalation WHERE state < 3 AND state < 2").value_or(0);
    ages.escalations_oldest_ms =
        age(db_.integer("SELECT min(opened_at) FROM escalation WHERE state < 3 AND state < 2"));
    return ages;
}

}  // namespace webhooks::store::sqlite
