#include "bot/phrase_starts.hpp"

#include <doctest.h>

TEST_CASE("phrase starts: what no pattern can begin with is denied, and only that") {
    struct Row {
        const char* pattern;
        const char* text;
        bool may_begin;
        const char* why;
    };
    const Row rows[]{
        {"kill myself", "kill myself", true, "the phrase itself"},
        {"kill myself", "killing time", true, "more letters are not looked at"},
        {"kill myself", "kit", false, "another word"},
        {"i want", "i do", true, "a short word whole"},
        {"i want", "im fine", false, "a longer word"},
        {"i", "i", true, "the end of the text ends a word"},
        {"(?:no|nope) more", "nope", true, "a choice"},
        {"(?:no|nope) more", "not", false, "neither choice"},
        {"(?:please )?stop", "stop", true, "what may be left out"},
        {"(?:please )?stop", "please", true, "or not"},
        {"(?:please )?stop", "plea", true, "four letters are all that is looked at"},
        {"(?:so ){0,2}sad", "sad", true, "a repeat of none"},
        {"(?:so ){1,2}sad", "sad", false, "a repeat of at least one"},
        {"sto+p", "stooop", true, "a letter repeated"},
        {"sto+p", "stp", false, "at least once"},
        {"[mt]e", "te", true, "one of some letters"},
        {"[mt]e", "se", false, "none of them"},
        {"s[^ ]* off", "shut off", true, "any letters"},
        {"s[^ ]* off", "turn off", false, "but only behind the first"},
        {"[0-9]+ pills", "30 pills", true, "digits"},
        {"[^ ]+ pills", "what", true, "any word at all"},
        {"bye(?:$| all)", "bye", true, "an end within"},
        {"bye(?:$| all)", "all", false, "an end within lets nothing else begin"},
        {"(?:^|and )stop", "stop", true, "a start within"},
        {"a(?=b)", "zebra", true, "what is not understood lets every word pass"},
    };
    for (const Row& row : rows) {
        bot::PhraseStarts starts;
        starts.add(row.pattern);
        const std::string_view why = row.why;
        CAPTURE(why);
        CHECK(starts.may_begin(row.text) == row.may_begin);
    }
    CHECK_FALSE(bot::PhraseStarts{}.may_begin("anything"));
}
