// Which files are opened, which refused, and with what words.
#include <sys/stat.h>

#include "fixture.hpp"
#include "webhooks/store/sqlite/migrations.hpp"

using namespace store_test;

namespace {

std::string refusal(const SqliteSettings& settings) {
    try {
        (void)open_sqlite(settings, test_vault());
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "";
}

SqliteSettings at(const TemporaryFolder& folder) {
    SqliteSettings settings;
    settings.path = folder / "store.db";
    return settings;
}

}  // namespace

TEST_CASE("opening: a database made by a newer version is refused, and changes nothing") {
    SqliteFixture db;
    db.record("SM1");
    db.close();
    {
        RawDatabase raw(db.settings().path);
        raw.run("PRAGMA user_version = 1000");
    }
    const std::string why = refusal(db.settings());
    CHECK(why.find("schema 1000") != std::string::npos);
    CHECK(why.find(db.settings().path) != std::string::npos);
    RawDatabase raw(db.settings().path);
    CHECK(raw.text("PRAGMA user_version") == "1000");
    CHECK(raw.text("SELECT count(*) FROM inbound") == "1");
}

TEST_CASE("opening: a file that is not ours is refused, and changes nothing") {
    TemporaryFolder folder;
    const SqliteSettings settings = at(folder);
    SUBCASE("another program's database") {
        RawDatabase(settings.path).run("CREATE TABLE birds(name TEXT)");
        CHECK(refusal(settings).find("another program") != std::string::npos);
        CHECK(RawDatabase(settings.path).text("SELECT count(*) FROM sqlite_schema") == "1");
    }
    SUBCASE("no database at all") {
        std::ofstream(settings.path) << std::string(5'000, 'x');
        CHECK(refusal(settings).find(settings.path) != std::string::npos);
        CHECK(std::filesystem::file_size(settings.path) == 5'000);
    }
    SUBCASE("a folder that is not there") {
        SqliteSettings nowhere = settings;
        nowhere.path = folder / "missing/store.db";
        CHECK(refusal(nowhere).find("No such file") != std::string::npos);
    }
    SUBCASE("a damaged database") {
        {
            SqliteFixture db;
            db.record("SM1");
            db.close();
            std::filesystem::copy_file(db.settings().path, settings.path);
        }
        std::fstream file(settings.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100);
        file << std::string(4'000, '\xff');
        file.close();
        CHECK_FALSE(refusal(settings).empty());
    }
}

TEST_CASE("opening: a database of the first version keeps what it owes and where it was") {
    TemporaryFolder folder;
    const SqliteSettings settings = at(folder);
    {
        RawDatabase raw(settings.path);
        raw.run(sqlite::migrations()[0].sql);
        raw.run("PRAGMA user_version = 1");
        raw.run("PRAGMA application_id = 0x48646c31");
        for (const char* state : {"0", "1", "2", "3", "4", "5", "6", "7", "8"}) {
            const std::string before =
                "INSERT INTO outbox(account, line, kind, turn, at, fresh_until, updated_at, sealed, state)"
                " VALUES ('main', 1, 4, 1, 1, 1, 1, x'00', ";
            raw.run(before + state + ")");
        }
        raw.run("INSERT INTO event VALUES (41, 'message.sent', 1, x'00')");
    }
    const auto store = open_sqlite(settings, test_vault());
    std::vector<std::string> states;
    std::int64_t last_event = 0;
    CHECK_FALSE(store->read([&](StoreReader& reader) -> error_code {
        for (const MessageRow& row : reader.outbox(10, 1'000)) states.insert(states.begin(), row.state);
        last_event = reader.last_event_id();
        return {};
    }));
    CHECK(states == std::vector<std::string>{"queued", "wired", "sent", "delivered", "errored", "failed",
                                             "unknown", "cancelled", "stale"});
    CHECK(last_event == 41);
}

TEST_CASE("opening: twice is safe, and the second start finds everything") {
    SqliteFixture db;
    const Recorded recorded = db.record("SM1");
    for (int i = 0; i < 3; ++i) db.reopen();
    CHECK(db.record("SM1").message == recorded.message);
}

TEST_CASE("opening: the settings that durability hangs on are on") {
    SqliteFixture db;
    db.close();
    RawDatabase raw(db.settings().path);
    CHECK(raw.text("PRAGMA journal_mode") == "wal");
    CHECK(raw.text("PRAGMA integrity_check") == "ok");
    CHECK(raw.text("PRAGMA application_id") == std::to_string(0x48646c31));
    CHECK(std::string(SqliteSettings{}.synchronous) == "FULL");
}

TEST_CASE("key file: made once, private, and refused when others may read it") {
    TemporaryFolder folder;
    const std::string path = folder / "handrail.key";
    Vault::create_file(path);
    CHECK(Vault::from_file(path)->fingerprint() == Vault::from_file(path)->fingerprint());
    CHECK_THROWS_WITH_AS(Vault::create_file(path), doctest::Contains("File exists"), std::runtime_error);
    ::chmod(path.c_str(), 0644);
    CHECK_THROWS_WITH_AS((void)Vault::from_file(path), doctest::Contains("chmod 600"), std::runtime_error);
}

TEST_CASE("key file: a broken one is refused by name, without a byte of it") {
    TemporaryFolder folder;
    const std::string path = folder / "handrail.key";
    const std::string good(64, 'a');
    struct Row {
        const char* why;
        std::string text;
    };
    const Row rows[]{{"empty", ""},
                     {"too short", good.substr(1)},
                     {"too long", good + "a"},
                     {"not hex", good.substr(1) + "x"},
                     {"two lines", good + "\n\n"}};
    for (const Row& row : rows) {
        CAPTURE(row.why);
        std::ofstream(path) << row.text;
        ::chmod(path.c_str(), 0600);
        try {
            (void)Vault::from_file(path);
            FAIL_CHECK("taken");
        } catch (const std::runtime_error& failure) {
            const std::string why = failure.what();
            CHECK(why.find(path) != std::string::npos);
            CHECK(why.find("aaaa") == std::string::npos);
        }
    }
    std::ofstream(path) << good << "\n";
    CHECK_NOTHROW((void)Vault::from_file(path));
}
