#include "webhooks/signup/number.hpp"

#include <doctest.h>

using webhooks::signup::Numbers;
using Verdict = Numbers::Verdict;

TEST_CASE("number: what people type, as one E.164 number or a reason") {
    struct Row {
        const char* why;
        const char* typed;
        Verdict verdict;
        const char* e164;
    };
    // 555-01xx of any area code is kept for fiction; those of other countries are the plans' own examples.
    static constexpr Row kRows[]{
        {"as on a card", "(212) 555-0110", Verdict::ok, "+12125550110"},
        {"digits only", "2125550110", Verdict::ok, "+12125550110"},
        {"with the one in front", "1-212-555-0110", Verdict::ok, "+12125550110"},
        {"from abroad", "+1 212 555 0110", Verdict::ok, "+12125550110"},
        {"blanks around", "  212.555.0110 ", Verdict::ok, "+12125550110"},
        {"nothing", "", Verdict::not_a_number, ""},
        {"words", "my phone", Verdict::not_a_number, ""},
        {"no area code", "555-0110", Verdict::not_a_number, ""},
        {"a digit too many", "212 555 01100", Verdict::not_a_number, ""},
        {"an area code that is none", "112 555 0110", Verdict::not_a_number, ""},
        {"an extension takes no texts", "212 555 0110 x3", Verdict::not_a_number, ""},
        {"an emergency number", "911", Verdict::not_a_number, ""},
        {"a short code", "72345", Verdict::not_a_number, ""},
        {"longer than any number", "212 555 0110                                          ",
         Verdict::not_a_number, ""},
        {"not UTF-8", "\xff\xfe", Verdict::not_a_number, ""},
        {"Jamaica is within +1, and dear", "+1 876 555 0110", Verdict::other_country, ""},
        {"Canada too is another country", "+1 263 555 0110", Verdict::other_country, ""},
        {"another calling code", "+44 7400 123456", Verdict::other_country, ""},
        {"premium rate", "900 555 0110", Verdict::no_mobile, ""},
        {"toll-free", "800 555 0142", Verdict::no_mobile, ""},
        {"of the demo, elsewhere", "+15550104", Verdict::not_a_number, ""},
    };
    const Numbers numbers({"US"}, false);
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const Numbers::Reading reading = numbers.read(row.typed);
        CHECK(reading.verdict == row.verdict);
        CHECK(reading.e164 == row.e164);
    }
}

TEST_CASE("number: several countries, the first without a plus") {
    const Numbers numbers({"GB", "US"}, false);
    CHECK(numbers.read("07400 123456").e164 == "+447400123456");
    CHECK(numbers.read("+1 212 555 0110").e164 == "+12125550110");
    CHECK(numbers.read("020 7946 0110").verdict == Verdict::no_mobile);
    CHECK(numbers.read("+33 6 12 34 56 78").verdict == Verdict::other_country);
}

TEST_CASE("number: the demo takes the numbers of its phones beside real ones") {
    const Numbers numbers({"US"}, true);
    for (const char* typed : {"555-0104", "+1 555 0104", "15550104", "+15550104"})
        CHECK(numbers.read(typed).e164 == "+15550104");
    CHECK(numbers.read("(212) 555-0110").e164 == "+12125550110");
    CHECK(numbers.read("555-0204").verdict == Verdict::not_a_number);
}

TEST_CASE("number: as people write it at home") {
    CHECK(Numbers::at_home("+12125550110") == "(212) 555-0110");
    CHECK(Numbers::at_home("+15550199") == "+15550199");
    CHECK(Numbers::at_home("72345") == "72345");
    CHECK(Numbers::example("US") == "(201) 555-0123");
    CHECK(Numbers::is_country("US"));
    CHECK_FALSE(Numbers::is_country("us"));
    CHECK_FALSE(Numbers::is_country("XX"));
}

TEST_CASE("number: its block of a thousand") {
    CHECK(webhooks::signup::prefix_of("+12125550110") == "+12125550");
    CHECK(webhooks::signup::prefix_of("+1") == "");
}
