#include <algorithm>

#include "tests/oncall/case.hpp"
#include "webhooks/oncall/coverage.hpp"
#include "webhooks/oncall/pages.hpp"

// What stops a ladder is words reaching the texter, not a button; and what it does when people and phones
// fail.

using namespace oncall_test;

TEST_CASE(
    "lease: taken and not a word said, it is offered to others, who hear it, and the texter's bot too") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "1", 1).outcome == "ack");  // at 30 s
    CHECK(danger.climb(kNow + 149s).ladders == 0);
    const Climbed climbed = danger.climb(kNow + 150s);
    CHECK(climbed.ladders == 1);
    REQUIRE_FALSE(climbed.told.empty());
    CHECK(climbed.told.front().change.what == bot::EscalationChanged::What::lapsed);
    const auto maya = danger.texts_to(kMaya);
    CHECK(any_holds(maya, "Case " + code + ": no word has reached the texter"));
    CHECK(count_of(maya, "P0 case") == 2);  // and is paged again
    CHECK(any_holds(danger.texts_seen_by(kLuis), "P0 case " + code));
    CHECK(danger.row(code).ladder.acknowledged_by.empty());
}

TEST_CASE("lease: words to the texter by any way extend it") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "ack " + code, 1).outcome == "ack");
    CHECK_FALSE(danger.spoke("Maya", kNow + 100s));
    CHECK(danger.climb(kNow + 20min).ladders == 0);
    CHECK_FALSE(danger.spoke("Maya", kNow + 20min));
    CHECK(danger.climb(kNow + 45min).ladders == 0);
    CHECK(danger.climb(kNow + 50min).ladders == 1);
}

TEST_CASE("lease: who writes to a texter nobody has taken has the case, and the conversation learns it") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    const auto told = danger.spoke("Luis", kNow + 5s);
    REQUIRE(told);
    CHECK(told->change.what == bot::EscalationChanged::What::acknowledged);
    CHECK(danger.row(code).ladder.acknowledged_by == "Luis");
    CHECK(any_holds(danger.texts_to(kMaya), "is taken by Luis"));
}

TEST_CASE("lease: REACHED is word of mouth, for who may only be called") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "1", 1).outcome == "ack");
    CHECK(danger.answer("Maya", "reached", 2).outcome == "reached");
    CHECK(danger.answer("Luis", "reached " + code, 3).outcome == "help");  // it is Maya's
    CHECK(danger.climb(kNow + 20min).ladders == 0);
}

TEST_CASE("lease: PASS hands a case on at once, held or not") {
    Case danger;
    danger.open(bot::Priority::p0);
    CHECK(danger.answer("Maya", "2", 1).outcome == "pass");  // she was the only one paged
    CHECK(danger.climb(kNow + 30s).ladders == 1);
    CHECK(count_of(danger.texts_to(kLuis), "P0 case") == 1);
    CHECK(danger.answer("Luis", "ack", 2).outcome == "ack");
    CHECK(danger.answer("Maya", "pass", 3).outcome == "help");  // it is with Luis
    CHECK(danger.answer("Luis", "pass", 4).outcome == "pass");
    CHECK(danger.climb(kNow + 31s).ladders == 1);
}

TEST_CASE("two: a step that needs two goes on until both are there, and only the second is still asked") {
    Case danger;
    for (bot::Rung& rung : danger.roster.policies[0].rungs) rung.need = 2;
    const std::string code = danger.open(bot::Priority::p0);
    danger.answer("Maya", "ack", 1);
    CHECK(danger.climb(kNow + 120s).ladders == 1);
    CHECK(count_of(danger.texts_to(kMaya), "P0 case") == 1);
    CHECK(count_of(danger.texts_seen_by(kLuis), "P0 case") == 1);
    CHECK(danger.answer("Luis", "ack", 2).outcome == "ack");
    CHECK(any_holds(danger.texts_to(kLuis), "you join Maya, who has it"));
    CHECK(danger.row(code).ladder.state == bot::EscalationState::acknowledged);
}

TEST_CASE("ways: a call comes after its time, and not when somebody has it by then") {
    Case danger;
    danger.roster.people[0].rules = {
        {bot::PageBy::sms, 0s}, {bot::PageBy::voice, 60s}, {bot::PageBy::sms, 90s}};
    const std::string code = danger.open(bot::Priority::p0);
    CHECK(danger.claim_pages(kNow + 59s).empty());
    const auto calls = danger.claim_pages(kNow + 60s);
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].by == bot::PageBy::voice);
    CHECK(calls[0].responder == "Maya");
    danger.answer("Maya", "ack", 1);
    CHECK(danger.claim_pages(kNow + 1h).empty());
    CHECK(danger.row(code).ladder.acknowledged_by == "Maya");
}

TEST_CASE("ways: a page that cannot leave by one gateway leaves by the next, and then the ladder climbs") {
    Case danger;
    danger.roster.other_ways = {{"spare", "+15550198"}};
    danger.open(bot::Priority::p0);
    const auto fail = [&](const std::string& account) {
        danger.db.write([&](StoreTx& tx) {
            for (const Claimed& page : tx.claim_due(kNow + 1s, 10)) {
                if (page.account != account) continue;
                tx.mark_final(page.id, OutboxState::failed, "http_500", kNow + 1s);
                page_failed(tx, danger.roster, *page.escalation, page.page_key, kNow + 1s);
            }
        });
    };
    CHECK(has_other_way(danger.roster, "esc1/Maya/P0-0"));
    CHECK_FALSE(has_other_way(danger.roster, "esc1/Maya/P0-0@1"));
    CHECK_FALSE(has_other_way(danger.roster, "esc1/Maya/taken-1"));
    fail("main");
    CHECK(danger.climb(kNow + 1s).ladders == 0);  // the other way is not tried yet
    fail("spare");
    CHECK(danger.climb(kNow + 1s).ladders == 1);
    CHECK(count_of(danger.texts_to(kLuis), "P0 case") == 1);
}

TEST_CASE("ways: a call that nobody answers lets the ladder climb when no other way is left") {
    Case danger;
    danger.roster.people[0].rules = {{bot::PageBy::voice, 0s}};
    danger.open(bot::Priority::p0);
    const auto calls = danger.claim_pages(kNow);
    REQUIRE(calls.size() == 1);
    danger.db.write([&](StoreTx& tx) {
        tx.mark_page(calls[0].id, PageState::not_reached, kNow + 30s);
        page_failed(tx, danger.roster, *calls[0].escalation, calls[0].key, kNow + 30s);
    });
    CHECK(danger.climb(kNow + 30s).ladders == 1);
    CHECK(count_of(danger.texts_to(kLuis), "P0 case") == 1);
}

TEST_CASE("STOP: the deputy is paged beside them, until a text comes from that phone again") {
    Case danger;
    danger.roster.people.push_back({"Noor", "+15550103"});
    danger.roster.people[0].deputy = "Noor";
    CHECK(danger.answer("Maya", "STOP", 1).outcome == "stop");
    CHECK(any_holds(danger.texts_to(kLuis), "Noor is paged with each page for them"));
    danger.open(bot::Priority::p0);
    CHECK(count_of(danger.texts_seen_by(kMaya), "P0 case") == 1);  // never switched off in silence
    CHECK(count_of(danger.texts_seen_by("+15550103"), "P0 case") == 1);
    danger.answer("Maya", "START", 2);
    danger.texter = danger.db.record("SM9", "+15550109").contact;
    danger.open(bot::Priority::p1);
    CHECK(count_of(danger.texts_seen_by("+15550103"), "P1 case") == 0);
}

TEST_CASE("links: only ours are taken, and each is for one page") {
    Roster roster;
    roster.public_url = "https://text.example.org";
    CHECK(ack_link(roster, {7}).empty());
    roster.ack_secret = "a secret";
    const std::string link = ack_link(roster, {7});
    const std::string token = link.substr(link.rfind('/') + 1);
    CHECK(page_of_link(roster, token) == PageId{7});
    CHECK_FALSE(page_of_link(roster, "8" + token.substr(1)));
    CHECK_FALSE(page_of_link(roster, token + "x"));
    CHECK_FALSE(page_of_link(roster, "7"));
    CHECK_FALSE(page_of_link(roster, ""));
    roster.ack_secret = "another";
    CHECK_FALSE(page_of_link(roster, token));
}

TEST_CASE("coverage: gaps are found ahead: nobody on call, a phone that says STOP or was never heard") {
    Case danger;
    danger.roster.rota.schedules = {
        {"desk", "UTC", {{.on_call = "Maya", .days = 0x7f, .from = 8h, .until = 20h}}}};
    danger.roster.utc_offset = [](std::string_view, bot::TimePoint) { return 0s; };
    danger.roster.policies.fill({{{0s, {"desk"}, ""}}, 600s});
    const auto gaps = [&] {
        return danger.db.write(
            [&](StoreTx& tx) { return gaps_of(danger.roster, known_now(tx, kNow), kNow, kNow + 24h, kNow); });
    };
    const auto silent = gaps();
    REQUIRE(silent.size() == 3);  // Thursday 8:53 on: her shift, the night, her shift
    CHECK(silent[0].why == "Maya: nothing was ever heard from the phone");
    CHECK(silent[1].why == "nobody is on call");
    CHECK(silent[1].until - silent[1].from == 12h);
    danger.answer("Maya", "hello", 1);
    CHECK(gaps().size() == 1);
    danger.db.write([&](StoreTx& tx) {
        tx.add_override({"desk", kNow, kNow + 24h, "Luis", ""});
        tx.mark_responder_heard("Luis", kNow - std::chrono::days{31});
    });
    const auto late = gaps();
    REQUIRE(late.size() == 1);
    CHECK(late[0].why == "Luis: not heard from for 30 days");
    danger.answer("Luis", "STOP", 2);
    CHECK(gaps()[0].why == "Luis: the phone says STOP");
}

TEST_CASE("audit: a ladder that is late and a page that never ends are found") {
    Case danger;
    danger.open(bot::Priority::p0);
    const auto audit = [&](TimePoint at) {
        return danger.db.write([&](StoreTx& tx) { return tx.audit_paging(at); });
    };
    CHECK(audit(kNow + 1s).sound());
    CHECK(audit(kNow + 131s).overdue == 1);
    CHECK(audit(kNow + 6min).stuck == 1);  // nobody hands the text over
    danger.climb(kNow + 120s);
    CHECK(audit(kNow + 121s).sound());
}
