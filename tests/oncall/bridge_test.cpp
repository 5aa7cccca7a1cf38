// A call between whoever has a case and its texter, step by step.
#include "webhooks/oncall/bridge.hpp"
#include "tests/oncall/case.hpp"

using namespace oncall_test;
using webhooks::gateways::CallNews;

namespace {

struct Held : Case {
    std::string code;
    Held() {
        roster.voice = {"main", "+15550198", 30s};
        code = open(bot::Priority::p0);
        answer("Maya", "ack " + code, 1);
    }
    ResponderText call(const std::string& name = "Maya", std::int64_t inbound = 7) {
        return answer(name, "CALL " + code, inbound);
    }
    std::vector<PageRow> ringing() { return claim_pages(kNow + 1min); }
    BridgeStep step(const PageRow& page, const CallNews& news) {
        return db.write([&](StoreTx& tx) { return answer_bridge(tx, roster, page, news, kNow + 1min); });
    }
};

}  // namespace

TEST_CASE("bridge: the holder's phone rings, and only a key there dials the texter, under our number") {
    Held held;
    CHECK(held.call().outcome == "call");
    CHECK(any_holds(held.texts_to(kMaya), "your phone rings now"));
    const auto pages = held.ringing();
    REQUIRE(pages.size() == 1);
    CHECK(pages[0].by == bot::PageBy::bridge);
    const BridgeStep asked = held.step(pages[0], {});
    CHECK(asked.goes_on);
    CHECK(asked.dial.empty());
    CHECK(asked.words.find("5550100") == std::string::npos);
    CallNews one;
    one.digits = "1";
    const BridgeStep dialled = held.step(pages[0], one);
    CHECK(dialled.dial == "+15550100");
    CHECK(dialled.shown == "+15550198");
    CallNews over;
    over.dialled = "no-answer";
    CHECK(held.step(pages[0], over).words.starts_with("They did not answer."));
}

TEST_CASE(
    "bridge: the same text twice rings once, and a late step of the ladder does not take the call away") {
    Held held;
    held.call();
    held.call();
    held.spoke("Maya", kNow + 31s);
    CHECK(held.ringing().size() == 1);
}

TEST_CASE("bridge: a machine is not put through, and the holder is told") {
    Held held;
    held.call();
    const auto pages = held.ringing();
    REQUIRE(pages.size() == 1);
    CallNews machine;
    machine.machine = true;
    const BridgeStep step = held.step(pages[0], machine);
    CHECK(step.dial.empty());
    CHECK_FALSE(step.goes_on);
    CHECK(any_holds(held.texts_to(kMaya), "CALL " + held.code + " tries again."));
}

TEST_CASE("bridge: who does not have the case is not put through") {
    Held held;
    held.call("Luis", 8);
    CHECK(any_holds(held.texts_to(kLuis), "it is already with Maya"));
    held.call("Maya", 9);
    const auto pages = held.ringing();
    REQUIRE(pages.size() == 1);
    held.answer("Maya", "pass " + held.code, 10);
    CallNews one;
    one.digits = "1";
    CHECK(held.step(pages[0], one).dial.empty());
}

TEST_CASE("bridge: a case nobody has is taken first, and a line without calls says so") {
    Case danger;
    const std::string code = danger.open(bot::Priority::p0);
    danger.answer("Maya", "call " + code, 1);
    CHECK(any_holds(danger.texts_to(kMaya), "take it first, ACK " + code));
    danger.answer("Maya", "ack " + code, 2);
    danger.answer("Maya", "call", 3);
    CHECK(any_holds(danger.texts_to(kMaya), "this line cannot place calls"));
}

TEST_CASE("bridge: where two have to take a case, the first need not wait for the second to call") {
    Held held;
    held.roster.policies[0].rungs[0].need = 2;
    held.answer("Maya", "done " + held.code, 20);
    held.code = held.open(bot::Priority::p0);
    held.answer("Maya", "ack " + held.code, 21);
    REQUIRE(held.row(held.code).ladder.state != bot::EscalationState::acknowledged);
    held.call("Luis", 22);
    CHECK(any_holds(held.texts_to(kLuis), "it is already with Maya"));
    held.call("Maya", 23);
    CHECK(any_holds(held.texts_to(kMaya), "your phone rings now"));
    const auto pages = held.ringing();
    REQUIRE(pages.size() == 1);
    CallNews one;
    one.digits = "1";
    CHECK(held.step(pages[0], one).dial == "+15550100");
    held.answer("Maya", "done " + held.code, 24);
    CHECK(held.step(pages[0], one).dial.empty());
}

TEST_CASE("bridge: the texter's pick-up is a human who speaks, and extends the lease") {
    Held held;
    held.call();
    const auto pages = held.ringing();
    REQUIRE(pages.size() == 1);
    const auto before = held.row(held.code).ladder.next_due;
    held.db.write([&](StoreTx& tx) { return bridge_talks(tx, held.roster, pages[0], kNow + 2min); });
    CHECK(held.row(held.code).ladder.next_due > before);
    CHECK(held.row(held.code).ladder.spoke_at == kNow + 2min);
}

TEST_CASE("bridge: \"call me\" is said to the texter, CALL alone to the line") {
    CHECK(read_command("call").verb == ResponderCommand::Verb::call);
    CHECK(read_command("Call 8228").verb == ResponderCommand::Verb::call);
    CHECK(read_command("call me").verb == ResponderCommand::Verb::none);
    CHECK(read_command("done 8228 no answer, tried twice").reason == "no answer, tried twice");
    CHECK(read_command("done 8228 no").verb == ResponderCommand::Verb::none);
    CHECK(read_command("can't call 8228").verb == ResponderCommand::Verb::none);
}
