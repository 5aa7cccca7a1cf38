// Low signs of danger: none is asked about by itself, three within a day are.
#include <doctest/doctest.h>

#include "tests/unit/fixture.hpp"

using namespace std::chrono_literals;
using fixture::Chat;

namespace {

constexpr const char* kAsked = "danger/X7";

Chat in_conversation() {
    Chat chat;
    chat.text("hi");
    return chat;
}

}  // namespace

TEST_CASE("signs: three within a day are asked about, whatever lies between") {
    struct Row {
        std::chrono::minutes first, second;  // waits between the signs
        bool asked;
        const char* why;
    };
    for (const Row& row : {
             Row{1min, 1min, true, "at once"},
             Row{1min, 23h, true, "two together, one almost a day later"},
             Row{12h, 11h, true, "spread over the day"},
             Row{72h, 72h, false, "three days apart each: faded"},
         }) {
        Chat chat = in_conversation();
        chat.text("i feel hopeless");
        CHECK_MESSAGE(chat.place() != kAsked, row.why);
        chat.wait(row.first);
        chat.text("nobody cares");
        CHECK_MESSAGE(chat.place() != kAsked, row.why);
        chat.wait(row.second);
        chat.text("everything is so empty");
        CHECK_MESSAGE((chat.place() == kAsked) == row.asked, row.why);
    }
}

TEST_CASE("signs: once asked, they are counted anew") {
    Chat chat = in_conversation();
    for (const char* text : {"i feel hopeless", "nobody cares", "everything is so empty"}) chat.text(text);
    REQUIRE(chat.place() == kAsked);
    CHECK(!chat.state.signs.has_value());
    chat.text("no");
    chat.text("i feel hopeless");
    CHECK(chat.place() != kAsked);
}

TEST_CASE("signs: what has been asked about counts as one, what is plain danger ends the count") {
    Chat chat = in_conversation();
    chat.text("i feel hopeless");
    REQUIRE(chat.state.signs.has_value());
    chat.text("i want to die");
    CHECK(chat.state.danger.has_value());
    CHECK(!chat.state.signs.has_value());
}

TEST_CASE("signs: they are kept with the conversation") {
    Chat chat = in_conversation();
    chat.text("i feel hopeless");
    const auto read = bot::parse_conversation(bot::serialize(chat.state));
    REQUIRE(read.has_value());
    REQUIRE(read->signs.has_value());
    CHECK(read->signs->level == doctest::Approx(1));
    CHECK(read->signs->at == chat.state.signs->at);
}
