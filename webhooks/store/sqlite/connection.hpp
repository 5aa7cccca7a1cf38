#pragma once
#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bot/time.hpp"
#include "webhooks/store/failure.hpp"

namespace webhooks::store::sqlite {

/// A statement written out in the program, never put together: only a constant converts. Its address is the
/// key of the statement cache.
class Sql {
public:
    consteval Sql(const char* text) : text_(text) {}
    [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

private:
    const char* text_;
};

/// Binds as a BLOB instead of TEXT. Like every bound text it must outlive the statement's run.
struct Blob {
    std::string_view bytes;
};

[[noreturn]] void throw_failure(int code);

/// One row under a cursor, read column by column from the left. Views are valid until the cursor moves.
class Row {
public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

    std::int64_t integer() { return sqlite3_column_int64(statement_, next_++); }
    std::uint64_t count() { return static_cast<std::uint64_t>(integer()); }
    bool flag() { return integer() != 0; }
    bot::TimePoint time() { return bot::from_millis(integer()); }
    std::optional<std::int64_t> maybe_integer() {
        if (sqlite3_column_type(statement_, next_) == SQLITE_NULL) return ++next_, std::nullopt;
        return integer();
    }
    std::optional<bot::TimePoint> maybe_time() {
        const auto millis = maybe_integer();
        return millis ? std::optional(bot::from_millis(*millis)) : std::nullopt;
    }
    std::string_view bytes() {
        const void* data = sqlite3_column_blob(statement_, next_);
        const int size = sqlite3_column_bytes(statement_, next_++);
        return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
    }
    std::string text() { return std::string(bytes()); }
    template <class Enum>
    Enum as() {
        return static_cast<Enum>(integer());
    }

private:
    sqlite3_stmt* statement_;
    int next_ = 0;
};

/// A running statement; reset when it goes out of scope.
class Cursor {
public:
    explicit Cursor(sqlite3_stmt* statement) noexcept : statement_(statement) {}
    ~Cursor() { sqlite3_reset(statement_); }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    /// @throws StoreFailure
    bool next() {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code != SQLITE_DONE) throw_failure(code);
        return false;
    }
    [[nodiscard]] Row row() const { return Row(statement_); }

private:
    sqlite3_stmt* statement_;
};

/// One connection with its prepared statements. Used by one thread at a time.
class Connection {
public:
    /// Opens or creates. @param vfs  empty: SQLite's own. @throws StoreFailure
    Connection(const std::string& path, const std::string& vfs);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Several statements at once, not cached: schema and pragmas.
    void script(const char* sql);

    /// Starts a statement with its parameters. A statement must not be started again while its cursor lives.
    template <class... Values>
    [[nodiscard]] Cursor query(Sql sql, const Values&... values) {
        sqlite3_stmt* statement = prepared(sql);
        int index = 0;
        (check(bind(statement, ++index, values)), ...);
        return Cursor(statement);
    }
    /// Runs a statement that gives no rows. @return rows changed
    template <class... Values>
    int run(Sql sql, const Values&... values) {
        query(sql, values...).next();
        return sqlite3_changes(handle_);
    }
    /// The first column of the first row.
    template <class... Values>
    [[nodiscard]] std::optional<std::int64_t> integer(Sql sql, const Values&... values) {
        Cursor cursor = query(sql, values...);
        return cursor.next() ? cursor.row().maybe_integer() : std::nullopt;
    }

    [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }
    /// Closing the last connection folds the log back into the file; not after an I/O error.
    void leave_log_alone() noexcept {
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    static void check(int code) {
        if (code != SQLITE_OK) throw_failure(code);
    }
    static int bind(sqlite3_stmt* statement, int index, std::string_view text) {
        // An empty view may have no address, which would bind NULL.
        return sqlite3_bind_text(statement, index, text.data() == nullptr ? "" : text.data(),
                                 static_cast<int>(text.size()), SQLITE_STATIC);
    }
    static int bind(sqlite3_stmt* statement, int index, Blob blob) {
        return sqlite3_bind_blob(statement, index, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                                 static_cast<int>(blob.bytes.size()), SQLITE_STATIC);
    }
    template <std::integral Integer>
    static int bind(sqlite3_stmt* statement, int index, Integer value) {
        return sqlite3_bind_int64(statement, index, static_cast<std::int64_t>(value));
    }
    template <class Enum>
    requires std::is_enum_v<Enum>
    static int bind(sqlite3_stmt* statement, int index, Enum value) {
        return bind(statement, index, static_cast<std::int64_t>(value));
    }
    static int bind(sqlite3_stmt* statement, int index, bot::TimePoint at) {
        return bind(statement, index, bot::to_millis(at));
    }
    // Inlined, g++ 12 takes the value of an empty optional for read before it is set.
    template <class Value>
    [[gnu::noinline]] static int bind(sqlite3_stmt* statement, int index, const std::optional<Value>& value) {
        return value ? bind(statement, index, *value) : sqlite3_bind_null(statement, index);
    }
    sqlite3_stmt* prepared(Sql sql);

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    sqlite3* handle_ = nullptr;
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace webhooks::store::sqlite
