#include "fixture.hpp"

using namespace store_test;

HANDRAIL_STORE_TEST("a resent webhook is recorded once") {
    Backend db;
    const Recorded first = db.record("SM1");
    CHECK(first.seen == Seen::first);
    const Recorded again = db.record("SM1", "+15550100", "another body");
    CHECK(again.seen == Seen::duplicate);
    CHECK(again.contact == first.contact);
    CHECK(again.message == first.message);
    const auto rows = db.read([&](StoreReader& reader) { return reader.messages(first.contact, 10); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text == "hello");
}

HANDRAIL_STORE_TEST("a resent webhook from another number adds no contact") {
    Backend db;
    const Recorded first = db.record("SM1", "+15550100");
    CHECK(db.record("SM1", "+15550101").contact == first.contact);
    CHECK_FALSE(db.write([](StoreTx& tx) { return tx.find_contact("+15550101"); }));
}

HANDRAIL_STORE_TEST("a conversation is found again as it was saved") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    CHECK_FALSE(db.write([&](StoreTx& tx) { return tx.lock_conversation(contact); }));
    ConversationRow row;
    row.state = R"({"stack":["slip"]})";
    row.consent = bot::Consent::recurring;
    row.turn = 3;
    row.account = "main";
    row.channel = "+15550199";
    row.before_last = "before";
    row.last_text = "i slipped";
    row.last_at = kNow;
    db.write([&](StoreTx& tx) { tx.save_conversation(contact, row, kNow); });
    db.reopen();
    const auto found = db.write([&](StoreTx& tx) { return tx.lock_conversation(contact); });
    REQUIRE(found);
    CHECK(found->state == row.state);
    CHECK(found->consent == row.consent);
    CHECK(found->turn == 3);
    CHECK(found->account == "main");
    CHECK(found->channel == "+15550199");
    CHECK(found->before_last == "before");
    CHECK(found->last_text == "i slipped");
    CHECK(found->last_at == kNow);
    CHECK(db.write([&](StoreTx& tx) { return tx.number_of(contact); }) == "+15550100");
    CHECK(db.write([](StoreTx& tx) { return tx.find_contact("+15550100"); }) == contact);
}
