#include "bot/readability.hpp"

#include <doctest.h>

TEST_CASE("readability: years of school, easy before hard, in both languages") {
    struct Row {
        const char* why;
        const char* text;
        bot::Language language;
        double least;
        double most;
    };
    using bot::Language;
    // The first by hand: 10 words, 2 sentences, 10 syllables: 0.39 * 5 + 11.8 * 1 - 15.59 = -1.84.
    static constexpr Row kRows[]{
        {"one syllable each", "You did well to text me. Stay with me now.", Language::en, -1.85, -1.83},
        {"a text of ours",
         "Urges are strong, and they pass. They rise like a wave and then fade. How strong is it?",
         Language::en, -2, 4},
        {"officialese",
         "Please acknowledge the applicability of the aforementioned confidentiality provisions "
         "before initiating further communication regarding rehabilitation opportunities.",
         Language::en, 18, 40},
        {"Spanish, easy", "Las ganas son fuertes y pasan. Suben como una ola y bajan. Aqui estoy contigo.",
         Language::es, -2, 5},
        {"Spanish, hard",
         "La rehabilitacion psicoterapeutica multidisciplinaria facilita considerablemente la "
         "recuperacion neurobiologica posterior al consumo problematico.",
         Language::es, 8.1, 40},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const double grade = bot::readability(row.text, row.language).grade;
        CAPTURE(grade);
        CHECK(grade > row.least);
        CHECK(grade < row.most);
    }
    CHECK(bot::readability("", Language::en).words == 0);
    CHECK(bot::readability("{org}: 988 or 911.\n1 Yes\n2 No", Language::en).words == 8);
}
