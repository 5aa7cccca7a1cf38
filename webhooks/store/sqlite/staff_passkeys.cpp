#include "webhooks/store/sqlite/staff_tables.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::string_view kPasskey = "passkey.sealed";

#define HANDRAIL_PASSKEY_COLUMNS "id, account, algorithm, sign_count, created_at, last_used_at, sealed"

/// Names, numbers and credentials share one key: the prefix keeps them apart.
std::string index_of_credential(const Vault& vault, std::string_view credential) {
    return vault.index(std::string("passkey/").append(credential));
}

}  // namespace

PasskeyRow StaffTables::read_passkey(Row row) const {
    PasskeyRow passkey;
    passkey.id = row.integer();
    passkey.account = {row.integer()};
    passkey.algorithm = static_cast<int>(row.integer());
    passkey.sign_count = row.integer();
    passkey.created_at = row.time();
    passkey.last_used_at = row.maybe_time();
    Fields fields = open(kPasskey, passkey.id, row.bytes());
    passkey.name = fields.take(0);
    passkey.credential = fields.take(1);
    passkey.key = fields.take(2);
    return passkey;
}

std::vector<PasskeyRow> StaffTables::passkeys(AccountId account) {
    std::vector<PasskeyRow> rows;
    Cursor cursor = db_.query(
        "SELECT " HANDRAIL_PASSKEY_COLUMNS " FROM passkey WHERE account = ? ORDER BY id", account.value);
    while (cursor.next()) rows.push_back(read_passkey(cursor.row()));
    return rows;
}

std::optional<PasskeyRow> StaffTables::passkey(std::string_view credential) {
    const std::string index = index_of_credential(vault_, credential);
    Cursor cursor =
        db_.query("SELECT " HANDRAIL_PASSKEY_COLUMNS " FROM passkey WHERE credential = ?", Blob{index});
    return cursor.next() ? std::optional(read_passkey(cursor.row())) : std::nullopt;
}

std::optional<std::int64_t> StaffTables::add_passkey(const PasskeyRow& passkey) {
    const std::int64_t id = next_id("passkey");
    const std::string index = index_of_credential(vault_, passkey.credential);
    const std::string cell = seal(kPasskey, id, {passkey.name, passkey.credential, passkey.key});
    const int added = db_.run(
        "INSERT INTO passkey(id, account, credential, algorithm, sign_count, created_at, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(credential) DO NOTHING",
        id, passkey.account.value, Blob{index}, passkey.algorithm, passkey.sign_count, passkey.created_at,
        Blob{cell});
    return added == 0 ? std::nullopt : std::optional(id);
}

void StaffTables::passkey_used(std::int64_t id, std::int64_t sign_count, TimePoint now) {
    db_.run("UPDATE passkey SET sign_count = ?, last_used_at = ? WHERE id = ?", sign_count, now, id);
}

bool StaffTables::remove_passkey(AccountId account, std::int64_t id) {
    return db_.run("DELETE FROM passkey WHERE id = ? AND account = ?", id, account.value) > 0;
}

void StaffTables::remove_passkeys(AccountId account) {
    db_.run("DELETE FROM passkey WHERE account = ?", account.value);
}

}  // namespace webhooks::store::sqlite
