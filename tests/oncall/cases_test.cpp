#include "tests/oncall/case.hpp"

using namespace oncall_test;

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

TEST_CASE("responders: tired texts are understood, and doubt takes no case") {
    using Verb = ResponderCommand::Verb;
    struct Row {
        const char* text;
        Verb verb;
        const char* code;
        const char* why;
    };
    const Row rows[]{
        {"ACK 8228 on it", Verb::take, "8228", "words after the code"},
        {"Ack. 9932 thanks", Verb::take, "9932", "punctuation after the verb"},
        {"acknowledge 8228", Verb::take, "8228", "the whole word"},
        {"ack8228", Verb::take, "8228", "no space"},
        {"8228", Verb::take, "8228", "the code alone"},
        {"keep 8228", Verb::keep, "8228", "a verb and a code"},
        {"keep", Verb::keep, "", "a verb alone"},
        {"keep it", Verb::none, "", "said to the texter"},
        {"keep calling 5550198", Verb::none, "", "said to the texter, with a number"},
        {"ok 8228", Verb::take, "8228", "consent with a code"},
        {"1", Verb::take, "", "the first of a menu"},
        {"ack", Verb::take, "", "the verb alone"},
        {"Ack, on it", Verb::take, "", "the verb and politeness"},
        {"Done 8228.", Verb::close, "8228", "close"},
        {"8228 done", Verb::close, "8228", "the code first"},
        {"done", Verb::close, "", "close the one that is held"},
        {"Stop.", Verb::stop, "", "a carrier's word"},
        {"opt out", Verb::stop, "", "a carrier's word in two"},
        {"ok", Verb::none, "", "may answer anything"},
        {"ack 8228 no I can't", Verb::none, "", "takes the verb back"},
        {"8228 pass", Verb::pass, "8228", "cannot"},
        {"PASS 8228 sorry, driving", Verb::pass, "8228", "words after the code"},
        {"pass", Verb::pass, "", "the verb alone"},
        {"2", Verb::pass, "", "the second of a menu"},
        {"ack 8228 pass", Verb::none, "", "both"},
        {"back 8228", Verb::back, "8228", "to the bot"},
        {"back", Verb::back, "", "the verb alone"},
        {"back in a minute", Verb::none, "", "a sentence, not an order"},
        {"reached 8228", Verb::reached, "8228", "on the phone with them"},
        {"Talking 8228", Verb::reached, "8228", "on the phone with them"},
        {"reached 8228 not yet", Verb::none, "", "takes the verb back"},
        {"done 8228 her sister is there, not alone", Verb::close, "8228", "a reason may hold a not"},
        {"done 8228 no wait", Verb::none, "", "takes the verb back"},
        {"ack 8228 9932", Verb::none, "", "two cases"},
        {"done with this job", Verb::none, "", "a sentence, not an order"},
        {"stop texting me about 8228", Verb::none, "", "no carrier's word"},
        {"", Verb::none, "", "nothing"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CAPTURE(row.why);
        const ResponderCommand read = read_command(row.text);
        CHECK(read.verb == row.verb);
        CHECK(read.code == row.code);
    }
}

TEST_CASE("responders: what follows a close is its reason, as written") {
    CHECK(read_command("DONE 8228: her sister is with her.").reason == "her sister is with her.");
    CHECK(read_command("done 8228").reason.empty());
    CHECK(read_command("ack 8228 on it").reason.empty());
    CHECK(read_command("done 8228 " + std::string(500, 'x')).reason.size() == 200);
}

TEST_CASE("responders: a verb without a code means the one case that waits or is held") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    CHECK(danger.answer("Luis", "ack", 1).outcome == "help");   // was not paged yet
    CHECK(danger.answer("Maya", "done", 2).outcome == "help");  // holds none
    CHECK(danger.answer("Maya", "1", 3).outcome == "ack");
    CHECK(danger.answer("Maya", "done", 4).outcome == "done");
    CHECK(any_holds(danger.texts_to("+15550101"), "Case " + code + " is closed."));
}

TEST_CASE("responders: of several cases that wait none is taken by a bare ACK, and all are listed") {
    Case danger;
    const std::string first = danger.open(bot::Priority::p0);
    danger.texter = danger.db.record("SM2", "+15550103").contact;
    const std::string second = danger.open(bot::Priority::p0);
    CHECK(danger.answer("Maya", "ack", 1).outcome == "help");
    CHECK(any_holds(danger.texts_to("+15550101"),
                    "Which one? Send ACK and one of " + first + ", " + second + "."));
}

TEST_CASE("responders: who holds a case learns that another has closed it, and a late DONE who did") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    REQUIRE(danger.answer("Luis", "ack " + code, 1).outcome == "ack");
    CHECK(danger.answer("Maya", "done " + code, 2).outcome == "done");
    CHECK(danger.answer("Luis", "done " + code, 3).outcome == "help");
    const auto texts = danger.texts_to("+15550102");
    CHECK(std::ranges::count(texts, "Case " + code + " was closed by Maya.") == 2);  // told, and answered
}

TEST_CASE("responders: STOP is told to the others once a day, and silences no pager") {
    Case danger;
    danger.roster.endpoints = {{"pager", "https://pager.example.org", "whsec_", {"responder.stopped"}}};
    danger.open(bot::Priority::p0);
    CHECK(danger.answer("Maya", "STOP", 1).outcome == "stop");
    CHECK(danger.answer("Maya", "stop", 2).outcome == "stop");
    danger.db.write([&](StoreTx& tx) { return climb_due(tx, danger.roster, kNow + 120s, 64).ladders; });
    const auto hooks = danger.db.write([](StoreTx& tx) { return tx.claim_hooks(kNow + 1h, 10); });
    REQUIRE(hooks.size() == 1);
    CHECK(hooks[0].payload.find("Maya") != std::string::npos);
    CHECK(hooks[0].payload.find("+1555") == std::string::npos);
    CHECK(hooks[0].payload.find(R"("timestamp":"2025-10-09T08:53:50.000Z")") != std::string::npos);
    const auto pages = danger.db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1h, 100); });
    const auto count = [&](const std::string& phone, std::string_view words) {
        return std::ranges::count_if(pages, [&](const Claimed& page) {
            return page.to == phone && page.text.find(words) != std::string::npos;
        });
    };
    CHECK(count("+15550102", "Maya texted STOP from the on-call phone") == 1);
    CHECK(count("+15550101", "STOP") == 0);
    CHECK(count("+15550101", "P0 case") == 2);
}

TEST_CASE("responders: danger from an on-call phone is answered with help, and the others are told") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    CHECK(danger.answer("Maya", "i want to die", 1, true).outcome == "danger");
    CHECK(danger.answer("Maya", "ack " + code + " she wants to die", 2, true).outcome == "ack");
    const auto pages = danger.db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1h, 100); });
    const auto has = [&](const std::string& phone, const std::string& text) {
        return std::ranges::any_of(
            pages, [&](const Claimed& page) { return page.to == phone && page.text == text; });
    };
    CHECK(has(
        "+15550101",
        "This is the on-call number of Maya. If you are in danger call 911; in crisis call or text 988."));
    CHECK(has("+15550102", "A text from Maya's on-call phone sounds like danger. Please call Maya now."));
}

TEST_CASE("cases: what can wait is paged less often after four hours, and never stops") {
    Case danger;
    bot::EscalationPolicy& policy = danger.roster.policies[2];
    policy = {{{0s, {"Maya"}, ""}}, 1h, 4h};
    danger.open(bot::Priority::p2);
    const auto pages_until = [&](std::chrono::hours end) {
        std::size_t pages = 1;
        for (auto at = 0h; at <= end; ++at)
            pages += danger.db.write(
                [&](StoreTx& tx) { return climb_due(tx, danger.roster, kNow + at, 64).ladders; });
        return pages;
    };
    CHECK(pages_until(4h) == 5);        // at once, then hourly
    CHECK(pages_until(24h * 8) == 48);  // 8 days: every four hours, none skipped
}

TEST_CASE("cases: a night of new people in danger is a page for each, none held back or put together") {
    Case busy;
    constexpr int kPeople = 40;
    std::vector<std::string> codes;
    for (int i = 0; i < kPeople; ++i) {
        const auto texter =
            busy.db.record("SMx" + std::to_string(i), "+155501" + std::to_string(10 + i)).contact;
        codes.push_back(busy.db.write([&](StoreTx& tx) {
            return open_case(tx, busy.roster, texter, {"self_harm", bot::Priority::p0, "wants to die", false},
                             kNow)
                .row.code;
        }));
    }
    std::vector<std::string> at_once;
    for (const Claimed& page : busy.db.write([](StoreTx& tx) { return tx.claim_due(kNow, 100); }))
        if (page.to == kMaya) at_once.push_back(page.text);
    CHECK(at_once.size() == kPeople);
    for (const std::string& code : codes) {
        CAPTURE(code);
        CHECK(count_of(at_once, code) == 1);
    }
}
