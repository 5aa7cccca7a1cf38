#include "bot/consent.hpp"

#include <doctest.h>

#include <string>

#include "tests/support/ears.hpp"

using bot::ConsentSignal;

TEST_CASE("consent: the carriers' own word lists, and what only looks like them") {
    const auto vectors = support::read_source_json("tests/unit/vectors/optout_keywords.json");
    REQUIRE(vectors["cases"].size() == 72);
    for (const auto& row : vectors["cases"]) {
        const auto text = row["text"].get<std::string>();
        const auto want = row["expect"]["recommended"].get<std::string>();
        CAPTURE(text);
        CAPTURE(want);
        const bot::NormalizedText message = bot::normalize(text);
        const bot::ConsentReading reading = support::ears().consent.read(message);
        if (want == "crisis" || want == "continue") {
            CHECK(reading.signal != ConsentSignal::opt_out);
            CHECK(reading.signal != ConsentSignal::opt_in);
            CHECK(reading.signal != ConsentSignal::help);
        } else {
            CHECK(to_string(reading.signal) == want);
            CHECK_FALSE(reading.rule.empty());
        }
    }
}
