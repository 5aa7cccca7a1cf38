#include "tests/store/fixture.hpp"

using namespace store_test;

namespace {

NewPart part(const std::string& id, int index, int total, const std::string& text, TimePoint at = kNow) {
    return {"main", id, "+15550100", "+15550199", "7", index, total, text, at};
}

}  // namespace

TEST_CASE("parts: a long text is whole when its last piece has come, in whatever order, each piece once") {
    SqliteFixture db;
    db.write([&](StoreTx& tx) {
        CHECK_FALSE(tx.keep_part(part("c", 3, 3, "die")));
        CHECK_FALSE(tx.keep_part(part("a", 1, 3, "i want ")));
        CHECK_FALSE(tx.keep_part(part("a", 1, 3, "i want ")));  // delivered again
        CHECK_FALSE(tx.keep_part({"main", "x", "+15550101", "+15550199", "7", 2, 3, "somebody else", kNow}));
    });
    db.reopen();
    db.write([&](StoreTx& tx) {
        const auto whole = tx.keep_part(part("b", 2, 3, "to "));
        REQUIRE(whole);
        CHECK(whole->text == "i want to die");
        CHECK(whole->external_id == "a");
        CHECK(whole->from == "+15550100");
        CHECK(whole->to == "+15550199");
        CHECK(whole->account == "main");
        CHECK_FALSE(tx.keep_part(part("b", 2, 3, "to ")));  // after the whole
        CHECK(tx.overdue_parts(kNow + 1h).size() == 1);     // somebody else's
    });
}

TEST_CASE("parts: a reference is used again for another text") {
    SqliteFixture db;
    db.write([&](StoreTx& tx) {
        CHECK_FALSE(tx.keep_part(part("a", 1, 2, "first ")));
        CHECK(tx.keep_part(part("b", 2, 2, "text"))->text == "first text");
        CHECK_FALSE(tx.keep_part(part("c", 1, 2, "second ")));
        CHECK(tx.keep_part(part("d", 2, 2, "text"))->text == "second text");
    });
}

TEST_CASE("parts: what is there of a text is heard when the rest does not come") {
    SqliteFixture db;
    db.write([&](StoreTx& tx) {
        CHECK_FALSE(tx.keep_part(part("a", 1, 3, "i want ")));
        CHECK_FALSE(tx.keep_part(part("c", 3, 3, "die", kNow + 10s)));
        CHECK(tx.overdue_parts(kNow + 10s).empty());  // counted from the latest piece
        const auto texts = tx.overdue_parts(kNow + 11s);
        REQUIRE(texts.size() == 1);
        CHECK(texts[0].text == "i want die");
        CHECK(tx.overdue_parts(kNow + 12s).empty());
    });
}

TEST_CASE("reroute: a claimed text leaves by another number, with all that belongs to it") {
    SqliteFixture db;
    db.write([&](StoreTx& tx) {
        NewOutbound page = outbound({}, "page", bot::MessageKind::page, kNow);
        page.contact.reset();
        page.page_key = "1/maya/1";
        const MessageId id = tx.enqueue(page);
        CHECK(tx.claim_due(kNow, 10).size() == 1);
        tx.reroute(id, "other", "+15550198");
        tx.mark_retry(id, "down", kNow);
        const auto again = tx.claim_due(kNow, 10);
        REQUIRE(again.size() == 1);
        CHECK(again[0].account == "other");
        CHECK(again[0].channel == "+15550198");
        CHECK(again[0].to == page.to);
        CHECK(again[0].text == "page");
        CHECK(again[0].page_key == "1/maya/1");
        CHECK(again[0].attempts == 2);
    });
}
