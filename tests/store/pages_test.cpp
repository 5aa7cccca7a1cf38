// Pages beside texts, what is known of those who are paged, and overrides.
#include <algorithm>

#include "fixture.hpp"

using namespace store_test;

namespace {

NewPage call(const std::string& key, TimePoint due = kNow) {
    return {std::nullopt, "Maya", bot::PageBy::voice, "", key, "a note", PageState::waiting, kNow, due};
}

template <class Backend>
std::vector<PageRow> claim(Backend& db, TimePoint now = kNow) {
    return db.write([&](StoreTx& tx) { return tx.claim_pages(now, 10); });
}

}  // namespace

HANDRAIL_STORE_TEST("a page is owed once per key, at its time, and kept over a restart") {
    Backend db;
    const PageId first = db.write([](StoreTx& tx) { return tx.add_page(call("a", kNow + 1min)); });
    CHECK(db.write([](StoreTx& tx) { return tx.add_page(call("a")); }) == first);
    db.reopen();
    CHECK(claim(db, kNow + 59s).empty());
    const auto claimed = claim(db, kNow + 1min);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].id == first);
    CHECK(claimed[0].responder == "Maya");
    CHECK(claimed[0].key == "a");
    CHECK(claimed[0].note == "a note");
    CHECK(claimed[0].by == bot::PageBy::voice);
    CHECK(claimed[0].state == PageState::waiting);
    CHECK(claim(db, kNow + 1h).empty());
}

HANDRAIL_STORE_TEST(
    "a page that a crash left claimed is due again; one that rings comes back when nobody answers") {
    Backend db;
    db.write([](StoreTx& tx) { tx.add_page(call("a")); });
    claim(db);
    db.reopen();
    db.write([](StoreTx& tx) { tx.release_claimed_pages(kNow); });
    const auto again = claim(db);
    REQUIRE(again.size() == 1);
    CHECK(again[0].attempts == 1);
    db.write([&](StoreTx& tx) { tx.mark_page(again[0].id, PageState::calling, kNow, kNow + 2min); });
    db.write([](StoreTx& tx) { tx.release_claimed_pages(kNow); });
    CHECK(claim(db, kNow + 1min).empty());
    const auto rang = claim(db, kNow + 2min);
    REQUIRE(rang.size() == 1);
    CHECK(rang[0].state == PageState::calling);
}

HANDRAIL_STORE_TEST("pages of a case that somebody has are cancelled, what is under way is not") {
    Backend db;
    const ContactId texter = db.record("SM1").contact;
    const EscalationId id = db.write([&](StoreTx& tx) {
        return tx
            .open_escalation(
                {texter, "self_harm", "", false, bot::open_escalation(bot::Priority::p0, {}, kNow)})
            .id;
    });
    db.write([&](StoreTx& tx) {
        for (const char* key : {"a", "b"}) {
            NewPage page = call(key);
            page.escalation = id;
            tx.add_page(page);
            if (*key == 'a') CHECK(tx.claim_pages(kNow, 1).size() == 1);
        }
        CHECK(tx.cancel_pages(id, kNow) == 1);
    });
    const auto pages = db.write([&](StoreTx& tx) { return tx.pages_of(id); });
    REQUIRE(pages.size() == 2);
    CHECK(pages[0].state == PageState::claimed);
    CHECK(pages[1].state == PageState::cancelled);
}

HANDRAIL_STORE_TEST("a phone that said STOP is known until something is heard from it") {
    Backend db;
    const auto maya = [&] { return db.write([](StoreTx& tx) { return tx.responders(); }).at(0); };
    db.write([](StoreTx& tx) { tx.mark_responder_heard("Maya", kNow); });
    db.write([](StoreTx& tx) { tx.mark_responder_stopped("Maya", kNow + 1s); });
    db.reopen();
    CHECK(maya().name == "Maya");
    CHECK(maya().stopped_at == kNow + 1s);
    CHECK(maya().heard_at == kNow);
    db.write([](StoreTx& tx) { tx.mark_responder_heard("Maya", kNow + 2s); });
    CHECK_FALSE(maya().stopped_at);
    CHECK(maya().heard_at == kNow + 2s);
}

HANDRAIL_STORE_TEST("an override is kept until it ends, and names no one in clear") {
    Backend db;
    db.write([](StoreTx& tx) { tx.add_override({"desk", kNow, kNow + 1h, "Override Maya", "Luis"}); });
    db.reopen();
    const auto at = [&](TimePoint now) { return db.write([&](StoreTx& tx) { return tx.overrides(now); }); };
    REQUIRE(at(kNow).size() == 1);
    CHECK(at(kNow)[0].person == "Override Maya");
    CHECK(at(kNow)[0].instead_of == "Luis");
    CHECK(at(kNow)[0].schedule == "desk");
    CHECK(at(kNow)[0].until == kNow + 1h);
    CHECK(at(kNow + 1h).empty());
}

HANDRAIL_STORE_TEST("a ladder keeps who has it and whom it paged") {
    Backend db;
    const ContactId texter = db.record("SM1").contact;
    const EscalationId id = db.write([&](StoreTx& tx) {
        EscalationRow row = tx.open_escalation(
            {texter, "self_harm", "", false, bot::open_escalation(bot::Priority::p0, {}, kNow)});
        row.ladder.takers = {"Maya", "Luis"};
        row.ladder.paged = {"Maya", "Luis", "Noor"};
        row.ladder.takes = 3;
        row.ladder.spoke_at = kNow + 5s;
        tx.save_escalation(row, kNow);
        return row.id;
    });
    db.reopen();
    const auto row = db.write([&](StoreTx& tx) { return *tx.escalation(id); });
    CHECK(row.ladder.takers == std::vector<std::string>{"Maya", "Luis"});
    CHECK(row.ladder.paged.size() == 3);
    CHECK(row.ladder.takes == 3);
    CHECK(row.ladder.spoke_at == kNow + 5s);
}

HANDRAIL_STORE_TEST("an override is taken back by what it says, and no other with it") {
    Backend db;
    const bot::Override tonight{"desk", kNow, kNow + 1h, "Maya", "Luis"};
    db.write([&](StoreTx& tx) {
        tx.add_override(tonight);
        tx.add_override({"desk", kNow, kNow + 1h, "Maya", ""});
        tx.add_override({"desk", kNow + 1h, kNow + 2h, "Maya", "Luis"});
        tx.add_override(tonight);
    });
    const auto remove = [&] { return db.write([&](StoreTx& tx) { return tx.remove_override(tonight); }); };
    CHECK(remove());
    const auto left = db.write([&](StoreTx& tx) { return tx.overrides(kNow); });
    REQUIRE(left.size() == 2);
    CHECK(left[0].instead_of.empty());
    CHECK(left[1].from == kNow + 1h);
    CHECK_FALSE(remove());
}
