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
