#include <set>

#include "fixture.hpp"

using namespace store_test;
using bot::EscalationState;
using bot::Priority;

namespace {

bot::EscalationPolicy policy() {
    bot::EscalationPolicy ladder;
    ladder.rungs = {{0s, {"Maya"}, ""}, {120s, {"Maya", "Luis"}, "NOA.2"}};
    ladder.repeat_every = 600s;
    return ladder;
}

NewEscalation danger(ContactId contact, Priority priority = Priority::p0, TimePoint at = kNow) {
    return {contact, "self_harm", "does not want to live", false,
            bot::open_escalation(priority, policy(), at)};
}

template <class Backend>
EscalationRow open(Backend& db, const NewEscalation& escalation) {
    return db.write([&](StoreTx& tx) { return tx.open_escalation(escalation); });
}

}  // namespace

HANDRAIL_STORE_TEST("an escalation is found again, whole, after a restart") {
    Backend db;
    NewEscalation fresh = danger(db.record("SM1").contact);
    fresh.call_do_not_text = true;
    const EscalationRow opened = open(db, fresh);
    CHECK(opened.code.size() == 4);
    db.reopen();
    const auto found = db.write([&](StoreTx& tx) { return tx.escalation(opened.id); });
    REQUIRE(found);
    CHECK(found->code == opened.code);
    CHECK(found->contact == fresh.contact);
    CHECK(found->reason == "self_harm");
    CHECK(found->heard == "does not want to live");
    CHECK(found->call_do_not_text);
    CHECK_FALSE(found->acknowledged_at);
    CHECK(found->ladder.priority == Priority::p0);
    CHECK(found->ladder.state == EscalationState::open);
    CHECK(found->ladder.opened_at == kNow);
    CHECK(found->ladder.next_due == kNow);
    REQUIRE(found->ladder.policy.rungs.size() == 2);
    CHECK(found->ladder.policy.rungs[1].after == 120s);
    CHECK(found->ladder.policy.rungs[1].page == std::vector<std::string>{"Maya", "Luis"});
    CHECK(found->ladder.policy.rungs[1].tell_texter == "NOA.2");
    CHECK(found->ladder.policy.repeat_every == 600s);
    CHECK_FALSE(db.write([](StoreTx& tx) { return tx.escalation({99}); }));
}

HANDRAIL_STORE_TEST("pages for people in danger leave first, however many others wait") {
    Backend db;
    std::map<Priority, EscalationId> cases;
    for (const auto priority : {Priority::p3, Priority::p2, Priority::p1, Priority::p0}) {
        const std::string message = "SM" + std::string(bot::to_string(priority));
        cases[priority] = open(db, danger(db.record(message).contact, priority)).id;
    }
    const auto page = [&](const std::string& text, std::optional<EscalationId> escalation, TimePoint due) {
        NewOutbound row = outbound({}, text, bot::MessageKind::page, due);
        row.contact.reset();
        row.escalation = escalation;
        row.page_key = text;
        row.fresh_until = kNow + 10min;
        db.write([&](StoreTx& tx) { tx.enqueue(row); });
    };
    for (int i = 0; i < 150; ++i) page("P3-" + std::to_string(i), cases[Priority::p3], kNow - 5min);
    page("P2", cases[Priority::p2], kNow - 6min);
    page("P0", cases[Priority::p0], kNow - 1s);
    page("P1", cases[Priority::p1], kNow - 2s);
    page("no case", std::nullopt, kNow);
    std::vector<std::string> first;
    for (const Claimed& one : db.write([](StoreTx& tx) { return tx.claim_due(kNow, 5); }))
        first.push_back(one.text);
    CHECK(first == std::vector<std::string>{"P1", "P0", "no case", "P2", "P3-0"});
    CHECK(db.write([](StoreTx& tx) { return tx.claim_due(kNow, 500); }).size() == 149);
}

HANDRAIL_STORE_TEST("every step of a ladder is saved") {
    Backend db;
    EscalationRow row = open(db, danger(db.record("SM1").contact));
    row.ladder.state = EscalationState::acknowledged;
    row.ladder.next_rung = 2;
    row.ladder.repeats = 3;
    row.ladder.next_due.reset();
    row.ladder.acknowledged_by = "Maya";
    row.ladder.priority = Priority::p1;
    row.acknowledged_at = kNow + 90s;
    row.call_do_not_text = true;
    db.write([&](StoreTx& tx) { tx.save_escalation(row, kNow); });
    const auto found = db.write([&](StoreTx& tx) { return tx.escalation_by_code(row.code); });
    REQUIRE(found);
    CHECK(found->ladder.state == EscalationState::acknowledged);
    CHECK(found->ladder.next_rung == 2);
    CHECK(found->ladder.repeats == 3);
    CHECK_FALSE(found->ladder.next_due);
    CHECK(found->ladder.acknowledged_by == "Maya");
    CHECK(found->ladder.priority == Priority::p1);
    CHECK(found->acknowledged_at == kNow + 90s);
    CHECK(found->call_do_not_text);
}

HANDRAIL_STORE_TEST("codes of cases not resolved are all different") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const auto codes = db.write([&](StoreTx& tx) {
        std::set<std::string> found;
        for (int i = 0; i < 2'000; ++i) found.insert(tx.open_escalation(danger(contact)).code);
        return found;
    });
    CHECK(codes.size() == 2'000);
    for (const std::string& code : codes) CHECK(code.size() == 4);
}

HANDRAIL_STORE_TEST("when four digits have run out a page still gets its code") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const auto longest = db.write([&](StoreTx& tx) {
        std::size_t length = 0;
        for (int i = 0; i < 9'050; ++i)
            length = std::max(length, tx.open_escalation(danger(contact)).code.size());
        return length;
    });
    CHECK(longest == 6);
}

HANDRAIL_STORE_TEST("a resolved case is answered by nobody's code any more") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    EscalationRow row = open(db, danger(contact));
    CHECK(db.write([&](StoreTx& tx) { return tx.open_escalation_of(contact); })->id == row.id);
    row.ladder.state = EscalationState::resolved;
    row.ladder.resolved_by = "Maya";
    row.ladder.next_due.reset();
    db.write([&](StoreTx& tx) { tx.save_escalation(row, kNow); });
    CHECK_FALSE(db.write([&](StoreTx& tx) { return tx.escalation_by_code(row.code); }));
    CHECK_FALSE(db.write([&](StoreTx& tx) { return tx.open_escalation_of(contact); }));
    CHECK(db.write([&](StoreTx& tx) { return tx.escalation(row.id); })->ladder.resolved_by == "Maya");
    const auto open_rows = db.read([](StoreReader& reader) { return reader.escalations(true, 10); });
    const auto all_rows = db.read([](StoreReader& reader) { return reader.escalations(false, 10); });
    CHECK(open_rows.empty());
    CHECK(all_rows.size() == 1);
}

HANDRAIL_STORE_TEST("the gravest open case of a contact is the one") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    open(db, danger(contact, Priority::p2));
    const EscalationRow grave = open(db, danger(contact, Priority::p0));
    open(db, danger(contact, Priority::p1));
    CHECK(db.write([&](StoreTx& tx) { return tx.open_escalation_of(contact); })->id == grave.id);
}

HANDRAIL_STORE_TEST("ladders are due by priority, then by time") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    const EscalationRow late = open(db, danger(contact, Priority::p1, kNow - 2s));
    const EscalationRow later = open(db, danger(contact, Priority::p1, kNow - 1s));
    const EscalationRow grave = open(db, danger(contact, Priority::p0, kNow));
    open(db, danger(contact, Priority::p0, kNow + 1ms));
    std::vector<EscalationId> order;
    for (const EscalationRow& row : db.write([](StoreTx& tx) { return tx.due_escalations(kNow, 10); }))
        order.push_back(row.id);
    CHECK(order == std::vector<EscalationId>{grave.id, late.id, later.id});
    CHECK(db.write([](StoreTx& tx) { return tx.due_escalations(kNow, 2); }).size() == 2);
    CHECK(db.write([](StoreTx& tx) { return tx.next_escalation_due(); }) == kNow - 2s);
}

HANDRAIL_STORE_TEST("a case that cannot be read is still due, seen and closed") {
    Backend db;
    EscalationRow row = open(db, danger(db.record("SM1").contact));
    db.close();
    RawDatabase(db.settings().path).run("UPDATE escalation SET sealed = zeroblob(80)");
    db.open();
    const auto due = db.write([](StoreTx& tx) { return tx.due_escalations(kNow, 10); });
    REQUIRE(due.size() == 1);
    CHECK(due[0].reason == kUnreadable);
    CHECK(due[0].ladder.priority == Priority::p0);
    CHECK(due[0].code == row.code);
}

HANDRAIL_STORE_TEST("the history of a case cannot be rewritten") {
    Backend db;
    const EscalationRow row = open(db, danger(db.record("SM1").contact));
    db.write([&](StoreTx& tx) { tx.log_escalation(row.id, "paged", "Maya", "sms", kNow); });
    db.close();
    RawDatabase raw(db.settings().path);
    CHECK(raw.text("SELECT what FROM escalation_log") == "paged");
    CHECK(raw.run("UPDATE escalation_log SET what = 'told'") != SQLITE_OK);
    CHECK(raw.run("DELETE FROM escalation_log") != SQLITE_OK);
    CHECK(raw.run("DELETE FROM consent_ledger") == SQLITE_OK);  // empty: nothing to keep
}
