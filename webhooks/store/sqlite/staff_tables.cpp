#include "webhooks/store/sqlite/staff_tables.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::string_view kAccount = "account.sealed";
constexpr std::string_view kNote = "note.sealed";
constexpr std::string_view kAudit = "audit.sealed";
constexpr std::string_view kSavedReply = "saved_reply.sealed";
constexpr std::string_view kErasure = "erasure.sealed";
constexpr std::string_view kToken = "api_token.sealed";
constexpr std::chrono::hours kReplyKeyKept{24};

/// Names of staff and numbers of texters share one key: the prefix keeps them apart.
std::string index_of(const Vault& vault, const char* prefix, std::string_view text) {
    return vault.index(std::string(prefix).append(text));
}
std::string index_of_name(const Vault& vault, std::string_view name) {
    return index_of(vault, "staff/", name);
}

}  // namespace

std::int64_t StaffTables::next_id(std::string_view table) {
    return db_.integer("SELECT seq FROM sqlite_sequence WHERE name = ?", table).value_or(0) + 1;
}

std::string StaffTables::seal(std::string_view column, std::int64_t row,
                              std::initializer_list<std::string_view> fields) const {
    return seal_fields(vault_, Place(column, row), {fields.begin(), fields.size()});
}

Fields StaffTables::open(std::string_view column, std::int64_t row, std::string_view cell) const {
    return open_fields(vault_, Place(column, row), cell).value_or(Fields{});
}

// ---- accounts and sessions

#define HANDRAIL_ACCOUNT_COLUMNS                                                                        \
    "id, roles, disabled, code_step, link_until, created_at, last_seen_at, subject_index IS NOT NULL, " \
    "sealed"

AccountRow StaffTables::read_account(Row row) const {
    AccountRow account;
    account.id = {row.integer()};
    account.roles = static_cast<std::uint32_t>(row.count());
    account.disabled = row.flag();
    account.code_step = row.integer();
    account.link_until = row.maybe_time();
    account.created_at = row.time();
    account.last_seen_at = row.maybe_time();
    account.bound = row.flag();
    Fields fields = open(kAccount, account.id.value, row.bytes());
    account.name = fields.take(0);
    account.password = fields.take(1);
    account.second_factor = fields.take(2);
    account.pending_second_factor = fields.take(3);
    account.link = fields.take(4);
    account.login = fields.take(5);
    return account;
}

std::string StaffTables::seal(const AccountRow& account) const {
    return seal(kAccount, account.id.value,
                {account.name, account.password, account.second_factor, account.pending_second_factor,
                 account.link, account.login});
}

std::vector<AccountRow> StaffTables::accounts() {
    std::vector<AccountRow> rows;
    Cursor cursor = db_.query("SELECT " HANDRAIL_ACCOUNT_COLUMNS " FROM account ORDER BY id");
    while (cursor.next()) rows.push_back(read_account(cursor.row()));
    return rows;
}

std::optional<AccountRow> StaffTables::account(AccountId id) {
    Cursor cursor = db_.query("SELECT " HANDRAIL_ACCOUNT_COLUMNS " FROM account WHERE id = ?", id.value);
    return cursor.next() ? std::optional(read_account(cursor.row())) : std::nullopt;
}

std::optional<AccountRow> StaffTables::account_named(std::string_view name) {
    const std::string index = index_of_name(vault_, name);
    const auto id = db_.integer("SELECT id FROM account WHERE name_index = ?", Blob{index});
    return id ? account({*id}) : std::nullopt;
}

std::optional<AccountRow> StaffTables::account_with_login(std::string_view login) {
    if (login.empty()) return std::nullopt;
    const std::string index = index_of(vault_, "login/", login);
    const auto id = db_.integer("SELECT id FROM account WHERE login_index = ?", Blob{index});
    return id ? account({*id}) : std::nullopt;
}

std::optional<AccountRow> StaffTables::account_of_subject(std::string_view subject) {
    const std::string index = index_of(vault_, "subject/", subject);
    const auto id = db_.integer("SELECT id FROM account WHERE subject_index = ?", Blob{index});
    return id ? account({*id}) : std::nullopt;
}

std::optional<AccountId> StaffTables::add_account(const AccountRow& account) {
    AccountRow added = account;
    added.id = {next_id("account")};
    const std::string index = index_of_name(vault_, account.name);
    const std::string cell = seal(added);
    const int rows = db_.run(
        "INSERT INTO account(id, name_index, roles, disabled, link_until, created_at, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(name_index) DO NOTHING",
        added.id.value, Blob{index}, account.roles, account.disabled, account.link_until, account.created_at,
        Blob{cell});
    if (rows == 0) return std::nullopt;
    save_account(added);  // its login, too
    return added.id;
}

void StaffTables::save_account(const AccountRow& account) {
    const std::string cell = seal(account);
    const std::string login = index_of(vault_, "login/", account.login);
    db_.run(
        "UPDATE account SET roles = ?, disabled = ?, code_step = ?, link_until = ?, last_seen_at = ?,"
        " login_index = ?, sealed = ? WHERE id = ?",
        account.roles, account.disabled, account.code_step, account.link_until, account.last_seen_at,
        account.login.empty() ? std::nullopt : std::optional(Blob{login}), Blob{cell}, account.id.value);
}

void StaffTables::bind_subject(AccountId account, std::string_view subject) {
    const std::string index = index_of(vault_, "subject/", subject);
    db_.run("UPDATE account SET subject_index = ? WHERE id = ?",
            subject.empty() ? std::nullopt : std::optional(Blob{index}), account.value);
}

std::optional<SessionRow> StaffTables::session(std::string_view token) {
    Cursor cursor =
        db_.query("SELECT account, created_at, seen_at FROM session WHERE token = ?", Blob{token});
    if (!cursor.next()) return std::nullopt;
    Row row = cursor.row();
    SessionRow session;
    session.token = token;
    session.account = {row.integer()};
    session.created_at = row.time();
    session.seen_at = row.time();
    return session;
}

void StaffTables::add_session(const SessionRow& session) {
    db_.run("INSERT INTO session(token, account, created_at, seen_at) VALUES (?, ?, ?, ?)",
            Blob{session.token}, session.account.value, session.created_at, session.seen_at);
}

void StaffTables::seen(std::string_view token, TimePoint now) {
    db_.run("UPDATE session SET seen_at = ? WHERE token = ?", now, Blob{token});
    db_.run("UPDATE account SET last_seen_at = ? WHERE id = (SELECT account FROM session WHERE token = ?)",
            now, Blob{token});
}

void StaffTables::end_session(std::string_view token) {
    db_.run("DELETE FROM session WHERE token = ?", Blob{token});
}

void StaffTables::end_sessions(AccountId account) {
    db_.run("DELETE FROM session WHERE account = ?", account.value);
}

void StaffTables::drop_sessions(TimePoint begun_before, TimePoint seen_before) {
    db_.run("DELETE FROM session WHERE created_at < ? OR seen_at < ?", begun_before, seen_before);
}

// ---- notes, audit, replies

std::vector<NoteRow> StaffTables::notes(ContactId contact) {
    std::vector<NoteRow> rows;
    Cursor cursor = db_.query("SELECT id, at, sealed FROM note WHERE contact = ? ORDER BY id", contact.value);
    while (cursor.next()) {
        Row row = cursor.row();
        NoteRow note;
        note.id = row.integer();
        note.contact = contact;
        note.at = row.time();
        Fields fields = open(kNote, note.id, row.bytes());
        note.by = fields.take(0);
        note.text = fields.take(1);
        rows.push_back(std::move(note));
    }
    return rows;
}

std::int64_t StaffTables::add_note(const NoteRow& note) {
    const std::int64_t id = next_id("note");
    const std::string cell = seal(kNote, id, {note.by, note.text});
    db_.run("INSERT INTO note(id, contact, at, sealed) VALUES (?, ?, ?, ?)", id, note.contact.value, note.at,
            Blob{cell});
    return id;
}

AuditEntry StaffTables::read_audit(Row row) const {
    AuditEntry entry;
    entry.id = row.integer();
    if (const auto contact = row.maybe_integer()) entry.contact = ContactId{*contact};
    entry.at = row.time();
    Fields fields = open(kAudit, entry.id, row.bytes());
    entry.who = fields.take(0);
    entry.what = fields.take(1);
    entry.detail = fields.take(2);
    entry.address = fields.take(3);
    return entry;
}

std::vector<AuditEntry> StaffTables::audit(std::size_t limit, std::int64_t before_id) {
    std::vector<AuditEntry> rows;
    Cursor cursor = db_.query(
        "SELECT id, contact, at, sealed FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", before_id, limit);
    while (cursor.next()) rows.push_back(read_audit(cursor.row()));
    return rows;
}

std::vector<AuditEntry> StaffTables::audit_of(ContactId contact, std::size_t limit, std::int64_t before_id) {
    std::vector<AuditEntry> rows;
    Cursor cursor = db_.query(
        "SELECT id, contact, at, sealed FROM audit WHERE contact = ? AND id < ? ORDER BY id DESC LIMIT ?",
        contact.value, before_id, limit);
    while (cursor.next()) rows.push_back(read_audit(cursor.row()));
    return rows;
}

void StaffTables::add_audit(const AuditEntry& entry) {
    const std::int64_t id = next_id("audit");
    const std::string cell = seal(kAudit, id, {entry.who, entry.what, entry.detail, entry.address});
    const auto contact = entry.contact ? std::optional(entry.contact->value) : std::nullopt;
    db_.run("INSERT INTO audit(id, contact, at, sealed) VALUES (?, ?, ?, ?)", id, contact, entry.at,
            Blob{cell});
}

std::optional<MessageId> StaffTables::replied(ContactId contact, std::string_view key) {
    const auto id =
        db_.integer("SELECT message FROM reply_key WHERE contact = ? AND key = ?", contact.value, key);
    return id ? std::optional(MessageId{*id}) : std::nullopt;
}

void StaffTables::keep_reply_key(ContactId contact, std::string_view key, MessageId message, TimePoint now) {
    db_.run("DELETE FROM reply_key WHERE at < ?", now - kReplyKeyKept);
    db_.run("INSERT INTO reply_key(contact, key, message, at) VALUES (?, ?, ?, ?)", contact.value, key,
            message.value, now);
}

std::vector<ContactId> StaffTables::held(std::size_t limit) {
    std::vector<ContactId> ids;
    Cursor cursor = db_.query("SELECT id FROM contact WHERE held = 1 ORDER BY id LIMIT ?", limit);
    while (cursor.next()) ids.push_back({cursor.row().integer()});
    return ids;
}

std::vector<SavedReplyRow> StaffTables::saved_replies() {
    std::vector<SavedReplyRow> rows;
    Cursor cursor = db_.query("SELECT id, sealed FROM saved_reply ORDER BY id");
    while (cursor.next()) {
        Row row = cursor.row();
        SavedReplyRow reply;
        reply.id = row.integer();
        Fields fields = open(kSavedReply, reply.id, row.bytes());
        reply.name = fields.take(0);
        reply.en = fields.take(1);
        reply.es = fields.take(2);
        rows.push_back(std::move(reply));
    }
    return rows;
}

std::int64_t StaffTables::add_saved_reply(const SavedReplyRow& reply) {
    const std::int64_t id = next_id("saved_reply");
    const std::string cell = seal(kSavedReply, id, {reply.name, reply.en, reply.es});
    db_.run("INSERT INTO saved_reply(id, sealed) VALUES (?, ?)", id, Blob{cell});
    return id;
}

bool StaffTables::save_saved_reply(const SavedReplyRow& reply) {
    const std::string cell = seal(kSavedReply, reply.id, {reply.name, reply.en, reply.es});
    return db_.run("UPDATE saved_reply SET sealed = ? WHERE id = ?", Blob{cell}, reply.id) > 0;
}

bool StaffTables::remove_saved_reply(std::int64_t id) {
    return db_.run("DELETE FROM saved_reply WHERE id = ?", id) > 0;
}

// ---- erasures and tokens

ErasureRow StaffTables::read_erasure(Row row) const {
    ErasureRow erasure;
    erasure.id = row.integer();
    erasure.contact = {row.integer()};
    erasure.state = row.as<ErasureState>();
    erasure.asked_at = row.time();
    erasure.decided_at = row.maybe_time();
    Fields fields = open(kErasure, erasure.id, row.bytes());
    erasure.asked_by = fields.take(0);
    erasure.reason = fields.take(1);
    erasure.decided_by = fields.take(2);
    return erasure;
}

std::vector<ErasureRow> StaffTables::erasures() {
    std::vector<ErasureRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, contact, state, asked_at, decided_at, sealed FROM erasure ORDER BY id DESC LIMIT 200");
    while (cursor.next()) rows.push_back(read_erasure(cursor.row()));
    return rows;
}

std::optional<ErasureRow> StaffTables::erasure(std::int64_t id) {
    Cursor cursor =
        db_.query("SELECT id, contact, state, asked_at, decided_at, sealed FROM erasure WHERE id = ?", id);
    return cursor.next() ? std::optional(read_erasure(cursor.row())) : std::nullopt;
}

std::int64_t StaffTables::add_erasure(const ErasureRow& erasure) {
    const std::int64_t id = next_id("erasure");
    const std::string cell = seal(kErasure, id, {erasure.asked_by, erasure.reason, erasure.decided_by});
    db_.run("INSERT INTO erasure(id, contact, state, asked_at, decided_at, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            id, erasure.contact.value, erasure.state, erasure.asked_at, erasure.decided_at, Blob{cell});
    return id;
}

void StaffTables::save_erasure(const ErasureRow& erasure) {
    const std::string cell =
        seal(kErasure, erasure.id, {erasure.asked_by, erasure.reason, erasure.decided_by});
    db_.run("UPDATE erasure SET state = ?, decided_at = ?, sealed = ? WHERE id = ?", erasure.state,
            erasure.decided_at, Blob{cell}, erasure.id);
}

TokenRow StaffTables::read_token(Row row) const {
    TokenRow token;
    token.id = row.integer();
    token.token = row.text();
    token.scopes = static_cast<std::uint32_t>(row.count());
    token.sees_numbers = row.flag();
    token.revoked = row.flag();
    token.created_at = row.time();
    token.last_used_at = row.maybe_time();
    Fields fields = open(kToken, token.id, row.bytes());
    token.name = fields.take(0);
    token.created_by = fields.take(1);
    return token;
}

std::vector<TokenRow> StaffTables::tokens() {
    std::vector<TokenRow> rows;
    Cursor cursor = db_.query(
        "SELECT id, token, scopes, sees_numbers, revoked, created_at, last_used_at, sealed FROM api_token"
        " ORDER BY id");
    while (cursor.next()) rows.push_back(read_token(cursor.row()));
    return rows;
}

std::optional<TokenRow> StaffTables::token(std::string_view hash) {
    Cursor cursor = db_.query(
        "SELECT id, token, scopes, sees_numbers, revoked, created_at, last_used_at, sealed FROM api_token"
        " WHERE token = ? AND revoked = 0",
        Blob{hash});
    return cursor.next() ? std::optional(read_token(cursor.row())) : std::nullopt;
}

std::int64_t StaffTables::add_token(const TokenRow& token) {
    const std::int64_t id = next_id("api_token");
    const std::string cell = seal(kToken, id, {token.name, token.created_by});
    db_.run(
        "INSERT INTO api_token(id, token, scopes, sees_numbers, created_at, sealed) VALUES (?, ?, ?, ?, ?, "
        "?)",
        id, Blob{token.token}, token.scopes, token.sees_numbers, token.created_at, Blob{cell});
    return id;
}

bool StaffTables::revoke_token(std::int64_t id) {
    return db_.run("UPDATE api_token SET revoked = 1 WHERE id = ? AND revoked = 0", id) > 0;
}

void StaffTables::token_used(std::int64_t id, TimePoint now) {
    db_.run("UPDATE api_token SET last_used_at = ? WHERE id = ?", now, id);
}

}  // namespace webhooks::store::sqlite
