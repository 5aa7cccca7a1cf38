#include "webhooks/store/sqlite/connection.hpp"

namespace webhooks::store {

namespace {

class SqliteCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "sqlite"; }
    std::string message(int code) const override { return sqlite3_errstr(code); }
};

}  // namespace

const boost::system::error_category& sqlite_category() noexcept {
    static const SqliteCategory category;
    return category;
}

}  // namespace webhooks::store

namespace webhooks::store::sqlite {

void throw_failure(int code) { throw StoreFailure(boost::system::error_code(code, sqlite_category())); }

namespace {

/// Counting every allocation takes a lock each time, and nobody asks for the counts.
void configure_sqlite_once() {
    static const int kConfigured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)kConfigured;
}

}  // namespace

Connection::Connection(const std::string& path, const std::string& vfs) {
    configure_sqlite_once();
    constexpr int kHow =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &handle_, kHow, vfs.empty() ? nullptr : vfs.c_str());
    if (code == SQLITE_OK) return;
    sqlite3_close(handle_);
    throw_failure(code);
}

Connection::~Connection() {
    statements_.clear();
    sqlite3_close(handle_);
}

void Connection::script(const char* sql) { check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr)); }

sqlite3_stmt* Connection::prepared(Sql sql) {
    auto& statement = statements_[sql.text()];
    if (!statement) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        statement.reset(made);
    }
    return statement.get();
}

}  // namespace webhooks::store::sqlite
