#include "bot/json_lines.hpp"

#include <doctest.h>

TEST_CASE("lines of JSON: each value, or the nearest one around it") {
    const bot::JsonLines lines(R"({
  "steps": {
    "S1": {"say": ["A"], "ask": {
      "choices": [
        {"number": 1,
         "name": "yes"},
        {"name": "no"}
      ]}},
    "S2": 1
  },
  "rules": [
    {"id": "r1"},
    {"id": "r2",
     "en": []}
  ]
})");
    struct Row {
        const char* where;
        const char* root;
        std::size_t line;
    };
    static constexpr Row kRows[]{
        {"slip", "slip", 1},
        {"slip/steps/S1", "slip", 3},
        {"slip/steps/S1/ask/choices[0]", "slip", 5},
        {"slip/steps/S1/ask/choices[0]/name", "slip", 6},
        {"slip/steps/S1/ask/choices[1]/next", "slip", 7},
        {"slip/steps/S1/ask/choices/no", "slip", 7},
        {"slip/steps/S2", "slip", 9},
        {"slip/steps/S99", "slip", 2},
        {"steps/S2", "", 9},
        {"r2/en", "", 14},
        {"r9", "", 0},
        {"", "", 0},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.where);
        CHECK(lines.line_of(row.where, row.root) == row.line);
    }
    CHECK(lines.broken() == 0);
    CHECK(lines.twice().empty());
}

TEST_CASE("lines of JSON: where it breaks off, and names that come twice") {
    CHECK(bot::JsonLines("{\n\"a\": 1\n\"b\": 2}").broken() == 3);
    CHECK(bot::JsonLines("").broken() == 1);
    CHECK(bot::JsonLines("{\"a\":\n\n").broken() >= 1);
    const bot::JsonLines twice("{\"a\": 1,\n\"b\": {\"a\": 2},\n\"a\": 3}");
    REQUIRE(twice.twice().size() == 1);
    CHECK(twice.twice()[0].name == "a");
    CHECK(twice.twice()[0].line == 3);
}
