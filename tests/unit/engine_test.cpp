#include "bot/engine.hpp"

#include <doctest.h>

#include "fixture.hpp"

using fixture::Chat;
using namespace std::chrono_literals;

TEST_CASE("engine: a first text with a need is answered at once, and only as agreed") {
    Chat chat;
    CHECK(chat.text("i slipped last night. been 4 months. feel sick about it") == "WEL.3 SLP.1");
    CHECK(chat.state.consent == bot::Consent::conversation);
    CHECK(chat.had("consent conversation by first_text"));
    CHECK(chat.had("tag +slip"));
    CHECK(chat.text("1") == "SLP.2");
    CHECK(chat.text("just once, half a g") == "SLP.3 SLP.4");
    CHECK(chat.state.facts.at("use_pattern") == "once");
    CHECK(chat.text("2 my cousins bday") == "SLP.7");
    CHECK(chat.state.facts.at("trigger") == "people_place");
    CHECK(chat.state.facts.at("trigger_words") == "my cousins bday");
    CHECK(chat.text("yes") == "SLP.8");
    CHECK(chat.state.consent == bot::Consent::recurring);
    CHECK(chat.state.timers.contains("checkin.1"));
    CHECK(chat.place().empty());
}
