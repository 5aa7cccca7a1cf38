// What the ears do with a text before and beyond the rules: spellings, negation, figures of speech, the
// model, and input that means harm to the server itself.
#include <doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/support/ears.hpp"

namespace {

bot::RiskReading hear(std::string_view text) { return support::ears().risk.read(bot::normalize(text)); }

bool hears(std::string_view text, bot::RiskClass risk) {
    const bot::RiskReading reading = hear(text);
    return std::any_of(reading.findings.begin(), reading.findings.end(),
                       [&](const bot::RiskFinding& finding) {
                           return finding.risk == risk && finding.tier != bot::RiskTier::unclear;
                       });
}

std::string respelt(std::string_view text) {
    static const auto spelling = [] {
        auto loaded =
            bot::Spelling::load("spelling.json", support::read_source_file("flows/lexicon/spelling.json"));
        REQUIRE(loaded.has_value());
        return std::move(*loaded);
    }();
    return spelling.respell(bot::normalize(text)).text;
}

}  // namespace

TEST_CASE("spelling: what people text is written out, by language") {
    struct Row {
        const char *text, *out, *why;
    };
    const Row rows[]{
        {"gonna kms 2nite", "gonna kill myself tonight", "abbreviations"},
        {"ctb", "catch the bus", "coded words"},
        {"im sucidal", "im suicidal", "one letter missing"},
        {"myslef", "myself", "two letters swapped"},
        {"billing and willing", "billing and willing", "words near 'killing' stay"},
        {"strangle", "strangle", "a form of a guarded word stays"},
        {"toy cansao xq no duermo", "estoy cansao porque no duermo", "Spanish table in a Spanish text"},
        {"k", "k", "no Spanish in sight: k is not que"},
        {"od'd last nite", "overdosed last night", "an apostrophe that matters"},
        {"how odd", "how odd", "odd is not od'd"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK(respelt(row.text) == row.out);
    }
}

TEST_CASE("danger: the same words said, denied, remembered, joked and disguised") {
    struct Row {
        const char* text;
        bot::RiskClass risk;
        bool heard;
        const char* why;
    };
    using enum bot::RiskClass;
    const Row rows[]{
        {"i want to kill myself", self_harm, true, "plain"},
        {"i w@nt to k1ll mys3lf", self_harm, true, "leetspeak"},
        {"i want to d.i.e", self_harm, true, "spelt out"},
        {"ｉ ｗａｎｔ ｔｏ ｄｉｅ", self_harm, true, "full width letters"},
        {"i wаnt tо diе", self_harm, true, "Cyrillic look-alikes"},
        {"i dont want to die", self_harm, false, "negated"},
        {"not gonna kill myself", self_harm, false, "negated, with words between"},
        {"im not ok i want to die", self_harm, true, "a negation that reaches something else"},
        {"i cant stop thinking about killing myself", self_harm, true, "cant is not a denial of it"},
        {"years ago i wanted to die", self_harm, false, "over"},
        {"years ago i was fine. now i want to die", self_harm, true,
         "another sentence is over, this one is not"},
        {"this commute is killing me", self_harm, false, "a thing kills"},
        {"my husband is gonna kill me tonight", violence, true, "a person kills"},
        {"my phone died", self_harm, false, "a thing died"},
        {"STOP i want to die", self_harm, true, "an opt-out beside it"},
        {"he did 2 lines n now hes blue", overdose, true, "no drug named"},
        {"overdosed on pizza", overdose, false, "food"},
        {"i overdosed back in 2019", overdose, false, "a year ago"},
        {"imma shoot him tonight", harm_others, true, "others"},
        {"shoot me a text", harm_others, false, "a text"},
        {"ya no me quiero morir", self_harm, false, "negado"},
        {"ya no quiero vivir", self_harm, true, "la negacion es parte de lo dicho"},
        {"me muero de risa", self_harm, false, "un decir"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CAPTURE(row.why);
        CHECK(hears(row.text, row.risk) == row.heard);
    }
}

TEST_CASE("a denial is no danger and is marked, so that it is asked about") {
    for (const char* text :
         {"I'm not suicidal", "no me quiero matar", "im not gonna hurt myself or anything"}) {
        CAPTURE(text);
        CHECK_FALSE(hear(text).danger());
        CHECK(hear(text).person_told_no);
    }
    CHECK_FALSE(hear("i slept well").person_told_no);
}

TEST_CASE("the model adds and never takes away") {
    // The same lexicon without its model part: whatever the rules hear alone they hear with the model too.
    std::vector<bot::ContentFile> files;
    for (const char* name : {"spelling", "consent", "risk", "situation"})
        files.push_back({std::string("lexicon/") + name + ".json",
                         support::read_source_file(std::string("flows/lexicon/") + name + ".json")});
    for (bot::ContentFile& file : files) {
        auto lexicon = nlohmann::json::parse(file.text);
        lexicon.erase("model");
        file.text = lexicon.dump();
    }
    const auto rules_alone = bot::Ears::load(files);
    REQUIRE(rules_alone.has_value());

    std::size_t compared = 0;
    std::size_t added = 0;
    std::istringstream corpus(support::read_source_file("tests/corpus/judge.jsonl"));
    for (std::string line; std::getline(corpus, line); ++compared) {
        const auto text = nlohmann::json::parse(line)["text"].get<std::string>();
        const bot::RiskReading alone = rules_alone->risk.read(bot::normalize(text));
        const bot::RiskReading both = hear(text);
        CAPTURE(text);
        if (alone.danger()) CHECK(both.danger());
        if (alone.imminent()) CHECK(both.imminent());
        added += both.danger() && !alone.danger() ? 1U : 0U;
    }
    CHECK(compared > 300);
    CHECK(added > 0);
}

TEST_CASE("a lexicon that counts on a model complains when there is none") {
    std::vector<bot::ContentFile> files;
    for (const char* name : {"spelling", "consent", "risk", "situation"})
        files.push_back({std::string("lexicon/") + name + ".json",
                         support::read_source_file(std::string("flows/lexicon/") + name + ".json")});
    const auto loaded = bot::Ears::load(files);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(to_string(loaded.error()[0]).find("/model") != std::string::npos);
}

TEST_CASE("hostile input is read to its end, and danger behind it is heard") {
    const auto repeated = [](std::string_view piece, std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) text += piece;
        return text;
    };
    const std::string zero_width = "\xE2\x80\x8D";
    const std::string right_to_left = "\xE2\x80\xAE";
    const std::string padding[]{
        repeated("\xF0\x9F\x92\x80", 4096), repeated(zero_width, 4096),  repeated(right_to_left, 4096),
        repeated("\xFF\xFE", 4096),         repeated("a", 4096),         repeated("im so ", 4096),
        repeated("not ", 4096) + ". ",      repeated("i want to ", 4096)};
    for (const std::string& text : padding) {
        CHECK_NOTHROW((void)hear(text));
        CHECK(hears(text + ". i want to kill myself", bot::RiskClass::self_harm));
    }
    std::string hidden;
    for (const char c : std::string_view("i want to kill myself")) hidden += c + (c == ' ' ? "" : zero_width);
    CHECK(hears(hidden, bot::RiskClass::self_harm));
}

TEST_CASE("own weapon: a weapon and nobody else in the text, in the words of the lexicon") {
    const auto heard = [](std::string_view text) {
        return support::ears().risk.own_weapon(bot::normalize(text));
    };
    for (const char* alone : {"im holding a knife", "got my GUN.", "tengo la pistola"}) {
        CAPTURE(std::string(alone));
        CHECK(heard(alone) == "has a weapon at hand");
    }
    for (const char* none :
         {"he has a gun", "they pulled a knife on me", "saco la navaja", "i want to die", ""}) {
        CAPTURE(std::string(none));
        CHECK(heard(none).empty());
    }
}

TEST_CASE("own weapon: half a list is a defect, and none is none") {
    const auto load = [](const nlohmann::json& own) {
        auto document = support::read_source_json("flows/lexicon/risk.json");
        document.erase("model");
        document["own_weapon"] = own;
        if (own.is_null()) document.erase("own_weapon");
        auto spelling =
            bot::Spelling::load("spelling.json", support::read_source_file("flows/lexicon/spelling.json"));
        REQUIRE(spelling.has_value());
        return bot::RiskDetector::load("risk.json", document.dump(),
                                       std::make_shared<const bot::Spelling>(std::move(*spelling)));
    };
    const auto half = load({{"heard", "has a weapon"}, {"weapons", "spoon"}});
    REQUIRE_FALSE(half.has_value());
    CHECK(to_string(half.error()[0]).find("own_weapon/somebody_there") != std::string::npos);
    const auto other = load({{"heard", "a spoon"}, {"weapons", "spoon"}, {"somebody_there", "he"}});
    REQUIRE(other.has_value());
    CHECK(other->own_weapon(bot::normalize("my spoon")) == "a spoon");
    const auto none = load(nullptr);
    REQUIRE(none.has_value());
    CHECK(none->own_weapon(bot::normalize("my knife")).empty());
}
