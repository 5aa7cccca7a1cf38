#include <doctest.h>

#include "bot/content.hpp"
#include "fixture.hpp"

// How the safety questions of the shipped flows read what people write. In doubt they ask on or bring a
// person.

namespace {

using bot::Language;

struct Row {
    const char* at;
    Language language;
    const char* text;
    const char* leads_to;
    const char* why;
};

bot::Conversation standing_at(const Row& row) {
    bot::Conversation state;
    state.consent = bot::Consent::conversation;
    state.language = row.language;
    state.language_known = true;
    state.last_inbound = fixture::kNoon - std::chrono::minutes{1};
    const auto [flow, step] = bot::split_place(row.at);
    state.stack.push_back({flow, step, 1});
    const bool is_asked = flow == "help" || step == "X7";  // nothing is open before the answer
    if (is_asked) return state;
    state.danger = bot::Conversation::Danger{flow, bot::Priority::p1};
    state.tags.insert("danger_" + flow);
    return state;
}

}  // namespace

TEST_CASE("danger answers: read as a careful person would") {
    const auto loaded = bot::load_content(fixture::read_flows(HANDRAIL_SOURCE_DIR "/flows"));
    for (const auto& problem : loaded.problems) CAPTURE(to_string(problem));
    REQUIRE(loaded.content != nullptr);
    const bot::Engine engine(loaded.content, fixture::line_settings(), fixture::five_hours_west);
    static constexpr Row kRows[]{
        {"self_harm/X1", Language::en, "yea i guess", "self_harm/X2", "yes in their words"},
        {"self_harm/X1", Language::en, "kinda", "self_harm/X2", "not sure counts as yes"},
        {"self_harm/X1", Language::en, "yes and no", "self_harm/X2", "two things said: unclear"},
        {"self_harm/X1", Language::en, "im fine", "self_harm/X2", "never closes by itself"},
        {"self_harm/X1", Language::en, "no im not gonna do anything", "self_harm/X6", "a plain no"},
        {"self_harm/X1", Language::en, "Nope", "self_harm/X6", "a plain no"},
        {"self_harm/X1", Language::en, "im not doing well", "self_harm/X2", "no \"no\""},
        {"self_harm/X1", Language::en, "not sure tbh", "self_harm/X2", "not sure"},
        {"self_harm/X1", Language::es, "no, hoy no", "self_harm/X6", "a plain no"},
        {"self_harm/X1", Language::es, "no estoy bien", "self_harm/X2", "no \"no\", and no English one"},
        {"self_harm/X1", Language::es, "a veces", "self_harm/X2", "unclear"},
        {"self_harm/X1", Language::es, "no sé", "self_harm/X2", "not sure"},
        {"self_harm/X2", Language::en, "no plan", "self_harm/X5", "a plain no"},
        {"self_harm/X2", Language::en, "i dont have a plan", "self_harm/X5", "a plain no"},
        {"self_harm/X2", Language::en, "not yet", "self_harm/X3", "not yet is no no"},
        {"self_harm/X2", Language::en, "i have pills", "self_harm/X1_now", "a means, heard as such"},
        {"self_harm/X2", Language::en, "i dont know", "self_harm/X3", "not sure"},
        {"self_harm/X2", Language::es, "todavía no", "self_harm/X3", "not yet is no no"},
        {"self_harm/X2", Language::es, "no tengo plan", "self_harm/X5", "a plain no"},
        {"self_harm/X5", Language::en, "my mom is here", "self_harm/X_listen", "somebody near"},
        {"self_harm/X7", Language::en, "lol no just tired", "menu/M0", "a figure of speech"},
        {"self_harm/X7", Language::en, "i dont know anymore", "self_harm/X1", "not sure counts as yes"},
        {"self_harm/X7", Language::es, "jaja no", "menu/M0", "a figure of speech"},
        {"self_harm/X8", Language::en, "no he left", "self_harm/X_listen", "not safe"},
        {"self_harm/X8", Language::en, "its me", "self_harm/X1", "about the texter after all"},
        {"overdose/O1", Language::en, "its my friend", "overdose/O3", "somebody else"},
        {"overdose/O1", Language::en, "my chest", "overdose/O2", "the texter"},
        {"overdose/O1", Language::en, "im ok now", "overdose/O7", "unclear: 911 is asked about"},
        {"overdose/O1", Language::en, "it was earlier", "overdose/O6", "not now"},
        {"overdose/O1", Language::es, "mi hijo", "overdose/O3", "somebody else"},
        {"overdose/O2", Language::en, "i didnt call", "overdose/O9", "not reached"},
        {"overdose/O2", Language::en, "i cant afford it", "overdose/O9", "not reached"},
        {"overdose/O2", Language::en, "they are coming", "overdose/O_listen", "reached"},
        {"overdose/O2", Language::es, "no llamé", "overdose/O9", "not reached"},
        {"overdose/O3", Language::en, "barely", "overdose/O7", "unclear is not awake"},
        {"overdose/O3", Language::en, "hes not awake", "overdose/O7", "not awake"},
        {"overdose/O3", Language::es, "ya despertó", "overdose/O4_listen", "awake"},
        {"violence/V1", Language::en, "not really", "violence/V_quiet", "not safe"},
        {"violence/V1", Language::en, "he reads my phone", "violence/V_quiet", "not safe"},
        {"violence/V1", Language::en, "yes for now", "violence/V_listen", "safe"},
        {"violence/V1", Language::es, "no es seguro", "violence/V_quiet", "not safe"},
        {"help/H1", Language::en, "i am scared", "help/H2", "no yes"},
        {"help/H1", Language::en, "i think so", "help/H2", "not sure is not safe"},
        {"help/H1", Language::en, "im not safe", "help/H2", "not safe"},
        {"help/H1", Language::en, "im safe", "menu/M0", "safe"},
        {"help/H1", Language::es, "no mucho", "help/H2", "not safe"},
    };
    for (const Row& row : kRows) {
        CAPTURE(std::string(row.at));
        CAPTURE(std::string(row.text));
        CAPTURE(std::string(row.why));
        bot::MessageReceived message;
        message.text = row.text;
        const auto turn = engine.advance(standing_at(row), message, fixture::kNoon);
        REQUIRE_FALSE(turn.next.stack.empty());
        CHECK(turn.next.stack.back().flow + "/" + turn.next.stack.back().step == std::string(row.leads_to));
    }
}
