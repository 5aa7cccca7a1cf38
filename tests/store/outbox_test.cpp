#include "fixture.hpp"

using namespace store_test;
using bot::MessageKind;

namespace {

template <class Backend>
std::vector<std::string> claim_texts(Backend& db, TimePoint now, std::size_t limit = 64) {
    std::vector<std::string> texts;
    for (const Claimed& one : db.write([&](StoreTx& tx) { return tx.claim_due(now, limit); })) {
        texts.push_back(one.text);
    }
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

HANDRAIL_STORE_TEST("a claim brings all that a hand-over needs") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const MessageId id = db.write([&](StoreTx& tx) { return tx.enqueue(outbound(contact, "one")); });
    const auto claimed = db.write([&](StoreTx& tx) { return tx.claim_due(kNow, 10); });
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].id == id);
    CHECK(claimed[0].contact == contact);
    CHECK(claimed[0].account == "main");
    CHECK(claimed[0].channel == "+15550199");
    CHECK(claimed[0].to == "+15550100");
    CHECK(claimed[0].text == "one");
    CHECK(claimed[0].kind == MessageKind::reply);
    CHECK(claimed[0].attempts == 1);
    CHECK(claimed[0].received_at == kNow);
    CHECK(claimed[0].fresh_until == kNow + 10min);
    CHECK(claim_texts(db, kNow).empty());
}

HANDRAIL_STORE_TEST("graver kinds leave first, then older messages") {
    Backend db;
    db.write([&](StoreTx& tx) {
        const auto contact = [&](int n) {
            const std::string digits = std::to_string(n);
            return tx.record_inbound(Backend::inbound("SM" + digits, "+1555010" + digits)).contact;
        };
        tx.enqueue(outbound(contact(0), "check-in", MessageKind::check_in));
        tx.enqueue(outbound(contact(1), "reply 1", MessageKind::reply, kNow - 1s));
        tx.enqueue(outbound(contact(2), "reply 0", MessageKind::reply, kNow - 2s));
        tx.enqueue(outbound(contact(3), "staff", MessageKind::staff));
        tx.enqueue(outbound(contact(4), "confirm", MessageKind::opt_out_confirm));
        tx.enqueue(outbound(contact(5), "crisis", MessageKind::crisis));
        auto page = outbound({}, "page", MessageKind::page);
        page.contact.reset();
        page.page_key = "esc1/maria/0";
        tx.enqueue(page);
        tx.enqueue(outbound(contact(6), "not yet", MessageKind::crisis, kNow + 1ms));
    });
    CHECK(claim_texts(db, kNow, 3) == Texts{"crisis", "page", "confirm"});
    CHECK(claim_texts(db, kNow) == Texts{"staff", "reply 0", "reply 1", "check-in"});
    CHECK(claim_texts(db, kNow + 1ms) == Texts{"not yet"});
}

HANDRAIL_STORE_TEST("of one contact, nothing is handed over beside another message") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const MessageId first = db.write([&](StoreTx& tx) {
        const MessageId id = tx.enqueue(outbound(contact, "one"));
        tx.enqueue(outbound(contact, "two"));
        tx.enqueue(outbound(contact, "three"));
        return id;
    });
    CHECK(claim_texts(db, kNow) == Texts{"one"});
    db.write([&](StoreTx& tx) { tx.enqueue(outbound(contact, "grave", MessageKind::crisis)); });
    CHECK(claim_texts(db, kNow).empty());
    db.write([&](StoreTx& tx) { tx.mark_sent(first, "SM-1", kNow); });
    CHECK(claim_texts(db, kNow) == Texts{"grave"});
}

HANDRAIL_STORE_TEST("a contact under way blocks nobody else") {
    Backend db;
    const ContactId slow = db.record("SM1", "+15550100").contact;
    const ContactId other = db.record("SM2", "+15550101").contact;
    db.write([&](StoreTx& tx) {
        for (int i = 0; i < 300; ++i) tx.enqueue(outbound(slow, "slow"));
        tx.enqueue(outbound(other, "other"));
    });
    CHECK(claim_texts(db, kNow, 1) == Texts{"slow"});
    CHECK(claim_texts(db, kNow, 1) == Texts{"other"});
}

HANDRAIL_STORE_TEST("a message that waits for its retry holds back what is younger, but no crisis text") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const MessageId first = db.write([&](StoreTx& tx) {
        const MessageId id = tx.enqueue(outbound(contact, "first"));
        tx.enqueue(outbound(contact, "second"));
        tx.enqueue(outbound(contact, "check-in", MessageKind::check_in));
        return id;
    });
    CHECK(claim_texts(db, kNow) == Texts{"first"});
    db.write([&](StoreTx& tx) { tx.mark_retry(first, "20500", kNow + 30s); });
    CHECK(claim_texts(db, kNow + 1s).empty());
    const MessageId grave =
        db.write([&](StoreTx& tx) { return tx.enqueue(outbound(contact, "grave", MessageKind::crisis)); });
    CHECK(claim_texts(db, kNow + 1s) == Texts{"grave"});
    db.write([&](StoreTx& tx) { tx.mark_sent(grave, "SM-g", kNow + 1s); });
    const auto again = db.write([&](StoreTx& tx) { return tx.claim_due(kNow + 30s, 10); });
    REQUIRE(again.size() == 1);
    CHECK(again[0].text == "first");
    CHECK(again[0].attempts == 2);
    db.write([&](StoreTx& tx) { tx.mark_sent(first, "SM-1", kNow + 30s); });
    CHECK(claim_texts(db, kNow + 30s) == Texts{"second"});
}

HANDRAIL_STORE_TEST("what is no longer fresh is dropped with a record") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    db.write([&](StoreTx& tx) { tx.enqueue(outbound(contact, "too late")); });
    CHECK(claim_texts(db, kNow + 10min + 1ms).empty());
    const auto rows = db.read([](StoreReader& reader) { return reader.outbox(10, INT64_MAX); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].state == "stale");
}

HANDRAIL_STORE_TEST("nothing leaves for an opted-out contact, but for the answers it may still get") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    db.write([&](StoreTx& tx) {
        for (const MessageKind kind : {MessageKind::crisis, MessageKind::staff, MessageKind::reply,
                                       MessageKind::check_in, MessageKind::opt_out_confirm}) {
            tx.enqueue(outbound(contact, std::string(to_string(kind)), kind));
        }
        ConversationRow row;
        row.state = "{}";
        row.consent = bot::Consent::opted_out;
        tx.save_conversation(contact, row, kNow);
    });
    CHECK(claim_texts(db, kNow) == Texts{"opt_out_confirm"});
    int cancelled = 0;
    for (const MessageRow& row : db.read([](StoreReader& reader) { return reader.outbox(10, INT64_MAX); })) {
        cancelled += row.state == "cancelled" && row.error_code == "opted_out" ? 1 : 0;
    }
    CHECK(cancelled == 4);
}

HANDRAIL_STORE_TEST("an opt-out cancels what is queued or waits for a retry, not what is on its way") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const ContactId other = db.record("SM2", "+15550101").contact;
    const MessageId wired =
        db.write([&](StoreTx& tx) { return tx.enqueue(outbound(contact, "on its way")); });
    CHECK(claim_texts(db, kNow) == Texts{"on its way"});
    const int cancelled = db.write([&](StoreTx& tx) {
        tx.enqueue(outbound(contact, "queued"));
        tx.enqueue(outbound(contact, "later", MessageKind::check_in, kNow + 24h));
        tx.enqueue(outbound(contact, "confirm", MessageKind::opt_out_confirm));
        tx.enqueue(outbound(other, "somebody else"));
        return tx.cancel_queued(contact, kNow);
    });
    CHECK(cancelled == 2);
    CHECK(claim_texts(db, kNow) == Texts{"somebody else"});
    db.write([&](StoreTx& tx) { tx.mark_sent(wired, "SM-1", kNow); });
    CHECK(claim_texts(db, kNow) == Texts{"confirm"});
    CHECK(claim_texts(db, kNow + 24h).empty());
}

HANDRAIL_STORE_TEST("a page is queued once, however often it is asked for") {
    Backend db;
    auto page = outbound({}, "page", MessageKind::page);
    page.contact.reset();
    page.page_key = "esc1/maria/0";
    const MessageId first = db.write([&](StoreTx& tx) { return tx.enqueue(page); });
    CHECK(db.write([&](StoreTx& tx) { return tx.enqueue(page); }) == first);
    page.page_key = "esc1/maria/1";
    CHECK(db.write([&](StoreTx& tx) { return tx.enqueue(page); }) != first);
    const auto claimed = db.write([](StoreTx& tx) { return tx.claim_due(kNow, 10); });
    REQUIRE(claimed.size() == 2);  // pages do not wait for each other
    CHECK_FALSE(claimed[0].contact);
    CHECK(claimed[0].page_key == "esc1/maria/0");
}

HANDRAIL_STORE_TEST("the next thing due is known") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    CHECK_FALSE(db.write([](StoreTx& tx) { return tx.next_outbox_due(); }));
    db.write([&](StoreTx& tx) {
        tx.enqueue(outbound(contact, "later", MessageKind::check_in, kNow + 2h));
        tx.enqueue(outbound(contact, "soon", MessageKind::reply, kNow + 1s));
    });
    CHECK(db.write([](StoreTx& tx) { return tx.next_outbox_due(); }) == kNow + 1s);
    CHECK(claim_texts(db, kNow + 1s) == Texts{"soon"});
    CHECK(db.write([](StoreTx& tx) { return tx.next_outbox_due(); }) == kNow + 2h);
}

HANDRAIL_STORE_TEST("queue ages say how much is owed and for how long") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    db.write([&](StoreTx& tx) {
        tx.enqueue(outbound(contact, "one"));
        tx.enqueue(outbound(contact, "two"));
        tx.claim_due(kNow, 1);
        bot::Escalation ladder = bot::open_escalation(bot::Priority::p0, {}, kNow - 3s);
        tx.open_escalation({contact, "self_harm", "", false, ladder});
    });
    const QueueAges ages = db.read([](StoreReader& reader) { return reader.queue_ages(kNow + 2s); });
    CHECK(ages.outbox_queued == 1);
    CHECK(ages.outbox_oldest_ms == 2'000);
    CHECK(ages.escalations_open == 1);
    CHECK(ages.escalations_oldest_ms == 5'000);
}

HANDRAIL_STORE_TEST("an older message of the same kind that is not due yet still goes first") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const MessageId first = db.write([&](StoreTx& tx) {
        const MessageId id = tx.enqueue(outbound(contact, "gathers", MessageKind::reply, kNow + 400ms));
        tx.enqueue(outbound(contact, "younger"));
        return id;
    });
    CHECK(claim_texts(db, kNow).empty());
    CHECK(claim_texts(db, kNow + 400ms) == Texts{"gathers"});
    db.write([&](StoreTx& tx) { tx.mark_sent(first, "SM-1", kNow + 400ms); });
    CHECK(claim_texts(db, kNow + 400ms) == Texts{"younger"});
}
