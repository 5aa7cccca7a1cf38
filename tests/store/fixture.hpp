#pragma once
#include <doctest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "webhooks/store/sqlite/sqlite_store.hpp"

namespace store_test {

using namespace webhooks::store;
using namespace std::chrono_literals;
using boost::system::error_code;

inline constexpr TimePoint kNow = bot::from_millis(1'760'000'000'000);

/// A folder that goes away with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "handrail-store-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline std::shared_ptr<const Vault> test_vault(unsigned char first = 7) {
    Vault::Key key{};
    key.fill(first);
    return Vault::from_key(key);
}

/// One backend for the conformance suite: a fresh, empty store. PostgreSQL brings a second one.
class SqliteFixture {
public:
    explicit SqliteFixture(SqliteSettings settings = {}) : settings_(std::move(settings)) {
        settings_.path = folder_ / "store.db";
        open();
    }
    static bool available() { return true; }
    Store& store() { return *store_; }
    const SqliteSettings& settings() const { return settings_; }
    const TemporaryFolder& folder() const { return folder_; }

    void open() { store_ = open_sqlite(settings_, test_vault()); }
    void reopen() {
        store_.reset();
        open();
    }
    void close() { store_.reset(); }

    /// Runs a job that must succeed and gives back what it returns.
    template <class Work>
    auto write(Work work) {
        using Result = std::invoke_result_t<Work&, StoreTx&>;
        if constexpr (std::is_void_v<Result>) {
            REQUIRE(store_->transact([&](StoreTx& tx) { return work(tx), error_code{}; }) == error_code{});
        } else {
            std::optional<Result> result;
            REQUIRE(store_->transact([&](StoreTx& tx) { return result = work(tx), error_code{}; }) ==
                    error_code{});
            return std::move(*result);
        }
    }
    template <class Work>
    auto read(Work work) {
        std::optional<std::invoke_result_t<Work&, StoreReader&>> result;
        REQUIRE(store_->read([&](StoreReader& reader) { return result = work(reader), error_code{}; }) ==
                error_code{});
        return std::move(*result);
    }

    Recorded record(const std::string& external_id, const std::string& from = "+15550100",
                    const std::string& text = "hello") {
        return write([&](StoreTx& tx) { return tx.record_inbound(inbound(external_id, from, text)); });
    }
    static NewInbound inbound(const std::string& external_id, const std::string& from = "+15550100",
                              const std::string& text = "hello") {
        return {"main", external_id, from, "+15550199", text, "[]", kNow};
    }

private:
    TemporaryFolder folder_;
    SqliteSettings settings_;
    std::unique_ptr<Store> store_;
};

/// A queued text with everything ordinary.
inline NewOutbound outbound(ContactId contact, const std::string& text,
                            bot::MessageKind kind = bot::MessageKind::reply, TimePoint due = kNow) {
    NewOutbound message;
    message.contact = contact;
    message.account = "main";
    message.channel = "+15550199";
    message.to = "+15550100";
    message.text = text;
    message.kind = kind;
    message.text_id = "SLP.1";
    message.said_by = "slip/S1@1";
    message.turn = 1;
    message.at = kNow;
    message.due = due;
    message.fresh_until = due + 10min;
    return message;
}

/// A second, plain look at the file.
class RawDatabase {
public:
    explicit RawDatabase(const std::string& path) {
        REQUIRE(sqlite3_open(path.c_str(), &handle_) == SQLITE_OK);
    }
    ~RawDatabase() { sqlite3_close(handle_); }
    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;
    int run(const std::string& sql) { return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); }
    std::string text(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        std::string all;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            if (!all.empty()) all += '\n';
            const int last = sqlite3_column_count(statement) - 1;
            if (const auto* value = sqlite3_column_text(statement, last)) {
                all += reinterpret_cast<const char*>(value);
            }
        }
        sqlite3_finalize(statement);
        return all;
    }
    std::string error() { return sqlite3_errmsg(handle_); }

private:
    sqlite3* handle_ = nullptr;
};

}  // namespace store_test

#define HANDRAIL_STORE_TEST(name) TEST_CASE_TEMPLATE("store: " name, Backend, store_test::SqliteFixture)
