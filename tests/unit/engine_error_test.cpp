#include <doctest.h>

#include <algorithm>

#include "bot/content.hpp"
#include "fixture.hpp"

// A defect that the check of the flows did not find must not end in silence, nor hide a danger.

namespace {

/// The fixture's content with one text torn out after it was checked.
bot::Engine engine_without(const std::string& text_id, bool staffed = true) {
    const auto loaded = bot::load_content(fixture::files());
    REQUIRE(loaded.content != nullptr);
    const_cast<bot::Content&>(*loaded.content).texts.erase(text_id);
    auto line = fixture::line_settings();
    line.staffed = staffed;
    return {loaded.content, line, fixture::five_hours_west};
}

}  // namespace

TEST_CASE("engine error: the texter gets the safe text with numbers, and a person is told") {
    const bot::Engine engine = engine_without("SLP.2");
    fixture::Chat chat(engine);
    CHECK(chat.text("i slipped last night") == "WEL.3 SLP.1");
    CHECK(chat.text("1") == "UNK.3");
    CHECK(chat.had("escalate P2 engine_error"));
    CHECK(chat.had("engine error: text SLP.2 is missing"));
    CHECK(chat.place().empty());
    CHECK(chat.state.danger->priority == bot::Priority::p2);
    // The next text is answered as if nothing had been.
    CHECK(chat.text("menu") == "MEN.1");
}

TEST_CASE("engine error: in danger the page and what crisis text there is still go out") {
    const bot::Engine engine = engine_without("XSH.2");
    fixture::Chat chat(engine);
    CHECK(chat.text("i want to die") == "XSH.1 UNK.3");
    CHECK(chat.had("escalate P1 self_harm"));
    CHECK(chat.state.danger->priority == bot::Priority::p1);
}

TEST_CASE("engine error: even the safe text is missing") {
    const bot::Engine engine = engine_without("UNK.3");
    fixture::Chat chat(engine);
    (void)chat.text("hello");
    chat.state.stack.clear();
    for (int i = 0; i < 2; ++i) (void)chat.text("purple elephants");
    CHECK(chat.text("purple elephants") == "UNK.3");
    const auto& effects = chat.last.effects;
    const auto said = std::find_if(effects.begin(), effects.end(), [](const bot::Effect& effect) {
        return std::holds_alternative<bot::SendText>(effect);
    });
    REQUIRE(said != effects.end());
    CHECK(std::get<bot::SendText>(*said).text.find("988") != std::string::npos);
}

TEST_CASE("engine error: an opt-out is kept whatever breaks, and nothing is said after it") {
    const bot::Engine engine = engine_without("OUT.1");
    fixture::Chat chat(engine);
    (void)chat.text("hello");
    CHECK(chat.text("STOP").empty());
    CHECK(chat.state.consent == bot::Consent::opted_out);
    CHECK(chat.had("consent opted_out"));
}
