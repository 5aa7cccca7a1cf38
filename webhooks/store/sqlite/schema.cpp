#include "webhooks/store/sqlite/schema.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "webhooks/store/sqlite/migrations.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr std::int64_t kApplicationId = 0x48646c31;  // "Hdl1": tells our files from other SQLite databases
constexpr const char* kKeyName = "key_fingerprint";

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw std::runtime_error("database " + path + ": " + why);
}

/// Only the line's own user may read it; SQLite gives its side files the same mode.
void create_private(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) refuse(path, std::generic_category().message(errno));
    ::close(descriptor);
}

void pragma(Connection& connection, const std::string& text) {
    connection.script(("PRAGMA " + text).c_str());
}

void use_cache(Connection& connection, std::size_t kib) {
    pragma(connection, "cache_size=-" + std::to_string(kib));
}

/// Ours, or new and empty.
void check_is_ours(Connection& connection, const std::string& path) {
    const auto id = connection.integer("PRAGMA application_id");
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    if (id == kApplicationId || (id == 0 && tables == 0)) return;
    refuse(path, "is a database of another program");
}

void configure(Connection& connection, const SqliteSettings& settings) {
    // Fixed before the first table: the id in the header, then the journal that group commit needs.
    pragma(connection, "busy_timeout=5000");
    pragma(connection, "secure_delete=ON");
    pragma(connection, "journal_mode=WAL");
    pragma(connection, std::string("synchronous=") + settings.synchronous);
    pragma(connection, "wal_autocheckpoint=0");
    pragma(connection, "journal_size_limit=134217728");
    pragma(connection, "temp_store=MEMORY");
    pragma(connection, "foreign_keys=ON");
    use_cache(connection, settings.cache_kib);
}

void migrate(Connection& connection, const std::string& path) {
    const auto have = connection.integer("PRAGMA user_version").value_or(0);
    const auto known = static_cast<std::int64_t>(migrations().size());
    if (have > known) {
        refuse(path, "has schema " + std::to_string(have) + ", this program knows up to " +
                         std::to_string(known) + "; run the newer version that wrote it");
    }
    for (const Migration& step : migrations()) {
        if (step.number <= have) continue;
        connection.script("BEGIN IMMEDIATE");
        connection.script(step.sql);
        pragma(connection, "user_version=" + std::to_string(step.number));
        pragma(connection, "application_id=" + std::to_string(kApplicationId));
        connection.script("COMMIT");
    }
}

void check_key(Connection& connection, const std::string& path, const Vault& vault) {
    const std::string fingerprint = vault.fingerprint();
    connection.run("INSERT INTO meta(name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", kKeyName,
                   fingerprint);
    Cursor cursor = connection.query("SELECT value FROM meta WHERE name = ?", kKeyName);
    if (!cursor.next() || cursor.row().bytes() != fingerprint) {
        refuse(path, make_error_code(Error::sealed_by_another_key).message() +
                         "; start with the key file it was made with");
    }
}

}  // namespace

std::unique_ptr<Connection> open_ready(const SqliteSettings& settings, const Vault& vault) {
    create_private(settings.path);
    try {
        auto connection = std::make_unique<Connection>(settings.path, settings.vfs);
        check_is_ours(*connection, settings.path);
        configure(*connection, settings);
        migrate(*connection, settings.path);
        check_key(*connection, settings.path, vault);
        return connection;
    } catch (const StoreFailure& failure) {
        refuse(settings.path, failure.code().message());
    }
}

std::unique_ptr<Connection> open_reader(const SqliteSettings& settings) {
    auto connection = std::make_unique<Connection>(settings.path, settings.vfs);
    pragma(*connection, "busy_timeout=5000");
    pragma(*connection, "wal_autocheckpoint=0");
    pragma(*connection, "temp_store=MEMORY");
    pragma(*connection, "query_only=ON");
    use_cache(*connection, 2'048);
    return connection;
}

std::unique_ptr<Connection> open_checkpointer(const SqliteSettings& settings) {
    auto connection = std::make_unique<Connection>(settings.path, settings.vfs);
    pragma(*connection, "busy_timeout=5000");
    pragma(*connection, "wal_autocheckpoint=0");
    pragma(*connection, std::string("synchronous=") + settings.synchronous);
    use_cache(*connection, 256);
    return connection;
}

}  // namespace webhooks::store::sqlite
