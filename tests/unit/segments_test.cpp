#include "bot/segments.hpp"

#include <doctest.h>

#include <string>

#include "tests/support/files.hpp"

namespace {

std::string name_of(bot::Encoding encoding) { return encoding == bot::Encoding::gsm7 ? "GSM-7" : "UCS-2"; }

}  // namespace

TEST_CASE("segments: every vector of the gateways' own calculator") {
    const auto vectors = support::read_source_json("tests/unit/vectors/gsm7_segments.json");
    REQUIRE(vectors["cases"].size() == 97);
    for (const auto& row : vectors["cases"]) {
        CAPTURE(row["name"].get<std::string>());
        const auto text = row["text"].get<std::string>();
        const bot::Segments plain = bot::count_segments(text);
        CHECK(name_of(plain.encoding) == row["expect"]["encoding"]);
        CHECK(plain.segments == row["expect"]["segments"]);
        CHECK(plain.units == row["expect"]["units"]);

        const bot::Segments smart = bot::count_segments(bot::plain_typography(text));
        CHECK(name_of(smart.encoding) == row["expect"]["smart"]["encoding"]);
        CHECK(smart.segments == row["expect"]["smart"]["segments"]);
    }
}

TEST_CASE("fold_for_gsm7: only what GSM-7 lacks is lost") {
    struct Row {
        const char* why;
        const char* text;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"acute a, i, o, u", "Así está: ¿cómo ayudó algún día?", "Asi esta: ¿como ayudo algun dia?"},
        {"capitals too", "ÁÍÓÚ É", "AIOU É"},
        {"year stays year", "un año, pingüino, ¡sé!", "un año, pingüino, ¡sé!"},
        {"an accent typed as a mark of its own", "se\u0301 man\u0303ana a\u0301", "sé mañana a"},
        {"curly quotes, dashes, ellipsis", "“it’s ok”—maybe…", "\"it's ok\"-maybe..."},
        {"other scripts are not ours to change", "да", "да"},
        {"nothing to do", "Reply 1, 2 or 3.", "Reply 1, 2 or 3."},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const std::string folded = bot::fold_for_gsm7(row.text);
        CHECK(folded == row.want);
        CHECK(bot::fold_for_gsm7(folded) == folded);
    }
}

TEST_CASE("quotable: a person's words never make a text of ours three times as long") {
    struct Row {
        const char* why;
        const char* text;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"plain words stay", "my kids and my job", "my kids and my job"},
        {"Spanish stays, it is folded with the text", "mi mamá y el año", "mi mamá y el año"},
        {"an emoji is left out, its blanks too", "my kids ❤️ and my job", "my kids and my job"},
        {"a name with a letter GSM-7 lacks", "Łukasz", "Lukasz"},
        {"a name in another script", "Олег", "Oleg"},
        {"nothing but emoji", "😀😀", ""},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const std::string quoted = bot::quotable(row.text);
        CHECK(quoted == row.want);
        CHECK(bot::beyond_gsm7(bot::fold_for_gsm7(quoted)).empty());
    }
}
