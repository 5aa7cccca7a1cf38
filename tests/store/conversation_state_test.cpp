// What is kept between two events must come back as it was: the texter's whole state is one JSON cell.
#include "bot/conversation.hpp"
#include "fixture.hpp"

using namespace store_test;
using bot::Conversation;

namespace {

Conversation everything() {
    Conversation c;
    c.consent = bot::Consent::recurring;
    c.language = bot::Language::es;
    c.language_known = true;
    c.discreet = true;
    c.time_zone = "America/Chicago";
    c.stack = {{"slip", "S1", 2, true}, {"talk", "T3", 1, false}};
    c.parked = bot::Position{"menu", "M1", 3, false};
    c.misses_here = 1;
    c.misses = 2;
    c.first_miss = kNow;
    c.facts = {{"trigger", "people_place"}, {"trigger_words", "my cousin's \"bday\""}};
    c.tags = {"slip", "opioids"};
    c.danger = Conversation::Danger{"self_harm", bot::Priority::p0, true, true, true};
    c.held_by = "Maya";
    c.quiet_hold = true;
    c.timers = {{"step", {7, kNow + 20min}}, {"checkin.3", {6, kNow + 72h}}};
    c.turn = 8;
    c.step_turn = 7;
    c.last_inbound = kNow - 1min;
    c.last_said = kNow - 2min;
    c.last_out_notice = kNow - 3min;
    c.last_out_danger = kNow - 4min;
    c.out_pointer_sent = true;
    return c;
}

Conversation back(const Conversation& before) {
    auto after = bot::parse_conversation(bot::serialize(before));
    REQUIRE(after.has_value());
    return std::move(*after);
}

void check_same_place(const Conversation& a, const Conversation& b) {
    CHECK(a.stack == b.stack);
    CHECK(a.parked == b.parked);
    CHECK(a.misses_here == b.misses_here);
    CHECK(a.misses == b.misses);
    CHECK(a.first_miss == b.first_miss);
    CHECK(a.facts == b.facts);
    CHECK(a.tags == b.tags);
    CHECK(a.turn == b.turn);
    CHECK(a.step_turn == b.step_turn);
    REQUIRE(a.timers.size() == b.timers.size());
    for (const auto& [name, timer] : a.timers) {
        REQUIRE(b.timers.contains(name));
        CHECK(timer.turn == b.timers.at(name).turn);
        CHECK(timer.due == b.timers.at(name).due);
    }
}

void check_same_state(const Conversation& a, const Conversation& b) {
    CHECK(a.consent == b.consent);
    CHECK(a.language == b.language);
    CHECK(a.language_known == b.language_known);
    CHECK(a.discreet == b.discreet);
    CHECK(a.time_zone == b.time_zone);
    REQUIRE(a.danger.has_value() == b.danger.has_value());
    if (a.danger) {
        CHECK(a.danger->reason == b.danger->reason);
        CHECK(a.danger->priority == b.danger->priority);
        CHECK(a.danger->acknowledged == b.danger->acknowledged);
        CHECK(a.danger->exhausted == b.danger->exhausted);
        CHECK(a.danger->late == b.danger->late);
    }
    CHECK(a.held_by == b.held_by);
    CHECK(a.quiet_hold == b.quiet_hold);
    CHECK(a.last_inbound == b.last_inbound);
    CHECK(a.last_said == b.last_said);
    CHECK(a.last_out_notice == b.last_out_notice);
    CHECK(a.last_out_danger == b.last_out_danger);
    CHECK(a.out_pointer_sent == b.out_pointer_sent);
}

}  // namespace

TEST_CASE("conversation: every member comes back, set or not") {
    for (const Conversation& before : {everything(), Conversation{}}) {
        const Conversation after = back(before);
        check_same_place(before, after);
        check_same_state(before, after);
        CHECK(bot::serialize(after) == bot::serialize(before));
    }
}

TEST_CASE("conversation: every consent comes back, for an opt-out must") {
    using enum bot::Consent;
    for (const bot::Consent consent : {none, pending, conversation, recurring, declined, opted_out}) {
        Conversation before;
        before.consent = consent;
        CHECK(back(before).consent == consent);
    }
}

TEST_CASE("conversation: words no decoder would take are kept, or replaced, never fatal") {
    Conversation before;
    before.facts["words"] = "\xf0\x9f\x98\x80 \xd7\xa9";
    CHECK(back(before).facts["words"] == before.facts["words"]);
    before.facts["words"] = "broken \xff\xfe";
    CHECK(back(before).facts["words"].starts_with("broken "));
}

TEST_CASE("conversation: what is not a conversation is refused, what is damaged is read as far as it goes") {
    for (const char* text : {"", "{", "[]", "null", "7", "{}", R"({"v":0,"c":"none"})", R"({"v":1})",
                             R"({"v":1,"c":"perhaps"})", R"({"v":"1","c":"none"})"}) {
        CAPTURE(text);
        CHECK_FALSE(bot::parse_conversation(text).has_value());
    }
    const auto read = bot::parse_conversation(
        R"({"v":1,"c":"opted_out","s":[["slip"],["slip","S1",1]],"n":4,"f":{"a":1,"b":"x"},"T":{"t":[1]},"D":7})");
    REQUIRE(read.has_value());
    CHECK(read->consent == bot::Consent::opted_out);
    CHECK(read->stack.size() == 1);
    CHECK(read->facts.size() == 1);
    CHECK(read->timers.empty());
    CHECK_FALSE(read->danger);
}

TEST_CASE("conversation: a member of the wrong kind never throws") {
    const char* keys[]{"s", "p", "mh", "m", "fm", "f", "t", "T", "D", "h", "q", "n", "li", "l", "z", "d"};
    const char* values[]{"null", "true", "-1",   "1e300",  "\"x\"",
                         "[]",   "{}",   "[[]]", "[null]", "{\"a\":[1,2]}"};
    for (const char* key : keys) {
        for (const char* value : values) {
            const std::string text = std::string(R"({"v":1,"c":"opted_out",")") + key + "\":" + value + "}";
            CAPTURE(text);
            const auto read = bot::parse_conversation(text);
            if (read) CHECK(read->consent == bot::Consent::opted_out);
        }
    }
}
