#include <algorithm>

#include "bot/inbound.hpp"

namespace bot {

namespace {

// "i dont want cops" is about the police all the same, so a negation does not count.
bool holds_phrase(const PerLanguage<PhraseList>& words, const NormalizedText& message) {
    return std::any_of(words.begin(), words.end(),
                       [&](const PhraseList& list) { return list.find(message, {}).has_value(); });
}

bool is_whole(const PerLanguage<PhraseList>& words, const NormalizedText& message) {
    return words[0].is_whole(message) || words[1].is_whole(message);
}

bool is_misspelt_whole(const PerLanguage<PhraseList>& words, const NormalizedText& message) {
    return std::any_of(words.begin(), words.end(), [&](const PhraseList& list) {
        const auto match = list.find_misspelt(message, {});
        return match && match->whole;
    });
}

NormalizedText first_word(const NormalizedText& message) {
    NormalizedText first;
    first.text = message.words[0];
    first.words = {message.words[0]};
    return first;
}

std::string start_of(const Flow& flow) {
    return flow.id + "/" + (flow.starts.step.empty() ? flow.first : flow.starts.step);
}

// "Ya" or "im out" where the question takes exactly that for its answer.
bool is_answer(const Step* step, const NormalizedText& message) {
    if (step == nullptr || !step->ask) return false;
    const auto& choices = step->ask->choices;
    return std::any_of(choices.begin(), choices.end(),
                       [&](const Choice& choice) { return is_whole(choice.words, message); });
}

constexpr std::size_t kLooseWords = 3;  // "signs check pls"

}  // namespace

bool InboundTurn::strict() const {
    const Step* step = flow_.current();
    return flow_.in_danger_flow() || (step != nullptr && step->safety);
}

void InboundTurn::converse() {
    // Nobody reads what a case that is closed would have heard.
    if (!turn_.state.danger && flow_.listens()) flow_.leave_watch();
    if (text_.words.empty()) {
        only_media();
        return;
    }
    if (heed_minor() || meant_for_others()) return;
    // A place in a flow that has changed since: begin again, kindly, rather than guess.
    if (!turn_.state.stack.empty() && flow_.current() == nullptr) {
        turn_.state.stack.clear();
        turn_.note("the flow has changed since; place dropped");
    }
    if (gap_ && *gap_ >= std::chrono::hours{90 * 24} && welcome_back(true)) return;
    const bool unclear = consent_.signal == ConsentSignal::unclear && !flow_.in_danger_flow();
    if (unclear && !is_answer(flow_.current(), text_)) {
        ask_what_stops();
        return;
    }
    const Step* asked = flow_.current();
    // While a person is waited for nothing is asked, so a need comes before words that go to staff.
    const bool answered = global_word() || expected_answer() || person_wanted() || digression() ||
                          (flow_.in_person_flow() && subject()) || free_text() || subject() ||
                          loose_global_word();
    if (asides(asked, answered) || answered) return;
    if (consent_signal() == ConsentSignal::opt_in && !consent_.answers_yes && !strict())
        greet();  // START from somebody who never left
    else
        not_understood();
}

// "i want to stop": using, or our texts? Asked on top of the place; what it answered there is kept.
void InboundTurn::ask_what_stops() {
    turn_.decided_by = "consent.unclear";
    const std::size_t said = turn_.texts_said();
    expected_answer();
    turn_.unsay_from(said);
    if (turn_.first_contact) turn_.say(Role::need_first);
    flow_.ask_on_top(turn_.content.line.steps.unclear_opt_out);
}

// Texts that belong to another number: 988, or START for the hotline that XVI.2 names.
bool InboundTurn::meant_for_others() {
    if (!turn_.open_danger()) return false;
    const bool hotline = consent_signal() == ConsentSignal::opt_in && !consent_.answers_yes &&
                         turn_.state.tags.contains("danger_violence");
    if (!hotline && text_.text != "988") return false;
    turn_.decided_by = "meant for others";
    if (!gateway_answers()) turn_.say(hotline ? Role::meant_for_hotline : Role::meant_for_988);
    flow_.repeat_question();
    return true;
}

// A danger flow is left for the menu or a person, not by a stray word ("help me" is an answer there).
bool InboundTurn::may_leave_for(std::string_view flow) const {
    const LineSteps& steps = turn_.content.line.steps;
    return !flow_.in_danger_flow() || flow == split_place(steps.menu).first ||
           flow == split_place(steps.person).first;
}

// MENU, PERSON, EN ... as the whole message, whatever the step.
bool InboundTurn::global_word() {
    for (const auto& [id, flow] : turn_.content.flows)
        if (is_whole(flow.starts.words, text_) && may_leave_for(id)) {
            turn_.decided_by = "word " + id;
            begin_subject(start_of(flow));
            return true;
        }
    for (const GlobalWord& global : turn_.content.line.globals) {
        if (!is_whole(global.words, text_)) continue;
        turn_.decided_by = "word " + global.name;
        flow_.apply(global.actions);
        turn_.say(global.say, std::nullopt);
        if (!global.go.empty())
            begin_subject(global.go);
        else if (turn_.first_contact)
            flow_.go(turn_.content.line.steps.welcome);
        else if (global.again && !flow_.repeat_question())
            flow_.go(turn_.content.line.steps.menu);
        return true;
    }
    return false;
}

bool InboundTurn::expected_answer() {
    const Step* step = flow_.current();
    if (step == nullptr || !step->ask) return false;
    const Answer answer = read_choice_or_number(*step->ask, message_.text, text_, turn_.state.language,
                                                turn_.content.line, strict());
    if (answer.kind == Answer::Kind::none) return false;
    if (answer.kind == Answer::Kind::choice && !answer.by_digit && denies_and_says()) return false;
    if (turn_.decided_by.empty()) turn_.decided_by = "step " + turn_.state.stack.back().flow + "/" + step->id;
    flow_.take(answer);
    return true;
}

// "No i want to die" to "are you thinking of ending your life today?" is no "no": the step's other words.
bool InboundTurn::denies_and_says() const {
    const Step* step = flow_.current();
    const bool heard = std::any_of(risk_.findings.begin(), risk_.findings.end(),
                                   [](const RiskFinding& f) { return f.risk == RiskClass::self_harm; });
    return heard && turn_.open_danger() && flow_.in_danger_flow() && step != nullptr && step->ask->text;
}

bool InboundTurn::person_wanted() {
    if (situation().situation != Situation::human || flow_.in_danger_flow()) return false;
    if (flow_.in_person_flow()) return false;
    // "are you a person or a bot?" is a question first: it is answered in place, and says how to reach one.
    const auto& asides = turn_.content.line.digressions;
    if (std::any_of(asides.begin(), asides.end(),
                    [&](const Digression& aside) { return aside.go.empty() && is_meant(aside); }))
        return false;
    turn_.decided_by = "situation " + situation().rule;
    begin_subject(turn_.content.line.steps.person);
    return true;
}

// One of its intents is in the message.
bool InboundTurn::is_meant(const Digression& digression) {
    const auto& heard = situation().intents;
    return std::any_of(digression.intents.begin(), digression.intents.end(), [&](const std::string& intent) {
        return std::find(heard.begin(), heard.end(), intent) != heard.end();
    });
}

// A question beside the matter: answered, then ours again.
bool InboundTurn::digression() {
    for (const Digression& digression : turn_.content.line.digressions) {
        if (!is_meant(digression) && !holds_phrase(digression.words, text_)) continue;
        turn_.decided_by = "digression " + digression.name;
        if (!digression.go.empty()) {
            const Step* step = flow_.current();
            const bool takes_words =
                step != nullptr && step->ask && step->ask->text && !flow_.in_person_flow();
            if (strict() || takes_words) continue;
            if (turn_.first_contact) turn_.say(Role::need_first);
            flow_.ask_on_top(digression.go);
            return true;
        }
        turn_.say(digression.say, std::nullopt);
        if (turn_.first_contact)
            flow_.go(turn_.content.line.steps.welcome);
        else
            flow_.repeat_question();
        return true;
    }
    return false;
}

bool InboundTurn::free_text() {
    const Step* step = flow_.current();
    if (step == nullptr || !step->ask || !step->ask->text) return false;
    const Answer answer = read_free_text(*step->ask->text, message_.text, text_);
    if (answer.kind == Answer::Kind::none) return false;
    turn_.decided_by = "step " + turn_.state.stack.back().flow + "/" + step->id;
    flow_.take(answer);
    return true;
}

// "i slipped and feel guilty": safe first, then the feeling. "prepare me for my first visit": the intent says
// more than the situation (treatment).
std::string InboundTurn::subject_place() {
    const Situation about = situation().situation;
    const auto by_situation = turn_.content.by_situation.find(to_string(about));
    const std::string of_situation =
        by_situation == turn_.content.by_situation.end() ? std::string() : by_situation->second;
    if (about != Situation::other && about != Situation::treatment && about != Situation::warning_signs)
        return of_situation;
    for (const std::string& intent : situation().intents)
        if (const auto found = turn_.content.by_intent.find(intent); found != turn_.content.by_intent.end())
            return found->second;
    return of_situation;
}

// What the message is about, when the step did not expect it. A danger flow or safety question is not left.
bool InboundTurn::subject() {
    if (strict()) return false;
    std::string place = subject_place();
    const bool greeting = situation().situation == Situation::greeting;
    if (greeting && turn_.state.stack.empty()) {
        turn_.decided_by = "situation greeting";
        greet();
        return true;
    }
    if (place.empty() && situation().situation != Situation::other && !greeting)
        place = turn_.content.line.steps.menu;
    if (place.empty() || greeting) return false;
    if (!turn_.state.stack.empty() && turn_.state.stack.back().flow == split_place(place).first) return false;
    turn_.decided_by = "situation " + situation().rule;
    begin_subject(place);
    return true;
}

bool InboundTurn::loose_global_word() {
    if (strict() || text_.words.size() > kLooseWords) return false;
    const NormalizedText first = first_word(text_);
    for (const auto& [id, flow] : turn_.content.flows) {
        const auto& words = flow.starts.words;
        if (!is_whole(words, first) && !is_misspelt_whole(words, first) && !is_misspelt_whole(words, text_))
            continue;
        turn_.decided_by = "word " + id;
        begin_subject(start_of(flow));
        return true;
    }
    return false;
}

bool InboundTurn::aside_of(const Step* step) {
    if (step == nullptr) return false;
    for (const Aside& aside : step->asides) {
        if (!holds_phrase(aside.words, text_)) continue;
        turn_.say(aside.say, flow_.in_danger_flow() ? std::optional(MessageKind::crisis) : std::nullopt);
        return true;
    }
    return false;
}

// @param asked  the step the message answered, or did not.
bool InboundTurn::asides(const Step* asked, bool understood) {
    const Step* reached = flow_.current();
    if (!aside_of(asked) && (reached == asked || !aside_of(reached))) return false;
    if (!understood) flow_.repeat_question();
    return true;
}

// The first text is a need: say who we are, then answer it.
void InboundTurn::begin_subject(std::string_view place) {
    const bool opened = open_for_a_need();
    if ((turn_.first_contact || opened) &&
        split_place(place).first != split_place(turn_.content.line.steps.welcome).first)
        turn_.say(Role::need_first);
    turn_.state.parked.reset();
    flow_.go(place);
}

void InboundTurn::greet() {
    if (turn_.first_contact)
        flow_.go(turn_.content.line.steps.welcome);
    else if (awaits_staff())
        hold_or_note();
    else if (!welcome_back(false))
        flow_.go(turn_.content.line.steps.menu);
}

bool InboundTurn::welcome_back(bool unmatched) {
    const auto& steps = turn_.content.line.steps;
    using std::chrono::hours;
    if (gap_ && *gap_ >= hours{90 * 24}) {
        flow_.go(steps.return_quarter);
    } else if (gap_ && *gap_ >= hours{7 * 24}) {
        flow_.go(steps.return_week);
    } else if (turn_.state.parked && !turn_.open_danger() && (!unmatched || (gap_ && *gap_ >= hours{1}))) {
        flow_.go(steps.return_open);
    } else {
        return false;
    }
    turn_.decided_by = "return";
    return true;
}

void InboundTurn::only_media() {
    const Step* step = flow_.current();
    const bool only_listens = step != nullptr && step->say.empty() && step->ask && step->ask->text;
    if (message_.media.empty() && only_listens) {
        flow_.take({Answer::Kind::text, nullptr, {}, 0, message_.text, "", ""});
        return;
    }
    if (message_.media.empty()) {
        not_understood();
        return;
    }
    turn_.decided_by = "media";
    if (turn_.first_contact) turn_.say(Role::need_first);
    turn_.say(Role::media);
}

void InboundTurn::not_understood() {
    turn_.decided_by = "not understood";
    auto& state = turn_.state;
    if (turn_.first_contact) {
        flow_.go(turn_.content.line.steps.welcome);
        return;
    }
    const Step* step = flow_.current();
    if (step == nullptr || !step->ask) {
        if (awaits_staff()) {
            hold_or_note();
            return;
        }
        if (!welcome_back(true)) miss();
        return;
    }
    if (state.misses_here < step->ask_again || (flow_.in_danger_flow() && step->not_understood.empty())) {
        const int misses = state.misses_here + 1;
        flow_.repeat_question();
        state.misses_here = misses;
        return;
    }
    if (step->not_understood.empty())
        miss();
    else
        flow_.follow(step->not_understood);
}

// The ladder: closest to ..., a person or the menu, then a person.
void InboundTurn::miss() {
    auto& state = turn_.state;
    if (state.misses == 0) state.first_miss = turn_.now;
    ++state.misses;
    const auto& ladder = turn_.content.line.steps.misses;
    const auto rung = std::min<std::size_t>(static_cast<std::size_t>(state.misses), ladder.size()) - 1;
    const bool in_ladder = !state.stack.empty() && state.stack.back().flow == split_place(ladder[rung]).first;
    const int misses = state.misses;
    if (!state.stack.empty() && !in_ladder) flow_.park();
    flow_.go(ladder[rung]);
    state.misses = misses;
}

}  // namespace bot
