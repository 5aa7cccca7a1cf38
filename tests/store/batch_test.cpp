// Jobs that share a COMMIT do not share their fate: what a job is promised when it waits with others.
#include <stdexcept>

#include "batch.hpp"

using namespace store_test;

namespace {

Store::Job record_one(const std::string& external_id) {
    return [external_id](StoreTx& tx) {
        tx.record_inbound(SqliteFixture::inbound(external_id));
        return error_code{};
    };
}

template <class Backend>
std::vector<std::string> stored(Backend& db) {
    std::vector<std::string> found;
    for (const char* id : {"SM1", "SM2", "SM3"}) {
        // A probe that is rolled back leaves no trace.
        Seen seen{};
        const error_code outcome = db.store().transact([&](StoreTx& tx) -> error_code {
            seen = tx.record_inbound(Backend::inbound(id)).seen;
            return Error::corrupt;
        });
        CHECK(outcome == Error::corrupt);
        if (seen == Seen::duplicate) found.push_back(id);
    }
    return found;
}

using Ids = std::vector<std::string>;

}  // namespace

HANDRAIL_STORE_TEST("one failing job does not undo its neighbours") {
    struct Row {
        const char* why;
        Store::Job failing;
        error_code want;
    };
    const Row rows[]{
        {"returns an error after writing",
         [](StoreTx& tx) -> error_code {
             tx.record_inbound(SqliteFixture::inbound("SM2"));
             return Error::corrupt;
         },
         Error::corrupt},
        {"throws after writing",
         [](StoreTx& tx) -> error_code {
             tx.record_inbound(SqliteFixture::inbound("SM2"));
             throw std::runtime_error("a bug of ours");
         },
         Error::job_threw},
        {"asks the store for what is not there",
         [](StoreTx& tx) -> error_code {
             tx.record_inbound(SqliteFixture::inbound("SM2"));
             tx.number_of(ContactId{99});
             return {};
         },
         Error::corrupt},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Backend db;
        Batch batch(db.store());
        batch.add(record_one("SM1"));
        batch.add(row.failing);
        batch.add(record_one("SM3"));
        CHECK(batch.run() == std::vector<error_code>{{}, row.want, {}});
        CHECK(stored(db) == Ids{"SM1", "SM3"});
        db.reopen();
        CHECK(stored(db) == Ids{"SM1", "SM3"});
        CHECK(db.store().healthy());
    }
}

HANDRAIL_STORE_TEST("ids stay unique when a neighbour is undone") {
    Backend db;
    std::vector<MessageId> ids(2);
    Batch batch(db.store());
    batch.add([&](StoreTx& tx) -> error_code {
        ids[0] = tx.record_inbound(Backend::inbound("SM1")).message;
        return Error::corrupt;
    });
    batch.add([&](StoreTx& tx) -> error_code {
        ids[1] = tx.record_inbound(Backend::inbound("SM2", "+15550101")).message;
        return {};
    });
    CHECK(batch.run()[1] == error_code{});
    CHECK(db.record("SM3").message > ids[1]);
    const auto number = [&](const char* id) {
        return db.write(
            [&](StoreTx& tx) { return tx.number_of(tx.record_inbound(Backend::inbound(id)).contact); });
    };
    CHECK(number("SM2") == "+15550101");
}

HANDRAIL_STORE_TEST("an opt-out is told to the sender right before its commit, never after") {
    Backend db;
    std::string order;
    Batch batch(db.store());
    batch.add([&](StoreTx& tx) -> error_code {
        tx.around_commit([&] { order += "before1 "; }, [&] { order += "failed1 "; });
        order += "job1 ";
        return {};
    });
    batch.add([&](StoreTx& tx) -> error_code {
        tx.around_commit([&] { order += "before2 "; }, [&] { order += "failed2 "; });
        order += "job2 ";
        return Error::corrupt;
    });
    batch.add([&](StoreTx& tx) -> error_code {
        tx.around_commit([&] { order += "before3 "; }, [&] { order += "failed3 "; });
        order += "job3 ";
        throw std::runtime_error("a bug of ours");
    });
    batch.add([&](StoreTx&) -> error_code {
        order += "job4 ";
        return {};
    });
    batch.run();
    // After the first failure all begin anew, each apart from its neighbours.
    CHECK(order == "job1 job2 failed2 failed1 job1 job2 failed2 job3 failed3 job4 before1 ");
}

HANDRAIL_STORE_TEST("what a failed job published is never seen, and leaves no gap") {
    Backend db;
    Batch batch(db.store());
    const auto publish = [&](const char* data, error_code result) {
        batch.add([data, result](StoreTx& tx) {
            tx.publish("message.sent", data, kNow);
            return result;
        });
    };
    publish("1", {});
    publish("2", Error::corrupt);
    publish("3", {});
    batch.run();
    const auto events = db.read([](StoreReader& reader) { return reader.events_after(0, 10); });
    REQUIRE(events.size() == 2);
    CHECK(events[0].id == 1);
    CHECK(events[0].data == "1");
    CHECK(events[1].id == 2);
    CHECK(events[1].data == "3");
}

HANDRAIL_STORE_TEST("a lone job that fails is told so, and leaves nothing") {
    Backend db;
    std::string order;
    const error_code outcome = db.store().transact([&](StoreTx& tx) -> error_code {
        tx.around_commit([&] { order += "before "; }, [&] { order += "failed "; });
        tx.record_inbound(Backend::inbound("SM1"));
        return Error::corrupt;
    });
    CHECK(outcome == Error::corrupt);
    CHECK(order == "failed ");
    CHECK(stored(db).empty());
}

HANDRAIL_STORE_TEST("a full queue refuses at once and forgets nothing it took") {
    SqliteSettings settings;
    settings.queue_limit = 2;
    Backend db(settings);
    Batch batch(db.store());
    batch.add(record_one("SM1"));
    batch.add(record_one("SM2"));
    batch.add(record_one("SM3"));
    CHECK(batch.run() == std::vector<error_code>{{}, {}, Error::busy});
    CHECK(stored(db) == Ids{"SM1", "SM2"});
    CHECK(db.record("SM3").seen == Seen::first);
}

HANDRAIL_STORE_TEST("what waits when the store is closed is finished, what comes later refused") {
    Backend db;
    Batch batch(db.store());
    batch.add(record_one("SM1"));
    std::thread closing([&] { db.store().close(); });
    CHECK(batch.run() == std::vector<error_code>{{}});
    closing.join();
    CHECK(db.store().transact(record_one("SM2")) == Error::busy);
    CHECK(db.store().read([](StoreReader&) { return error_code{}; }) == Error::busy);
    db.reopen();
    CHECK(stored(db) == Ids{"SM1"});
}

HANDRAIL_STORE_TEST("a reader sees one committed state, and cannot write") {
    Backend db;
    db.record("SM1");
    std::promise<void> looked, written;
    std::size_t first = 0;
    std::size_t second = 0;
    const auto read = [&] {
        return db.store().read([&](StoreReader& reader) {
            first = reader.contacts(10, INT64_MAX).size();
            looked.set_value();
            written.get_future().wait();
            second = reader.contacts(10, INT64_MAX).size();
            return error_code{};
        });
    };
    std::future<error_code> outcome = std::async(std::launch::async, read);
    looked.get_future().wait();
    db.record("SM2", "+15550101");
    written.set_value();
    CHECK(outcome.get() == error_code{});
    CHECK(first == 1);
    CHECK(second == 1);
    CHECK(db.read([](StoreReader& reader) { return reader.contacts(10, INT64_MAX).size(); }) == 2);
}

HANDRAIL_STORE_TEST("a read job that throws fails alone") {
    Backend db;
    const error_code outcome =
        db.store().read([](StoreReader&) -> error_code { throw std::runtime_error("a bug of ours"); });
    CHECK(outcome == Error::job_threw);
    CHECK(db.read([](StoreReader& reader) { return reader.last_event_id(); }) == 0);
}

HANDRAIL_STORE_TEST("more jobs than fit one batch are all carried out, in order") {
    SqliteSettings settings;
    settings.batch_limit = 4;
    Backend db(settings);
    std::vector<int> order;
    Batch batch(db.store());
    for (int i = 0; i < 18; ++i) {
        batch.add([&order, i](StoreTx&) {
            order.push_back(i);
            return error_code{};
        });
    }
    CHECK(batch.run() == std::vector<error_code>(18));
    std::vector<int> expected(18);
    for (int i = 0; i < 18; ++i) expected[static_cast<std::size_t>(i)] = i;
    CHECK(order == expected);
}

HANDRAIL_STORE_TEST("an attempt that throws is undone alone, and its job goes on") {
    Backend db;
    std::string order;
    const Store::Job trying = [&](StoreTx& tx) -> error_code {
        order.clear();
        tx.record_inbound(Backend::inbound("SM1"));
        const auto failed = tx.attempt([&] {
            tx.record_inbound(Backend::inbound("SM2", "+15550101"));
            tx.around_commit([&] { order += "before2 "; }, [&] { order += "failed2 "; });
            throw std::runtime_error("a bug of ours");
        });
        CHECK(failed != nullptr);
        tx.around_commit([&] { order += "before1 "; }, [&] { order += "failed1 "; });
        CHECK(tx.attempt([&] { tx.record_inbound(Backend::inbound("SM3", "+15550102")); }) == nullptr);
        return {};
    };
    SUBCASE("alone") { CHECK(db.store().transact(trying) == error_code{}); }
    SUBCASE("among others") {
        Batch batch(db.store());
        batch.add(record_one("SM0"));
        batch.add(trying);
        CHECK(batch.run() == std::vector<error_code>{{}, {}});
    }
    CHECK(order == "failed2 before1 ");
    CHECK(stored(db) == Ids{"SM1", "SM3"});
}

HANDRAIL_STORE_TEST("an attempt within an attempt, and what the database refuses") {
    Backend db;
    const error_code outcome = db.store().transact([](StoreTx& tx) -> error_code {
        const auto outer = tx.attempt([&] {
            tx.record_inbound(Backend::inbound("SM1"));
            const auto inner = tx.attempt([&] {
                tx.record_inbound(Backend::inbound("SM2"));
                tx.number_of(ContactId{99});
            });
            CHECK(inner != nullptr);
            throw 1;
        });
        CHECK(outer != nullptr);
        tx.record_inbound(Backend::inbound("SM3"));
        return {};
    });
    CHECK(outcome == error_code{});
    CHECK(stored(db) == Ids{"SM3"});
    CHECK(db.store().healthy());
}
