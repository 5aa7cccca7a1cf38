#include "fixture.hpp"

using namespace store_test;

namespace {

template <class Backend>
std::vector<std::string> due(Backend& db, TimePoint now, std::size_t limit = 100) {
    std::vector<std::string> names;
    for (const TimerRow& timer : db.write([&](StoreTx& tx) { return tx.due_timers(now, limit); }))
        names.push_back(timer.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

HANDRAIL_STORE_TEST("a wait is due at its time, with the turn that set it") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    db.write([&](StoreTx& tx) { tx.set_timer(contact, "step", kNow + 20min, 7); });
    db.reopen();
    CHECK(due(db, kNow + 20min - 1ms).empty());
    const auto timers = db.write([](StoreTx& tx) { return tx.due_timers(kNow + 20min, 10); });
    REQUIRE(timers.size() == 1);
    CHECK(timers[0].contact == contact);
    CHECK(timers[0].name == "step");
    CHECK(timers[0].turn == 7);
    CHECK(timers[0].due == kNow + 20min);
    db.write([&](StoreTx& tx) { tx.remove_timer(timers[0].id); });
    CHECK(due(db, kNow + 1h).empty());
}

HANDRAIL_STORE_TEST("a wait of the same name replaces the older one of that contact only") {
    Backend db;
    const ContactId one = db.record("SM1", "+15550100").contact;
    const ContactId two = db.record("SM2", "+15550101").contact;
    db.write([&](StoreTx& tx) {
        tx.set_timer(one, "step", kNow + 1min, 1);
        tx.set_timer(two, "step", kNow + 2min, 1);
        tx.set_timer(one, "step", kNow + 3min, 2);
    });
    CHECK(db.write([](StoreTx& tx) { return tx.next_timer_due(); }) == kNow + 2min);
    const auto timers = db.write([](StoreTx& tx) { return tx.due_timers(kNow + 1h, 10); });
    REQUIRE(timers.size() == 2);
    CHECK(timers[0].contact == two);
    CHECK(timers[1].contact == one);
    CHECK(timers[1].turn == 2);
}

HANDRAIL_STORE_TEST("waits are cancelled by name, or all of a contact at once") {
    Backend db;
    const ContactId one = db.record("SM1", "+15550100").contact;
    const ContactId two = db.record("SM2", "+15550101").contact;
    db.write([&](StoreTx& tx) {
        for (const ContactId contact : {one, two})
            for (const char* name : {"step", "checkin.1", "checkin.3"}) tx.set_timer(contact, name, kNow, 1);
        tx.cancel_timer(one, "checkin.1");
        tx.cancel_timer(one, "never set");
    });
    CHECK(due(db, kNow).size() == 5);
    CHECK(db.write([&](StoreTx& tx) { return tx.cancel_timers(one); }) == 2);
    CHECK(due(db, kNow) == Names{"step", "checkin.1", "checkin.3"});
    CHECK(db.write([&](StoreTx& tx) { return tx.cancel_timers(one); }) == 0);
}

HANDRAIL_STORE_TEST("the place of a cancelled wait is free again") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    db.write([&](StoreTx& tx) {
        for (int i = 0; i < 2'000; ++i) {
            const std::string name = "checkin." + std::to_string(i);
            tx.set_timer(contact, name, kNow, 1);
            tx.cancel_timer(contact, name);
        }
        tx.set_timer(contact, "a", kNow + 1s, 1);
        tx.set_timer(contact, "b", kNow + 2s, 1);
        tx.cancel_timer(contact, "a");
        tx.set_timer(contact, "c", kNow + 3s, 1);
    });
    CHECK(due(db, kNow + 1h) == Names{"b", "c"});
}

HANDRAIL_STORE_TEST("the oldest waits come first, in bounded portions") {
    Backend db;
    db.write([](StoreTx& tx) {
        for (int i = 0; i < 5; ++i) {
            const std::string digit = std::to_string(i);
            const ContactId contact =
                tx.record_inbound(Backend::inbound("SM" + digit, "+1555010" + digit)).contact;
            tx.set_timer(contact, "t" + digit, kNow - std::chrono::seconds(i), 1);
        }
    });
    CHECK(due(db, kNow, 2) == Names{"t4", "t3"});
    CHECK_FALSE(Backend().write([](StoreTx& tx) { return tx.next_timer_due(); }));
}
