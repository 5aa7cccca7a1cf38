#include <algorithm>

#include "tests/store/fixture.hpp"
#include "webhooks/oncall/cases.hpp"

namespace {

using namespace store_test;
using namespace webhooks::oncall;

Roster maya_and_luis() {
    Roster roster;
    roster.people = {{"Maya", "+15550101"}, {"Luis", "+15550102"}};
    roster.policies.fill({{{0s, {"Maya"}, ""}, {120s, {"Maya", "Luis"}, "NOA.2"}}, 600s});
    roster.page_account = "main";
    roster.page_channel = "+15550199";
    return roster;
}

/// A case of one texter at P0, and the texts it has put into the outbox for staff.
struct Case {
    SqliteFixture db;
    Roster roster = maya_and_luis();
    ContactId texter = db.record("SM1").contact;

    std::string open(bot::Priority priority) {
        return db.write([&](StoreTx& tx) {
            return open_case(tx, roster, texter, {"self_harm", priority, "wants to die", false}, kNow)
                .row.code;
        });
    }
    ResponderText answer(const std::string& name, const std::string& text, std::int64_t inbound) {
        return db.write([&](StoreTx& tx) {
            return answer_responder(tx, roster, *roster.by_name(name), text, inbound, kNow + 30s);
        });
    }
    void opts_out() {
        db.write([&](StoreTx& tx) {
            raise_case(tx, roster, texter, {bot::Priority::p0, "opted out", true}, kNow + 60s);
        });
    }
    void opts_in() {
        db.write([&](StoreTx& tx) { texter_is_back(tx, roster, texter, kNow + 90s); });
    }
    std::vector<std::string> texts_to(const std::string& phone) {
        std::vector<std::string> texts;
        for (const Claimed& page : db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1h, 100); })) {
            if (page.to == phone) texts.push_back(page.text);
        }
        return texts;
    }
};

bool any_holds(const std::vector<std::string>& texts, std::string_view words) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(words) != text.npos; });
}

}  // namespace

TEST_CASE("cases: a page names priority and case, never words or numbers") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    CHECK(
        danger.texts_to("+15550101") ==
        std::vector<std::string>{"P0 case " + code + ", waiting 0 min. Reply ACK " + code + " to take it."});
    CHECK(danger.texts_to("+15550102").empty());
}

TEST_CASE("cases: whoever has taken a case learns that its texter has opted out since") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "ack " + code, 7).outcome == "ack");
    danger.opts_out();
    danger.opts_out();  // said once
    const auto texts = danger.texts_to("+15550101");
    CHECK(std::ranges::count(texts, "Case " + code + " has OPTED OUT: call, do not text.") == 1);
}

TEST_CASE("cases: while nobody has the case, an opt-out goes into the next page") {
    Case danger;
    danger.open(bot::Priority::p1);
    danger.opts_out();
    CHECK(any_holds(danger.texts_to("+15550101"), "OPTED OUT: call, do not text."));
}

TEST_CASE("cases: who opts in again may be texted again, and whoever has the case is told") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "ack " + code, 7).outcome == "ack");
    danger.opts_out();
    danger.opts_in();
    danger.opts_in();  // said once
    const auto row = danger.db.write([&](StoreTx& tx) { return *tx.escalation_by_code(code); });
    CHECK_FALSE(row.call_do_not_text);
    CHECK(page_text(row, "", kNow).find("OPTED OUT") == std::string::npos);
    const auto texts = danger.texts_to("+15550101");
    CHECK(std::ranges::count(texts, "Case " + code + " is back: may be texted again.") == 1);
}

TEST_CASE("cases: an opt-in without an opt-out before is no news to whoever has the case") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Maya", "ack " + code, 7).outcome == "ack");
    danger.opts_in();
    CHECK_FALSE(any_holds(danger.texts_to("+15550101"), "is back"));
}

TEST_CASE("cases: the first acknowledgement wins, the second is told who has it") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    CHECK(danger.answer("Luis", "ACK " + code, 1).outcome == "ack");
    CHECK(danger.answer("Maya", "ACK " + code, 2).outcome == "ack_late");
    CHECK(any_holds(danger.texts_to("+15550101"), "Case " + code + " is already with Luis."));
}

TEST_CASE("cases: when everybody on a ladder has left, whoever is on call now is paged") {
    Case danger;
    danger.open(bot::Priority::p0);
    Roster today = danger.roster;
    today.people = {{"Noor", "+15550103"}};
    today.policies.fill({{{0s, {"Noor"}, ""}, {120s, {"Noor"}, "NOA.2"}}, 600s});
    const auto climb = [&](const Roster& roster) {
        return danger.db.write([&](StoreTx& tx) { return climb_due(tx, roster, kNow + 120s, 64).ladders; });
    };
    CHECK(climb(today) == 1);
    CHECK(danger.texts_to("+15550103").size() == 1);
}
