#include <doctest.h>

#include "fixture.hpp"

// A text of ours that a carrier would not deliver.

namespace {

using namespace std::chrono_literals;

bot::TextNotDelivered lost(const fixture::Chat& chat, std::string id, bool filtered = true) {
    return {std::move(id), bot::MessageKind::reply, chat.now, "30007", filtered};
}

}  // namespace

TEST_CASE(
    "not delivered: a filtered text is said once more in its plain form, if the talk has not moved on") {
    struct Row {
        const char* why;
        const char* text_id;
        bool filtered;
        const char* before;  // what happens between the text and the report
        const char* said;
    };
    constexpr Row kRows[]{
        {"it has a plain form", "SLP.3", true, "", "SLP.3/plain"},
        {"the plain form is not said twice", "SLP.3/plain", true, "", ""},
        {"it has none", "SLP.4", true, "", ""},
        {"the phone is off: other words do not help", "SLP.3", false, "", ""},
        {"they have written since", "SLP.3", true, "menu", ""},
        {"they have opted out since", "SLP.3", true, "STOP", ""},
        {"a person has it", "SLP.3", true, "(taken)", ""},
        {"what staff typed has no id", "", true, "", ""},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        fixture::Chat chat;
        chat.text("i slipped last night");
        const auto report = lost(chat, row.text_id, row.filtered);
        chat.now += 5s;
        if (std::string_view(row.before) == "(taken)")
            chat.event(bot::StaffTook{"Maya"});
        else if (*row.before != '\0')
            chat.text(row.before);
        const std::string place = chat.place();
        CHECK(chat.event(report) == row.said);
        CHECK(chat.place() == place);
    }
}

TEST_CASE("not delivered: who asked for plain texts hears the plain form from the start, but not in danger") {
    fixture::Chat chat;
    chat.text("i slipped last night");
    chat.state.discreet = true;
    chat.text("1");
    chat.text("1");
    bool plain = false;
    for (const bot::Effect& effect : chat.last.effects)
        if (const auto* said = std::get_if<bot::SendText>(&effect))
            plain = plain || said->text.find("What you do next matters most.") < 60;
    CHECK(plain);
}

TEST_CASE(
    "not delivered: a safety text that did not arrive is noted in the case, which stays as grave as it was") {
    fixture::Chat chat;
    chat.text("i want to die");
    auto report = lost(chat, "XSH.1", false);
    report.kind = bot::MessageKind::crisis;
    CHECK(chat.event(report).empty());
    CHECK(chat.had("raise P1: a safety text did not reach their phone (30007)"));
    fixture::Chat calm;
    calm.text("i slipped last night");
    calm.event(report);
    CHECK_FALSE(calm.had("raise"));
}
