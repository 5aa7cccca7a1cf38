// What was heard before the turn says the same as what is heard in it, and is never taken for another text.
#include <doctest.h>

#include "bot/content.hpp"
#include "bot/hearing.hpp"
#include "fixture.hpp"

namespace {

bot::MessageReceived message(const std::string& text, const std::shared_ptr<const bot::Hearing>& heard) {
    bot::MessageReceived received;
    received.text = text;
    received.heard = heard;
    return received;
}

std::string outcome(const std::string& text, const std::shared_ptr<const bot::Hearing>& heard) {
    fixture::Chat chat;
    chat.text("hello");
    const std::string said = chat.event(message(text, heard));
    return said + " | " + chat.effects() + " | " + bot::serialize(chat.state);
}

}  // namespace

TEST_CASE("heard ahead: the turn is the same, and what was heard of another text changes nothing") {
    const auto ears = fixture::engine().content().ears;
    const auto of_stop = bot::hear(ears, "STOP");
    for (const char* text :
         {"i slipped last night", "i want to die", "STOP", "ayuda", "1", "", "quit texting me",
          "my friend is blue and wont wake up", "used last night and kinda hope i dont wake up"}) {
        CAPTURE(text);
        const std::string alone = outcome(text, nullptr);
        CHECK(outcome(text, bot::hear(ears, text)) == alone);
        CHECK(outcome(text, of_stop) == alone);
    }
}

TEST_CASE("heard ahead: by ears that have been replaced since, it is not used") {
    const auto ears = fixture::engine().content().ears;
    auto replaced = std::make_shared<bot::Hearing>(*bot::hear(ears, "STOP"));
    replaced->of = "hello again";  // as if the old ears had taken it for an opt-out
    replaced->by = nullptr;
    CHECK(outcome("hello again", replaced) == outcome("hello again", nullptr));
}
