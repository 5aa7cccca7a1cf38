#include <doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bot/transcript.hpp"
#include "fixture.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> transcripts() {
    std::vector<fs::path> paths;
    const fs::path directory(HANDRAIL_SOURCE_DIR "/flows/transcripts");
    if (fs::exists(directory))
        for (const auto& entry : fs::directory_iterator(directory))
            if (entry.path().extension() == ".txt") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

TEST_CASE("transcripts: the shipped flows lead every conversation exactly as written") {
    const auto paths = transcripts();
    if (paths.empty()) return;  // the flows come from another hand; nothing to play before they do
    const auto loaded = bot::load_content(fixture::read_flows(HANDRAIL_SOURCE_DIR "/flows"));
    for (const auto& problem : loaded.problems) CAPTURE(to_string(problem));
    REQUIRE(loaded.content != nullptr);
    for (const fs::path& path : paths) {
        const auto result = bot::play_transcript(read(path), loaded.content, fixture::line_settings(),
                                                 fixture::five_hours_west);
        CAPTURE(path.filename().string());
        CAPTURE(result.line);
        CAPTURE(result.difference);
        CHECK(result.ok());
        if (std::getenv("UPDATE_TRANSCRIPTS") != nullptr) std::ofstream(path) << result.rewritten;
    }
}

TEST_CASE("transcripts: the runner itself") {
    const auto play = [](std::string_view text) {
        return bot::play_transcript(text, fixture::content(), fixture::line_settings(),
                                    fixture::five_hours_west);
    };
    const char* good =
        "title  A slip\n"
        "lang   en\n"
        "at     2026-03-07T07:10:00Z\n"
        "\n"
        "# the need first\n"
        "> i slipped last night\n"
        "< WEL.3\n"
        "< SLP.1\n"
        "! tag +slip\n"
        "= slip/S1 consent=conversation +slip -minor lang=en danger=none\n"
        "+ 15m\n"
        "< CRV.12\n"
        "! escalate P2 silent\n"
        "= nowhere parked=slip/S1\n";
    SUBCASE("a transcript that holds comes back as it was") {
        const auto result = play(good);
        CAPTURE(result.difference);
        CHECK(result.line == 0);
        CHECK(result.title == "A slip");
        CHECK(result.rewritten == good);
    }
    SUBCASE("every difference is told with its line") {
        struct Row {
            const char* why;
            const char* text;
            std::size_t line;
        };
        static constexpr Row kRows[]{
            {"another text", "> hi\n< MEN.1\n", 2},
            {"a text too many", "> hi\n", 1},
            {"a text too few", "> hi\n< WEL.1\n< WEL.2\n", 3},
            {"an effect that did not happen", "> hi\n< WEL.1\n! escalate P0\n", 3},
            {"no effects wanted, some there", "> hi\n< WEL.1\n! none\n", 3},
            {"another place", "> hi\n< WEL.1\n= slip/S1\n", 3},
            {"another fact", "> hi\n< WEL.1\n= talk/W0 fact:safe=ok\n", 3},
            {"a tag that is not there", "> hi\n< WEL.1\n= talk/W0 +slip\n", 3},
            {"an answer before anything happened", "< WEL.1\n> hi\n< WEL.1\n", 2},
            {"a word nobody knows", "given colour=blue\n", 1},
            {"a step that does not exist", "given at=slip/S99\n", 1},
            {"a timer that does not exist", "given timer=slip.never:1h\n", 1},
            {"a timer without its time", "given timer=checkin.1\n", 1},
            {"an instant that is none", "at yesterday\n", 1},
            {"a time that is none", "+ soon\n", 1},
            {"staff who do the unknown", "* sang Maya\n", 1},
            {"a line that is none", "hello\n", 1},
        };
        for (const Row& row : kRows) {
            CAPTURE(row.why);
            const auto result = play(row.text);
            CAPTURE(result.difference);
            CHECK(result.line == row.line);
            CHECK_FALSE(result.difference.empty());
        }
    }
    SUBCASE("update writes what came, and that holds") {
        const auto first = play("given consent=conversation\n> menu\n< MEN.9\n= slip/S1\n> 1\n");
        CHECK_FALSE(first.ok());
        CHECK(first.rewritten == "given consent=conversation\n> menu\n< MEN.1\n= talk/M0\n> 1\n< SLP.1\n");
        CHECK(play(first.rewritten).ok());
    }
    SUBCASE("exact words, given state, pictures, staff") {
        const auto result = play(
            "given consent=recurring at=slip/S2 tags=a,b facts.trigger=stress last=2h danger=human:P2\n"
            "> [image]\n< UNK.4\n= +a +b fact:trigger=stress consent=recurring\n"
            "* took Maya\n"
            "< Maya from our team is here and can see what you wrote. I'll step back. You're texting with a "
            "person now.\n"
            "> hi\n< (silent)\n= held=Maya\n"
            "* back Maya\n< HUM.3\n* resolved Maya\n= danger=none held=none\n* carrier 21610\n= opted_out\n");
        CAPTURE(result.line);
        CAPTURE(result.difference);
        CHECK(result.ok());
    }
}
