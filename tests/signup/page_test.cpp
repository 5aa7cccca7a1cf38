#include "webhooks/signup/page.hpp"

#include <doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/files.hpp"

using bot::Language;
using webhooks::signup::choose_language;
using webhooks::signup::Page;
using webhooks::signup::PageFacts;

namespace {

PageFacts facts(bool staffed = true) {
    return {{{"org", "Riverside & <Sons>"}, {"helpline", "800-555-0142"}, {"url", "riverside.example/help"}},
            staffed,
            "+12125550199",
            "(212) 555-0199",
            "(201) 555-0123"};
}

bool says(const std::string& html, const char* words) { return html.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("page: says what it is, that it is free, how to leave, who sees it, and where help is") {
    const Page page(facts());
    for (const bool embedded : {false, true}) {
        const std::string& en = page.html(Language::en, embedded);
        for (const char* words :
             {"It is free.", "no obligation", "automated guide", "Opt out any time", "Text STOP",
              "our care team can read your texts", "Call 911", "Call or text 988", "800-555-0142",
              "riverside.example/help", "Message and data rates may apply", "unless YES is sent back",
              "sms:+12125550199?body=START", "(212) 555-0199", "(201) 555-0123", "lang=\"en\"",
              "id=\"no-script\""})
            CHECK_MESSAGE(says(en, words), words);
        const std::string& es = page.html(Language::es, embedded);
        for (const char* words : {"Es gratis y sin compromiso", "guía automática", "Sal cuando quieras",
                                  "nuestro equipo puede leer", "911", "988 (oprime 2)", "lang=\"es\""})
            CHECK_MESSAGE(says(es, words), words);
    }
}

TEST_CASE("page: a line without staff promises nobody") {
    const Page page(facts(false));
    CHECK(says(page.html(Language::en, false), "No person reads along."));
    CHECK_FALSE(says(page.html(Language::en, false), "Real people are on call"));
    CHECK_FALSE(says(page.html(Language::es, false), "Hay personas de turno"));
}

TEST_CASE("page: names are written as text, nothing is left open, no code or file from elsewhere") {
    const Page page(facts());
    for (const Language language : {Language::en, Language::es}) {
        const std::string& html = page.html(language, false);
        CHECK(says(html, "Riverside &amp; &lt;Sons&gt;"));
        for (const char* unwanted :
             {"{", "}", "<Sons>", "<style", "style=", "onclick", "<script>", "http://", "https://"})
            CHECK_FALSE_MESSAGE(says(html, unwanted), unwanted);
        CHECK(page.consent(language).find("Riverside & <Sons>") != std::string::npos);
    }
}

TEST_CASE("page: both languages have the same words, and no sentence is long") {
    const auto words = support::read_source_json("webhooks/signup/assets/words.json");
    for (const auto& [name, text] : words["en"].items()) {
        const std::string key = name;
        CAPTURE(key);
        CHECK(words["es"].contains(key));
        std::size_t in_sentence = 0;
        std::size_t longest = 0;
        const std::string all = text.get<std::string>();
        for (const char c : all) {
            if (c == ' ') ++in_sentence;
            if (c == '.' || c == '?' || c == ':') in_sentence = 0;
            longest = std::max(longest, in_sentence);
        }
        CHECK(longest <= 20);
    }
    CHECK(words["en"].size() == words["es"].size());
}

TEST_CASE("page: the language asked for, else the browser's, else English") {
    struct Row {
        const char* why;
        const char* query;
        const char* accept;
        Language want;
    };
    static constexpr Row kRows[]{
        {"nothing known", "", "", Language::en},
        {"asked for", "lang=es", "en-US,en;q=0.9", Language::es},
        {"asked for one we lack", "lang=fr", "es", Language::es},
        {"the browser's", "", "es-MX,es;q=0.9,en;q=0.8", Language::es},
        {"the first that is ours", "", "fr-FR, es;q=0.7, en;q=0.3", Language::es},
        {"a language that only begins alike", "", "est", Language::en},
        {"a broken query", "lang=%", "es", Language::es},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        CHECK(choose_language(row.query, row.accept) == row.want);
    }
}
