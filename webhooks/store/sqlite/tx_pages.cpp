// How people are paged beside texts, and what is known of them.
#include <cstring>

#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::chrono::seconds kMayBeLate{10};
constexpr std::chrono::minutes kMayTake{5};

#define HANDRAIL_PAGE_COLUMNS "id, escalation, by, state, attempts, at, sealed"

std::string index_of(const Vault& vault, std::string_view table, std::string_view key) {
    return vault.index(std::string(table).append("/").append(key)).substr(0, 16);
}

/// The table has no row id: the hash stands in for it in the place of the cell.
std::int64_t row_of(std::string_view name_index) {
    std::int64_t row = 0;
    std::memcpy(&row, name_index.data(), sizeof row);
    return row;
}

}  // namespace

PageRow Tx::read_page(Row row) const {
    PageRow page;
    page.id = {row.integer()};
    if (const auto escalation = row.maybe_integer()) page.escalation = EscalationId{*escalation};
    page.by = row.as<bot::PageBy>();
    page.state = row.as<PageState>();
    page.attempts = static_cast<std::uint32_t>(row.count());
    page.at = row.time();
    if (auto fields = open_fields(vault_, Place(column::kPage, page.id.value), row.bytes())) {
        page.responder = fields->take(0);
        page.hook = fields->take(1);
        page.key = fields->take(2);
        page.note = fields->take(3);
    }
    return page;
}

PageId Tx::add_page(const NewPage& page) {
    const std::string key = index_of(vault_, "page", page.key);
    if (const auto known = db_.integer("SELECT id FROM page WHERE key_index = ?", Blob{key})) return {*known};
    const std::int64_t id = next_id(Table::page);
    const std::string cell = seal(column::kPage, id, {page.responder, page.hook, page.key, page.note});
    const auto escalation =
        page.escalation ? std::optional<std::int64_t>(page.escalation->value) : std::nullopt;
    const auto ready = page.state == PageState::waiting ? std::optional(page.due) : std::nullopt;
    db_.run(
        "INSERT INTO page(id, escalation, by, state, at, ready_at, updated_at, key_index, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, escalation, page.by, page.state, page.at, ready, page.at, Blob{key}, Blob{cell});
    return {id};
}

std::optional<PageRow> Tx::page(PageId id) {
    Cursor cursor = db_.query("SELECT " HANDRAIL_PAGE_COLUMNS " FROM page WHERE id = ?", id.value);
    if (!cursor.next()) return std::nullopt;
    return read_page(cursor.row());
}

std::vector<PageRow> Tx::pages_of(EscalationId escalation) {
    std::vector<PageRow> pages;
    Cursor cursor = db_.query("SELECT " HANDRAIL_PAGE_COLUMNS " FROM page WHERE escalation = ? ORDER BY id",
                              escalation.value);
    while (cursor.next()) pages.push_back(read_page(cursor.row()));
    return pages;
}

std::vector<PageRow> Tx::claim_pages(TimePoint now, std::size_t limit) {
    std::vector<PageRow> pages;
    {
        Cursor cursor = db_.query("SELECT " HANDRAIL_PAGE_COLUMNS
                                  " FROM page WHERE ready_at <= ? ORDER BY ready_at, id LIMIT ?",
                                  now, limit);
        while (cursor.next()) pages.push_back(read_page(cursor.row()));
    }
    for (const PageRow& page : pages)
        db_.run(
            "UPDATE page SET state = 1, ready_at = NULL, attempts = attempts + 1, updated_at = ?"
            " WHERE id = ?",
            now, page.id.value);
    return pages;
}

void Tx::mark_page(PageId id, PageState state, TimePoint now, std::optional<TimePoint> ready_at) {
    db_.run("UPDATE page SET state = ?, ready_at = ?, updated_at = ? WHERE id = ?", state, ready_at, now,
            id.value);
}

int Tx::cancel_pages(EscalationId escalation, TimePoint now) {
    return db_.run(
        "UPDATE page SET state = 7, ready_at = NULL, updated_at = ? WHERE escalation = ? AND state = 0 AND "
        "by <> 4",
        now, escalation.value);
}

void Tx::release_claimed_pages(TimePoint now) {
    db_.run("UPDATE page SET state = 0, ready_at = ? WHERE state = 1", now);
}

void Tx::mark_responder(std::string_view name, std::optional<TimePoint> stopped,
                        std::optional<TimePoint> heard) {
    const std::string key = index_of(vault_, "responder", name);
    const std::string cell = seal(column::kResponder, row_of(key), {name});
    db_.run(
        "INSERT INTO responder(name_index, stopped_at, heard_at, sealed) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(name_index) DO UPDATE SET stopped_at = excluded.stopped_at,"
        " heard_at = ifnull(excluded.heard_at, heard_at)",
        Blob{key}, stopped, heard, Blob{cell});
}

void Tx::mark_responder_stopped(std::string_view name, TimePoint now) {
    mark_responder(name, now, std::nullopt);
}

void Tx::mark_responder_heard(std::string_view name, TimePoint now) {
    mark_responder(name, std::nullopt, now);
}

std::vector<ResponderRow> Tx::responders() {
    std::vector<ResponderRow> all;
    Cursor cursor = db_.query("SELECT name_index, stopped_at, heard_at, sealed FROM responder");
    while (cursor.next()) {
        Row row = cursor.row();
        ResponderRow one;
        const std::int64_t id = row_of(row.bytes());
        one.stopped_at = row.maybe_time();
        one.heard_at = row.maybe_time();
        auto fields = open_fields(vault_, Place(column::kResponder, id), row.bytes());
        if (!fields) continue;
        one.name = fields->take(0);
        all.push_back(std::move(one));
    }
    return all;
}

PagingAudit Tx::audit_paging(TimePoint now) {
    PagingAudit audit;
    // Records of before there were leases rest when they are acknowledged.
    audit.without_step =
        db_.integer("SELECT count(*) FROM escalation WHERE state < 2 AND next_due IS NULL").value_or(0);
    audit.overdue =
        db_.integer("SELECT count(*) FROM escalation WHERE state < 3 AND next_due < ?", now - kMayBeLate)
            .value_or(0);
    const auto texts = db_.integer(
        "SELECT count(*) FROM outbox WHERE state < 3 AND kind = ? AND escalation IS NOT NULL AND at < ?",
        bot::MessageKind::page, now - kMayTake);
    const auto others = db_.integer(
        "SELECT count(*) FROM page WHERE state < 3 AND"
        " ((state = 0 AND ready_at < ?1) OR (state > 0 AND updated_at < ?1))",
        now - kMayTake);
    audit.stuck = texts.value_or(0) + others.value_or(0);
    return audit;
}

void Tx::add_override(const bot::Override& other) {
    const std::int64_t id = next_id(Table::oncall_override);
    const std::string cell = seal(column::kOverride, id, {other.schedule, other.person, other.instead_of});
    db_.run("INSERT INTO oncall_override(id, from_at, until_at, sealed) VALUES (?, ?, ?, ?)", id, other.from,
            other.until, Blob{cell});
}

std::optional<bot::Override> Tx::read_override(Row row) const {
    const std::int64_t id = row.integer();
    bot::Override other;
    other.from = row.time();
    other.until = row.time();
    auto fields = open_fields(vault_, Place(column::kOverride, id), row.bytes());
    if (!fields) return std::nullopt;
    other.schedule = fields->take(0);
    other.person = fields->take(1);
    other.instead_of = fields->take(2);
    return other;
}

std::vector<bot::Override> Tx::overrides(TimePoint now) {
    std::vector<bot::Override> all;
    Cursor cursor = db_.query(
        "SELECT id, from_at, until_at, sealed FROM oncall_override WHERE until_at > ? ORDER BY id", now);
    while (cursor.next())
        if (auto other = read_override(cursor.row())) all.push_back(std::move(*other));
    return all;
}

bool Tx::remove_override(const bot::Override& gone) {
    std::vector<std::int64_t> ids;
    {
        Cursor cursor = db_.query(
            "SELECT id, from_at, until_at, sealed FROM oncall_override WHERE from_at = ? AND until_at = ?",
            gone.from, gone.until);
        while (cursor.next()) {
            const auto other = read_override(cursor.row());
            if (other && other->schedule == gone.schedule && other->person == gone.person &&
                other->instead_of == gone.instead_of)
                ids.push_back(cursor.row().integer());
        }
    }
    for (const std::int64_t id : ids) db_.run("DELETE FROM oncall_override WHERE id = ?", id);
    return !ids.empty();
}

}  // namespace webhooks::store::sqlite
