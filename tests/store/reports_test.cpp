// What became of a message: outcomes of the hand-over, delivery reports, replies taken back, and rows that a
// crash left half sent.
#include "fixture.hpp"

using namespace store_test;

namespace {

template <class Backend>
MessageId half_sent(Backend& db, const std::string& text = "one") {
    const ContactId contact = db.record("SM-" + text).contact;
    return db.write([&](StoreTx& tx) {
        const MessageId id = tx.enqueue(outbound(contact, text));
        REQUIRE(tx.claim_due(kNow, 10).size() == 1);
        return id;
    });
}

template <class Backend>
MessageRow row_of(Backend& db, MessageId id) {
    return db.read([&](StoreReader& reader) { return reader.outbox(1, id.value + 1); }).at(0);
}

template <class Backend>
void report(Backend& db, std::string_view external_id, std::string_view message_id, OutboxState state,
            std::string_view code = {}, std::string_view account = "main") {
    db.write([&](StoreTx& tx) { tx.apply_report(account, external_id, message_id, state, code, kNow); });
}

}  // namespace

HANDRAIL_STORE_TEST("a delivery report moves a message only forward") {
    using enum OutboxState;
    struct Row {
        const char* why;
        std::vector<OutboxState> reports;
        const char* want;
    };
    const Row rows[]{
        {"as it should be", {sent, delivered}, "delivered"},
        {"reports overtake each other", {delivered, sent}, "delivered"},
        {"delivered is final", {delivered, failed}, "delivered"},
        {"failed is final", {failed, delivered}, "failed"},
        {"twice the same", {sent, sent}, "sent"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Backend db;
        const MessageId id = half_sent(db);
        db.write([&](StoreTx& tx) { tx.mark_sent(id, "SM-out", kNow); });
        for (const OutboxState state : row.reports) report(db, "SM-out", "", state);
        CHECK(row_of(db, id).state == row.want);
    }
}

HANDRAIL_STORE_TEST("a report finds its message by our id or by the gateway's, at its own account only") {
    Backend db;
    const MessageId id = half_sent(db);
    const std::string ours = std::to_string(id.value);
    report(db, "SM-out", "", OutboxState::delivered);
    CHECK(row_of(db, id).state == "wired");  // not known by that id yet
    report(db, "SM-out", ours, OutboxState::delivered, "", "another account");
    CHECK(row_of(db, id).state == "wired");
    report(db, "SM-out", "999", OutboxState::delivered);
    report(db, "SM-out", ours + "x", OutboxState::delivered);
    CHECK(row_of(db, id).state == "wired");
    report(db, "SM-out", ours, OutboxState::sent);
    CHECK(row_of(db, id).state == "sent");
    report(db, "SM-out", "", OutboxState::failed, "30007");
    CHECK(row_of(db, id).state == "failed");
    CHECK(row_of(db, id).error_code == "30007");
}

HANDRAIL_STORE_TEST("a report about a message that was never handed over is not about it") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const MessageId id = db.write([&](StoreTx& tx) { return tx.enqueue(outbound(contact, "queued")); });
    report(db, "", std::to_string(id.value), OutboxState::delivered);
    CHECK(row_of(db, id).state == "queued");
}

HANDRAIL_STORE_TEST("a report that is quicker than the answer to the send wins") {
    Backend db;
    const MessageId id = half_sent(db);
    report(db, "SM-out", std::to_string(id.value), OutboxState::delivered);
    db.write([&](StoreTx& tx) {
        tx.mark_retry(id, "no_answer", kNow + 1s);
        tx.mark_final(id, OutboxState::unknown, "no_answer", kNow);
        tx.mark_sent(id, "SM-out", kNow);
    });
    CHECK(row_of(db, id).state == "delivered");
    CHECK(db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1min, 10); }).empty());
}

HANDRAIL_STORE_TEST("a report tells whose message it was") {
    Backend db;
    const MessageId id = half_sent(db);
    const auto contact_of = [&](const std::string& message_id) {
        return db.write([&](StoreTx& tx) {
            const auto reported = tx.apply_report("main", "", message_id, OutboxState::sent, "", kNow);
            return reported ? reported->contact : std::nullopt;
        });
    };
    CHECK(contact_of(std::to_string(id.value)) ==
          db.write([](StoreTx& tx) { return tx.find_contact("+15550100"); }));
    CHECK_FALSE(contact_of("999"));
}

HANDRAIL_STORE_TEST("a final state is final") {
    using enum OutboxState;
    for (const OutboxState state : {failed, unknown, cancelled, stale}) {
        Backend db;
        const MessageId id = half_sent(db);
        db.write([&](StoreTx& tx) {
            tx.mark_final(id, state, "code", kNow);
            tx.mark_retry(id, "again", kNow);
            tx.mark_final(id, state == failed ? unknown : failed, "other", kNow);
        });
        CHECK(row_of(db, id).state == to_string(state));
        CHECK(row_of(db, id).error_code == "code");
        CHECK(db.write([](StoreTx& tx) { return tx.claim_due(kNow, 10); }).empty());
    }
}

HANDRAIL_STORE_TEST("the replies of a turn are taken back together, or not at all") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const auto enqueue = [&](const std::string& text, std::uint64_t turn) {
        return db.write([&](StoreTx& tx) {
            auto message = outbound(contact, text);
            message.turn = turn;
            return tx.enqueue(message);
        });
    };
    const auto retract = [&](std::uint64_t turn) {
        return db.write([&](StoreTx& tx) { return tx.retract_turn(contact, turn, kNow); });
    };
    const MessageId first = enqueue("one", 1);
    const MessageId second = enqueue("two", 1);
    const MessageId other = enqueue("three", 2);
    REQUIRE(db.write([](StoreTx& tx) { return tx.claim_due(kNow, 1); }).size() == 1);
    CHECK_FALSE(retract(1));
    CHECK(row_of(db, second).state == "queued");
    CHECK(retract(2));
    CHECK(row_of(db, other).state == "cancelled");
    CHECK(row_of(db, first).state == "wired");
    CHECK(retract(3));  // nothing was said: nothing has left
}

HANDRAIL_STORE_TEST("after a crash, what was on its way is found and nothing else") {
    Backend db;
    const MessageId id = half_sent(db, "half sent");
    const ContactId other = db.record("SM2", "+15550101").contact;
    db.write([&](StoreTx& tx) { tx.enqueue(outbound(other, "queued")); });
    db.reopen();
    const auto rows = db.write([](StoreTx& tx) { return tx.wired_rows(); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id == id);
    CHECK(rows[0].text == "half sent");
    CHECK(rows[0].to == "+15550100");
    CHECK(rows[0].attempts == 1);
    CHECK(db.write([](StoreTx& tx) { return tx.wired_rows(); }).size() == 1);  // unchanged by looking
    db.write([&](StoreTx& tx) { tx.mark_retry(id, "restart", kNow); });
    CHECK(db.write([](StoreTx& tx) { return tx.wired_rows(); }).empty());
}
