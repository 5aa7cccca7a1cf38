#include <doctest.h>

#include <algorithm>

#include "bot/content.hpp"
#include "fixture.hpp"

// Whatever step of the shipped flows a texter stands at, whatever they write, they get an answer: the brief's
// "never silence".

namespace {

using bot::Conversation;
using bot::Language;

struct Way {
    const char* why;
    Language language;
    bool staffed;
    bool danger;  // an escalation of P1 is open
};
constexpr Way kWays[]{
    {"English, nothing open", Language::en, true, false},
    {"Spanish, nothing open", Language::es, true, false},
    {"danger open", Language::en, true, true},
    {"no people on call", Language::es, false, false},
    {"no people on call, danger", Language::en, false, true},
};

std::vector<std::string> things_to_write(const bot::Step& step) {
    std::vector<std::string> texts{"yes",
                                   "no",
                                   "idk",
                                   "ok",
                                   "hi",
                                   "hola",
                                   "menu",
                                   "?",
                                   "\xF0\x9F\x91\x8D",
                                   "HELP",
                                   "AYUDA",
                                   "1",
                                   "2",
                                   "7",
                                   "99",
                                   "0",
                                   "skip",
                                   "SALTAR",
                                   "person",
                                   "purple elephants fly",
                                   "xqzv",
                                   "gracias por todo",
                                   "988",
                                   "START"};
    if (!step.ask) return texts;
    for (const bot::Choice& choice : step.ask->choices) {
        if (choice.number) texts.push_back(std::to_string(*choice.number));
        for (const auto& words : choice.words)
            if (!words.phrases().empty()) texts.push_back(words.phrases().front().joined);
    }
    if (step.ask->number) {
        texts.push_back(std::to_string(step.ask->number->min));
        texts.push_back(std::to_string(step.ask->number->max));
    }
    return texts;
}

Conversation standing_at(const bot::Flow& flow, const bot::Step& step, const Way& way, bot::TimePoint now) {
    Conversation state;
    state.consent = bot::Consent::conversation;
    state.language = way.language;
    state.language_known = true;
    state.last_inbound = now - std::chrono::minutes{10};
    state.stack.push_back({flow.id, step.id, flow.version});
    if (way.danger) state.danger = Conversation::Danger{"self_harm", bot::Priority::p1};
    return state;
}

std::size_t texts_of(const bot::Turn& turn) {
    return static_cast<std::size_t>(
        std::count_if(turn.effects.begin(), turn.effects.end(),
                      [](const auto& e) { return std::holds_alternative<bot::SendText>(e); }));
}

// A phone that is not safe; ten quiet minutes of riding a wave, at whose end the line writes.
bool quiet_by_design(const Conversation& state) {
    const bool on_the_wave =
        !state.stack.empty() && state.stack.back().flow == "craving" && state.stack.back().step == "C6";
    return state.quiet_hold || on_the_wave;
}

bot::MessageReceived message(const std::string& text) {
    bot::MessageReceived received;
    received.text = text;
    if (text.empty()) received.media.push_back({"", "image/jpeg"});
    return received;
}

// Three times the same, for the second and third not understood must be answered too.
void write_thrice(const bot::Engine& engine, const Conversation& from, const std::string& text,
                  bot::TimePoint now) {
    Conversation state = from;
    for (int i = 0; i < 3; ++i) {
        CAPTURE(i);
        const bot::Turn turn = engine.advance(state, message(text), now + std::chrono::minutes{6 * i});
        CAPTURE(turn.decided_by);
        CHECK((texts_of(turn) > 0 || quiet_by_design(turn.next)));
        CHECK(turn.decided_by.find("engine_error") == std::string::npos);
        CHECK(texts_of(turn) <= 2);
        state = turn.next;
        state.quiet_hold = false;
        if (state.consent == bot::Consent::opted_out) return;  // one confirmation, then silence is the rule
    }
}

}  // namespace

TEST_CASE("never silent: every step of the shipped flows answers whatever is written") {
    const auto loaded = bot::load_content(fixture::read_flows(HANDRAIL_SOURCE_DIR "/flows"));
    for (const auto& problem : loaded.problems) CAPTURE(to_string(problem));
    REQUIRE(loaded.content != nullptr);
    std::size_t steps = 0;
    for (const Way& way : kWays) {
        CAPTURE(std::string(way.why));
        auto line = fixture::line_settings();
        line.staffed = way.staffed;
        const bot::Engine engine(loaded.content, line, fixture::five_hours_west);
        for (const auto& [id, flow] : loaded.content->flows)
            for (const auto& [name, step] : flow.steps) {
                if (!step.waits()) continue;
                ++steps;
                const std::string place = id + "/" + name;
                CAPTURE(place);
                const Conversation state = standing_at(flow, step, way, fixture::kNoon);
                for (const std::string& text : things_to_write(step)) {
                    CAPTURE(text);
                    write_thrice(engine, state, text, fixture::kNoon);
                }
                write_thrice(engine, state, "", fixture::kNoon);
            }
    }
    CHECK(steps > 100);
}
