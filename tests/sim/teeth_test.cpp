#include <doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/transcript.hpp"
#include "tests/sim/world.hpp"
#include "tests/support/read_flows.hpp"

// The simulator itself: a line that breaks a rule is found out, and the sound one is not accused.

namespace {

using bot::SendText;

const bot::Engine& shipped() {
    static const bot::Engine engine(
        [] {
            auto loaded = bot::load_content(support::read_flows(HANDRAIL_SOURCE_DIR "/flows"));
            REQUIRE(loaded.content != nullptr);
            return loaded.content;
        }(),
        bot::transcript_line(), sim::new_york);
    return engine;
}

void drop(bot::Turn& turn, bool (*which)(const bot::Effect&)) { std::erase_if(turn.effects, which); }

bool is_text(const bot::Effect& effect) { return std::holds_alternative<SendText>(effect); }

SendText text(const char* id, bot::MessageKind kind) { return {id, "Are you there?", kind, {}}; }

// Each spoils a turn in one way.
using Spoil = void (*)(const bot::Conversation& before, const bot::Event& event, bot::Turn& turn);

void swallow_answers(const bot::Conversation& before, const bot::Event&, bot::Turn& turn) {
    if (before.turn % 7 == 6) drop(turn, is_text);
}
void lose_pages(const bot::Conversation&, const bot::Event&, bot::Turn& turn) {
    drop(turn, [](const bot::Effect& effect) {
        return std::holds_alternative<bot::OpenEscalation>(effect) ||
               std::holds_alternative<bot::RaiseEscalation>(effect);
    });
}
void forget_opt_out(const bot::Conversation&, const bot::Event&, bot::Turn& turn) {
    if (turn.next.consent == bot::Consent::opted_out) turn.next.consent = bot::Consent::conversation;
}
void talk_after_opt_out(const bot::Conversation& before, const bot::Event&, bot::Turn& turn) {
    if (before.consent == bot::Consent::opted_out && turn.next.consent == bot::Consent::opted_out)
        turn.effects.emplace_back(text("CHK.1", bot::MessageKind::check_in));
}
void speak_at_any_hour(const bot::Conversation&, const bot::Event& event, bot::Turn& turn) {
    if (std::holds_alternative<bot::TimerFired>(event))
        turn.effects.emplace_back(text("CHK.1", bot::MessageKind::check_in));
}
void ask_twice(const bot::Conversation&, const bot::Event&, bot::Turn& turn) {
    for (const bot::Effect& effect : turn.effects)
        if (const auto* said = std::get_if<SendText>(&effect);
            said != nullptr && said->text.find("\n1 ") != said->text.npos) {
            turn.effects.emplace_back(*said);
            return;
        }
}
void talk_too_much(const bot::Conversation&, const bot::Event& event, bot::Turn& turn) {
    if (std::holds_alternative<bot::MessageReceived>(event) && turn.next.consent != bot::Consent::opted_out)
        for (int i = 0; i < 4; ++i) turn.effects.emplace_back(text("CRV.12", bot::MessageKind::reply));
}
void stand_nowhere(const bot::Conversation&, const bot::Event&, bot::Turn& turn) {
    if (!turn.next.stack.empty()) turn.next.stack.back().step = "S99";
}
void text_before_the_page(const bot::Conversation&, const bot::Event&, bot::Turn& turn) {
    std::stable_partition(turn.effects.begin(), turn.effects.end(), is_text);
}

}  // namespace

TEST_CASE("simulator: every way to break the line is found, by the rule it breaks") {
    struct Row {
        const char* rule;
        Spoil spoil;
    };
    constexpr Row kRows[]{{"no dead end", swallow_answers},
                          {"no dead end", stand_nowhere},
                          {"danger always escalated", lose_pages},
                          {"danger always escalated", text_before_the_page},
                          {"no message after opt-out", forget_opt_out},
                          {"no message after opt-out", talk_after_opt_out},
                          {"none at night", speak_at_any_hour},
                          {"at most one unanswered question", ask_twice},
                          {"bounded messages a day", talk_too_much}};
    for (const Row& row : kRows) {
        CAPTURE(row.rule);
        const sim::Advance broken = [&](bot::Conversation before, const bot::Event& event,
                                        bot::TimePoint now) {
            bot::Turn turn = shipped().advance(before, event, now);
            row.spoil(before, event, turn);
            return turn;
        };
        bool found = false;
        for (std::uint64_t seed = 1; seed <= 60 && !found; ++seed) {
            const sim::Year year = sim::World(broken, shipped().content(), shipped().line(), seed).play(60);
            found = year.finding && year.finding->rule == row.rule;
        }
        CHECK(found);
    }
}

// A flow that the check lets pass and the night does not: it speaks of itself eight hours after the question.
TEST_CASE("simulator: a flow that speaks at night is found") {
    auto files = support::read_flows(HANDRAIL_SOURCE_DIR "/flows");
    for (bot::ContentFile& file : files) {
        if (file.name != "slip.json") continue;
        auto slip = nlohmann::json::parse(file.text);
        slip["timers"]["slip.later"] = {{"at_steps", {"S1"}}, {"say", {"CRV.12"}}};
        slip["steps"]["S1"]["do"].push_back({{"set_timer", {{"name", "slip.later"}, {"after", "8h"}}}});
        slip["steps"]["S1"]["wait"]["after"] = "20h";
        file.text = slip.dump();
    }
    const auto loaded = bot::load_content(files);
    REQUIRE(loaded.content != nullptr);
    const bot::Engine engine(loaded.content, bot::transcript_line(), sim::new_york);
    const sim::Advance advance = [&](bot::Conversation before, const bot::Event& event, bot::TimePoint now) {
        return engine.advance(std::move(before), event, now);
    };
    std::optional<sim::Finding> finding;
    for (std::uint64_t seed = 1; seed <= 40 && !finding; ++seed)
        finding = sim::World(advance, engine.content(), engine.line(), seed).play(60).finding;
    REQUIRE(finding.has_value());
    CHECK(finding->rule == "none at night");
}

TEST_CASE("simulator: a seed replays its year") {
    const sim::Advance advance = [](bot::Conversation before, const bot::Event& event, bot::TimePoint now) {
        return shipped().advance(std::move(before), event, now);
    };
    const auto story = [&](std::uint64_t seed) {
        return sim::World(advance, shipped().content(), shipped().line(), seed).play(30).story;
    };
    CHECK(story(7) == story(7));
    CHECK(story(7) != story(8));
}
