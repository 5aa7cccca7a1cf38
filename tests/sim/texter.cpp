#include "tests/sim/texter.hpp"

#include "bot/content_check.hpp"

namespace sim {

namespace {

using bot::Language;
using Phrases = std::vector<std::string>;
using Both = bot::PerLanguage<Phrases>;

const Both kDanger{
    Phrases{"i want to die", "im going to kill myself tonight", "i took too many pills",
            "he has a gun and hes going to shoot me", "my friend took too much and wont wake up",
            "i want to end my life", "she says she wants to kill herself",
            "i cant breathe my chest hurts i used a lot"},
    Phrases{"me quiero morir", "me voy a matar hoy", "tome muchas pastillas",
            "tiene una pistola y me va a matar", "mi amigo uso demasiado y no despierta",
            "quiero quitarme la vida", "ella dice que se quiere matar"}};
const Both kOptOut{Phrases{"STOP", "stop", "Unsubscribe", "please stop texting me", "STOP!!", "quit"},
                   Phrases{"STOP", "ALTO", "ya no me manden mensajes", "parar"}};
const Both kOptIn{Phrases{"START", "start", "unstop"}, Phrases{"START", "start"}};
const Both kSubjects{
    Phrases{"i slipped last night",
            "i want to use so bad",
            "i relapsed for two weeks",
            "craving",
            "i think im slipping, what are the signs",
            "how do i get into treatment",
            "my son uses cocaine",
            "hi",
            "menu",
            "talk to a person",
            "i have an appointment tomorrow",
            "boundaries",
            "my plan",
            "help",
            "i feel so guilty",
            "quiero hablar espanol",
            "signs",
            "pause",
            "forget it all",
            "im 15"},
    Phrases{"tuve un desliz anoche", "quiero consumir", "recai dos semanas", "antojo", "senales", "menu",
            "hola", "como entro a tratamiento", "mi hijo consume", "quiero hablar con una persona", "english",
            "ayuda", "mi plan", "pausa", "limites", "tengo una cita"}};
const Both kDigressions{Phrases{"are you a robot?", "thanks", "fuck you", "can i take ibuprofen with this",
                                "who is this", "is this free", "did maria text you"},
                        Phrases{"eres un robot?", "gracias", "vete al diablo", "puedo tomar ibuprofeno",
                                "quien es", "es gratis"}};
const Phrases kNoise{"asdfgh",
                     "99",
                     "7 7 7",
                     "???",
                     "lol idk",
                     "x",
                     "el perro azul",
                     "\xF0\x9F\x98\x80",
                     "0",
                     "-1",
                     "uh what now",
                     "12345678901234567890",
                     "yes no maybe",
                     "."};
const Phrases kFreeWords{"my sister Ana +15550123",
                         "Ana",
                         "tomorrow 3pm",
                         "work and my ex",
                         "being alone at night",
                         "no se",
                         "mi hermana",
                         "manana a las 4",
                         "skip",
                         "Lu\xC3\xADs",
                         "my kids \xE2\x9D\xA4\xEF\xB8\x8F and my job"};

const Phrases& in(const Both& both, Language language) { return both[bot::index_of(language)]; }

}  // namespace

Texter::Texter(const bot::Content& content, Dice& dice) : content_(content), dice_(dice) {
    language_ = dice.chance(0.3) ? Language::es : Language::en;
    answers_ = 0.5 + 0.4 * dice.between(0, 10) / 10;
    wanders_ = 0.02 * dice.between(0, 10);
    danger_ = dice.chance(0.5) ? 0 : 0.005 * dice.between(1, 8);
    stops_ = 0.002 * dice.between(0, 10);
    silent_ = 0.05 * dice.between(0, 8);
    rest_ = std::chrono::hours{dice.between(4, 24 * 12)};
}

Words Texter::write(const bot::Conversation& state) {
    if (dice_.chance(danger_)) return {Intent::danger, dice_.one_of(in(kDanger, language_))};
    if (state.consent == bot::Consent::opted_out)
        return dice_.chance(0.5) ? Words{Intent::opt_in, dice_.one_of(in(kOptIn, language_))}
                                 : Words{Intent::subject, dice_.one_of(in(kSubjects, language_))};
    if (dice_.chance(stops_)) return {Intent::opt_out, dice_.one_of(in(kOptOut, language_))};
    if (dice_.chance(0.01)) return {Intent::picture, ""};
    const bool asked = !state.stack.empty();
    if (!asked || dice_.chance(wanders_))
        return dice_.chance(0.3) ? Words{Intent::digression, dice_.one_of(in(kDigressions, language_))}
                                 : Words{Intent::subject, dice_.one_of(in(kSubjects, language_))};
    if (!dice_.chance(answers_)) return {Intent::wrong, dice_.one_of(kNoise)};
    return answer(state);
}

Words Texter::answer(const bot::Conversation& state) {
    const bot::Step* step = content_.find_step(state.stack.back().flow, state.stack.back().step);
    if (step == nullptr || !step->ask) return {Intent::answer, dice_.one_of(kFreeWords)};
    const bot::Ask& ask = *step->ask;
    const bool free = ask.choices.empty() || dice_.chance(0.15);
    if (ask.number && free)
        return {Intent::answer, std::to_string(dice_.between(ask.number->min, ask.number->max))};
    if (ask.choices.empty() || (ask.text && free)) return {Intent::answer, dice_.one_of(kFreeWords)};
    const bot::Choice& choice = dice_.one_of(ask.choices);
    if (choice.number && dice_.chance(0.6)) {
        const std::string number = std::to_string(*choice.number);
        return {Intent::answer, dice_.chance(0.8) ? number : number + ") " + dice_.one_of(kFreeWords)};
    }
    return {Intent::answer, choice_in_words(choice)};
}

std::string Texter::choice_in_words(const bot::Choice& choice) {
    std::vector<std::string> ways;
    for (const bot::Phrase& phrase : choice.words[bot::index_of(language_)].phrases())
        if (!phrase.veto) ways.push_back(phrase.joined);
    return ways.empty() ? std::string(dice_.one_of(kFreeWords)) : dice_.one_of(ways);
}

std::chrono::seconds Texter::pause(bool was_asked) {
    using namespace std::chrono_literals;
    if (was_asked && !dice_.chance(silent_))
        return dice_.chance(0.85) ? dice_.between(5s, 8min) : dice_.between(10min, 40h);
    return dice_.between(rest_ / 2, rest_ * 2);
}

std::vector<std::string> unheard_phrases(const bot::Content& content) {
    std::vector<std::string> unheard;
    for (const auto& phrases : kDanger)
        for (const std::string& phrase : phrases)
            if (!content.ears->risk.read(bot::normalize(phrase)).danger()) unheard.push_back(phrase);
    for (const auto& phrases : kOptOut)
        for (const std::string& phrase : phrases)
            if (content.ears->consent.read(bot::normalize(phrase)).signal != bot::ConsentSignal::opt_out)
                unheard.push_back(phrase);
    return unheard;
}

}  // namespace sim
