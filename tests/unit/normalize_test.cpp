#include "bot/normalize.hpp"

#include <doctest.h>

TEST_CASE("normalize: one form for every way of writing") {
    struct Row {
        const char* why;
        const char* text;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"the header's example", "I'm SOOO d0ne!!", "im soo done"},
        {"full width", "ＳＴＯＰ", "stop"},
        {"spelt out", "S T O P", "stop"},
        {"spelt out with marks", "k.m.s", "kms"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        CHECK(bot::normalize(row.text).text == row.want);
    }
}
