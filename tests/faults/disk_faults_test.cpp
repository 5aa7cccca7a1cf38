// I9: a disk that is full or fails refuses loudly, loses nothing acknowledged, and nobody hears of success
// that was none.
#include <atomic>

#include "power_cut_vfs.hpp"
#include "tests/store/batch.hpp"
#include "webhooks/store/failure.hpp"
#include "workload.hpp"

using namespace faults;

namespace {

constexpr std::size_t kNever = 1'000'000;  // no checkpoint: every write makes the log longer

/// A store on a disk of its own.
struct Line {
    TemporaryFolder folder;
    Disk disk{1};
    SqliteSettings settings;
    std::atomic<int> told_fatal{0};
    std::unique_ptr<Store> store;

    explicit Line(std::size_t checkpoint_pages = 40) {
        settings.path = folder / "store.db";
        settings.vfs = disk.vfs_name();
        settings.checkpoint_pages = checkpoint_pages;
        settings.on_fatal = [this](error_code) { ++told_fatal; };
        open();
    }
    void open() { store = open_sqlite(settings, test_vault()); }
    void restart_after_power_cut() {
        disk.fail_syncs(false);
        disk.cut_after(0);
        store.reset();
        disk.power_on();
        open();
    }
};

error_code record(Store& store, const std::string& id) {
    return store.transact([&](StoreTx& tx) {
        tx.record_inbound(SqliteFixture::inbound(id));
        return error_code{};
    });
}

int primary_code(const error_code& failure) {
    CHECK(failure.category() == webhooks::store::sqlite_category());
    return failure.value() & 0xff;
}

}  // namespace

TEST_CASE("full disk: refuses, keeps what it took, and goes on by itself when there is room again") {
    Line line(kNever);
    Workload before(1);
    before.run(*line.store, 40);
    REQUIRE(before.failures().empty());
    line.disk.limit_to(line.disk.used());
    Workload refused(2);
    refused.run(*line.store, 100'000);
    REQUIRE_FALSE(refused.failures().empty());
    for (const error_code& failure : refused.failures()) CHECK(primary_code(failure) == SQLITE_FULL);
    CHECK_FALSE(line.store->healthy());
    CHECK(line.told_fatal == 0);
    CHECK(before.look(*line.store, line.settings).lost == 0);

    line.disk.limit_to(0);
    CHECK(record(*line.store, "after") == error_code{});
    CHECK(line.store->healthy());
    line.restart_after_power_cut();
    CHECK(before.look(*line.store, line.settings).sound());
    CHECK(record(*line.store, "after") == error_code{});
}

TEST_CASE("full disk: reads do not pass for recovery") {
    Line line(kNever);
    line.disk.limit_to(line.disk.used());
    while (!record(*line.store, "SM" + std::to_string(line.disk.operations()))) {
    }
    CHECK_FALSE(line.store->healthy());
    const auto only_read = [](StoreTx& tx) {
        tx.due_timers(kNow, 10);
        return error_code{};
    };
    CHECK(line.store->transact(only_read));
    CHECK_FALSE(line.store->healthy());
}

TEST_CASE("failed sync: refused, told once, nothing tried again on that handle, nothing lost") {
    Line line;
    Workload before(1);
    before.run(*line.store, 40);
    line.disk.fail_syncs(true);
    Workload refused(2);
    refused.run(*line.store, 100'000);
    REQUIRE_FALSE(refused.failures().empty());
    CHECK(refused.acknowledged() == 0);
    CHECK(line.told_fatal == 1);
    CHECK_FALSE(line.store->healthy());

    // The disk is well again, but nobody knows what it holds: only a restart mends that.
    line.disk.fail_syncs(false);
    const long operations = line.disk.operations();
    CHECK(record(*line.store, "too early") == Error::stopped);
    CHECK_FALSE(line.store->healthy());
    CHECK(line.disk.operations() == operations);
    CHECK(line.told_fatal == 1);
    line.restart_after_power_cut();
    CHECK(before.look(*line.store, line.settings).sound());
    CHECK(record(*line.store, "after") == error_code{});
}

TEST_CASE("failed commit: every job of the batch fails, and what they told the sender is taken back") {
    Line line;
    REQUIRE(record(*line.store, "SM0") == error_code{});
    std::string order;
    Batch batch(*line.store);
    for (const char* id : {"SM1", "SM2"}) {
        batch.add([&order, id](StoreTx& tx) {
            tx.record_inbound(SqliteFixture::inbound(id));
            tx.around_commit([&order, id] { order += std::string("before ") + id + " "; },
                             [&order, id] { order += std::string("failed ") + id + " "; });
            return error_code{};
        });
    }
    batch.add([](StoreTx&) -> error_code { return Error::corrupt; });
    line.disk.fail_syncs(true);
    for (const error_code& outcome : batch.run()) CHECK(primary_code(outcome) == SQLITE_IOERR);
    // The failing job has the batch begin anew; then the commit fails.
    CHECK(order == "failed SM2 failed SM1 before SM1 before SM2 failed SM2 failed SM1 ");
    line.restart_after_power_cut();
    const auto contacts = [&] {
        std::size_t found = 0;
        CHECK(line.store->read([&](StoreReader& reader) {
            found = reader.messages(ContactId{1}, 10).size();
            return error_code{};
        }) == error_code{});
        return found;
    };
    CHECK(contacts() == 1);
}

TEST_CASE("disk gone: everything after it is refused at once, closing included") {
    Line line;
    REQUIRE(record(*line.store, "SM0") == error_code{});
    line.disk.cut_after(0);
    CHECK(record(*line.store, "SM1"));
    CHECK(record(*line.store, "SM2") == Error::stopped);
    CHECK(line.told_fatal == 1);
    line.store->close();
    line.store.reset();
    line.disk.power_on();
    line.open();
    CHECK(record(*line.store, "SM0") == error_code{});
}
