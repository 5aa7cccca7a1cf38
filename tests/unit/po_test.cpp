#include "bot/po.hpp"

#include <doctest.h>

namespace {

const std::string kHeader =
    "msgid \"\"\nmsgstr \"\"\n\"Language: es\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n";

bot::PoEntry entry(const char* context, const char* source, const char* translation) {
    bot::PoEntry made;
    made.context = context;
    made.source = source;
    made.translation = translation;
    return made;
}

}  // namespace

TEST_CASE("po: what is written is read again") {
    bot::PoFile file;
    file.language = "es";
    file.entries = {entry("A.1", "plain", "sencillo"),
                    entry("A.1/no_staff", "two lines\n1 Yes\n2 No", "dos\n1 Sí\n2 No\n"),
                    entry("A.2", "a \"quoted\" \\ word\tand tab", ""), entry("A.3", "new words", "palabras")};
    file.entries[3].fuzzy = true;
    file.entries[3].previous = "old\nwords";
    file.entries[0].notes = {"at most 2"};
    file.entries[0].places = {"slip/steps/S1/say"};
    const std::string text = bot::write_po(file);
    const bot::PoFile read = bot::parse_po("es.po", text);
    for (const auto& problem : read.problems) FAIL_CHECK(to_string(problem));
    CHECK(read.language == "es");
    REQUIRE(read.entries.size() == file.entries.size());
    for (std::size_t i = 0; i < file.entries.size(); ++i) {
        CAPTURE(i);
        CHECK(read.entries[i].context == file.entries[i].context);
        CHECK(read.entries[i].source == file.entries[i].source);
        CHECK(read.entries[i].translation == file.entries[i].translation);
        CHECK(read.entries[i].fuzzy == file.entries[i].fuzzy);
        CHECK(read.entries[i].previous == file.entries[i].previous);
    }
    CHECK(text.find("#. at most 2\n#: slip/steps/S1/say\nmsgctxt \"A.1\"\n") != std::string::npos);
}

TEST_CASE("po: as other programs write it: comments, obsolete entries, entries close together, CRLF") {
    const bot::PoFile read = bot::parse_po(
        "es.po",
        "# by hand\r\n" + kHeader +
            "#: a\nmsgctxt \"A.1\"\nmsgid \"\"\n\"one \"\n\"two\"\nmsgstr \"uno dos\"\n#, fuzzy, c-format\n"
            "#| msgctxt \"A.0\"\n#| msgid \"\"\n#| \"thr\"\n#| \"ee\"\nmsgctxt \"A.2\"\nmsgid \"three\"\n"
            "msgstr \"tres\"\n\n#~ msgid \"gone\"\n#~ msgstr \"ido\"\n");
    for (const auto& problem : read.problems) FAIL_CHECK(to_string(problem));
    REQUIRE(read.entries.size() == 2);
    CHECK(read.entries[0].source == "one two");
    CHECK_FALSE(read.entries[0].fuzzy);
    CHECK(read.entries[1].fuzzy);
    CHECK(read.entries[1].previous == "three");
}

TEST_CASE("po: everything that is none is told with its line") {
    struct Row {
        const char* why;
        const char* text;
        std::size_t line;
        const char* says;
    };
    static constexpr Row kRows[]{
        {"words outside of quotes", "msgctxt A\n", 6, "double quotes"},
        {"a quote that does not end", "msgctxt \"A\nmsgid \"b\"\nmsgstr \"c\"\n", 6, "double quotes"},
        {"a quote within", "msgctxt \"A\"\nmsgid \"b\"c\"\nmsgstr \"d\"\n", 7, "within a string"},
        {"an unknown escape", "msgctxt \"A\"\nmsgid \"b\\q\"\nmsgstr \"d\"\n", 7, "unknown escape"},
        {"an escape cut off", "msgctxt \"A\"\nmsgid \"b\\\"\nmsgstr \"d\"\n", 7, "unknown escape"},
        {"no context", "msgid \"b\"\nmsgstr \"c\"\n", 6, "without msgctxt"},
        {"no translation line", "msgctxt \"A\"\nmsgid \"b\"\n\n", 8, "without msgstr"},
        {"no source", "msgctxt \"A\"\nmsgstr \"b\"\n", 7, "without its msgid"},
        {"twice", "msgctxt \"A\"\nmsgid \"b\"\nmsgstr \"c\"\n\nmsgctxt \"A\"\nmsgid \"d\"\nmsgstr \"e\"\n",
         10, "a second entry for A"},
        {"plural", "msgctxt \"A\"\nmsgid \"b\"\nmsgid_plural \"c\"\nmsgstr[0] \"d\"\n", 8, "not understood"},
        {"a string alone", "\"lost\"\n", 6, "belongs to nothing"},
        {"another format", "{\"A\": \"b\"}\n", 6, "not understood"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const bot::PoFile read = bot::parse_po("es.po", kHeader + "\n" + row.text);
        REQUIRE_FALSE(read.problems.empty());
        CAPTURE(read.problems[0].what);
        CHECK(read.problems[0].line == row.line);
        CHECK(read.problems[0].file == "es.po");
        CHECK(read.problems[0].what.find(row.says) != std::string::npos);
    }
    CHECK(bot::parse_po("es.po", "").problems.at(0).what.find("no header") != std::string::npos);
    CHECK(bot::parse_po("es.po", "msgid \"\"\nmsgstr \"Language: es\\n\"\n")
              .problems.at(0)
              .what.find("charset") != std::string::npos);
    CHECK(bot::parse_po("es.po", kHeader + "\xFF").problems.at(0).what.find("UTF-8") != std::string::npos);
}
