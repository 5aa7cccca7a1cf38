#include "bot/inbound.hpp"

#include <algorithm>

#include "bot/opt_out.hpp"
#include "bot/sign_up.hpp"

namespace bot {

namespace {

using std::chrono::hours;

constexpr hours kPlaceLasts{24};     // then the flow has closed silently
constexpr hours kStranger{90 * 24};  // numbers are given to other people
constexpr hours kNoticeEvery{24};    // OUT.3, OUT.6

bool within(const std::optional<TimePoint>& last, TimePoint now, std::chrono::minutes span) {
    return last && now - *last < span;
}

std::shared_ptr<const Hearing> hearing_of(const MessageReceived& message,
                                          const std::shared_ptr<const Ears>& ears) {
    const bool heard = message.heard && message.heard->by == ears && message.heard->of == message.text;
    return heard ? message.heard : hear(ears, message.text);
}

// Nothing else undoes an opt-out: carriers lift their own block on these words only, and a bare YES may
// answer anything.
bool begins_with_start(const NormalizedText& message) {
    const auto& words = message.words;
    return !words.empty() && (words[0] == "start" || words[0] == "unstop" ||
                              (words.size() > 1 && words[0] == "un" && words[1] == "stop"));
}

}  // namespace

InboundTurn::InboundTurn(TurnBuilder& turn, const MessageReceived& message)
    : turn_(turn),
      flow_(turn),
      message_(message),
      heard_(hearing_of(message, turn.content.ears)),
      text_(heard_->text),
      consent_(heard_->consent),
      risk_(heard_->risk) {
    turn_.raw = message.text;
    hear_pieces();
}

void InboundTurn::run() {
    note_arrival();
    hear_own_weapon();
    add_up_signs();
    const bool opting_out = consent_signal() == ConsentSignal::opt_out;
    if (opting_out && turn_.state.consent != Consent::opted_out) {
        heed_opt_out();
        return;
    }
    if (turn_.state.consent == Consent::opted_out) {
        heed_opted_out_person();
        return;
    }
    // Who was asked on the web's behalf has not written first: "who is this" opens nothing.
    if (turn_.state.consent == Consent::none) turn_.change_consent(Consent::conversation, "first_text");
    if (heed_danger()) {
        open_for_a_need();
        return;
    }
    if (consent_signal() == ConsentSignal::help) {
        answer_help();
        return;
    }
    if (turn_.state.held_by) {
        turn_.decided_by = "held";
        turn_.note("to staff");
        return;
    }
    converse();
    if (!at_sign_up()) open_for_a_need();
    keep_company();
    // A flow that ended without a word must not be the last they hear.
    if (turn_.texts_said() == 0 && turn_.state.stack.empty() && !turn_.state.danger)
        flow_.go(turn_.content.line.steps.menu);
}

// Fright writes in pieces: "im gonna" / "kill" / "myself". Very short texts that follow each other are heard
// together.
void InboundTurn::hear_pieces() {
    constexpr std::size_t kWordsOfAPiece = 4;
    constexpr std::size_t kMostBytes = 120;
    constexpr std::chrono::minutes kTogether{2};
    std::string& pieces = turn_.state.pieces;
    const bool alone = text_.words.size() > kWordsOfAPiece || risk_.danger() || turn_.open_danger();
    if (alone || !within(turn_.state.last_inbound, turn_.now, kTogether)) pieces.clear();
    if (alone) return;
    const bool first = pieces.empty() || pieces.size() + message_.text.size() > kMostBytes;
    pieces = first ? message_.text : pieces + " " + message_.text;
    if (first) return;
    // By the rules alone: the model knows how whole texts sound, not answers strung together.
    const RiskDetector& ears = turn_.content.ears->risk;
    RiskReading together = ears.read_prepared(ears.prepare(normalize(pieces)), {});
    if (!together.danger()) return;
    risk_ = std::move(together);
    pieces.clear();
}

// Who answers a sign-up's question with a need has written to us, and gets the answer to that.
bool InboundTurn::open_for_a_need() {
    if (turn_.state.consent != Consent::pending) return false;
    turn_.change_consent(Consent::conversation, "first_text");
    return true;
}

// Still at the question of a sign-up, or at what was not understood of its answer.
bool InboundTurn::at_sign_up() const {
    if (turn_.state.stack.empty()) return true;
    const std::string& flow = turn_.state.stack.front().flow;
    const LineSteps& steps = turn_.content.line.steps;
    const auto& ladder = steps.misses;
    return flow == split_place(steps.welcome).first ||
           std::any_of(ladder.begin(), ladder.end(),
                       [&](const std::string& rung) { return flow == split_place(rung).first; });
}

void InboundTurn::note_arrival() {
    auto& state = turn_.state;
    expire_sign_up(turn_);
    turn_.first_contact = !state.last_inbound && state.consent == Consent::none;
    // A web sign-up has asked already; this may be its answer.
    if (state.consent == Consent::pending && state.stack.empty())
        state.stack.push_back(FlowRun::find(turn_.content, turn_.content.line.steps.welcome));
    if (state.last_inbound) gap_ = turn_.now - *state.last_inbound;
    state.last_inbound = turn_.now;
    ++state.turn;
    if (state.misses > 0 && turn_.now - state.first_miss >= hours{24}) state.misses = 0;
    if (state.quiet_hold) {
        state.quiet_hold = false;
        turn_.note("quiet hold off");
    }
    settle_language();
    expire_danger();
    expire_place();
}

void InboundTurn::settle_language() {
    if (turn_.state.language_known) return;
    const auto shown = turn_.content.ears->situation.language(text_);
    if (!shown) return;
    turn_.state.language = *shown;
    turn_.state.language_known = true;
}

void InboundTurn::expire_place() {
    auto& state = turn_.state;
    if (!gap_) return;
    // Counted from whoever wrote last: a check-in is a place to answer even after weeks without a word.
    const bool asked_lately = state.last_said && turn_.now - *state.last_said < kPlaceLasts;
    const bool waits = state.timers.contains("step");  // a step that says how long it waits is closed by that
    if (*gap_ >= kPlaceLasts && !asked_lately && !waits && !state.stack.empty() && !turn_.open_danger())
        flow_.park();
    if (*gap_ >= hours{7 * 24}) state.parked.reset();
    if (*gap_ < kStranger || turn_.open_danger()) return;
    state.facts.clear();
    state.tags.clear();
    state.stack.clear();
    state.parked.reset();
    state.discreet = false;
    turn_.cancel_timers_like("*");
    if (state.consent == Consent::recurring) turn_.change_consent(Consent::conversation, "silence");
    turn_.note("profile put aside after 90 days");
}

// Only staff close a case. On a line without staff nobody can, so a day of silence ends it for the flows.
void InboundTurn::expire_danger() {
    auto& state = turn_.state;
    if (turn_.line.staffed || !state.danger || !gap_ || *gap_ < kPlaceLasts) return;
    state.danger.reset();
    std::erase_if(state.tags, [](const std::string& tag) { return tag.starts_with("danger_"); });
}

ConsentSignal InboundTurn::consent_signal() const {
    switch (message_.carrier_keyword) {
        case CarrierKeyword::stop:
            return ConsentSignal::opt_out;
        case CarrierKeyword::start:
            return ConsentSignal::opt_in;
        case CarrierKeyword::help:
            return ConsentSignal::help;
        case CarrierKeyword::none:
            break;
    }
    return consent_.signal;
}

// A gateway that answers reserved words itself has done so for a bare one.
bool InboundTurn::gateway_answers() const {
    return message_.carrier_keyword != CarrierKeyword::none ||
           (!message_.we_answer_keywords && consent_.bare);
}

void InboundTurn::heed_opt_out() {
    turn_.decided_by = "consent." + (consent_.rule.empty() ? "carrier" : consent_.rule);
    const auto danger = alarm();
    // Nothing more can be asked after this, so the person on call is told one level more urgently.
    if (danger)
        page(*danger, Priority::p0);
    else if (soft_danger())
        turn_.escalate(Priority::p1, std::string(to_string(gravest()->risk)), gravest()->heard);
    OptOut how;
    how.source = message_.carrier_keyword == CarrierKeyword::stop ? "carrier"
                 : consent_.bare                                  ? "keyword"
                                                                  : "plain_words";
    how.rule = consent_.rule;
    how.may_confirm = !gateway_answers();
    how.danger_in_it = danger || soft_danger();
    opt_out(turn_, how);
}

// One text in 24 hours at most, in answer to their own; a person is paged whatever was said.
void InboundTurn::heed_opted_out_person() {
    turn_.decided_by = "opted_out";
    auto& state = turn_.state;
    const ConsentSignal signal = consent_signal();
    if (signal == ConsentSignal::opt_in && begins_with_start(text_)) {
        opt_in_again();
        return;
    }
    const auto danger = alarm();
    if (danger || soft_danger()) {
        turn_.decided_by = "opted_out.danger";
        if (danger)
            page(*danger, Priority::p0);
        else
            turn_.escalate(Priority::p1, std::string(to_string(gravest()->risk)), gravest()->heard);
        if (within(state.last_out_danger, turn_.now, kNoticeEvery)) return;
        state.last_out_danger = turn_.now;
        state.last_out_notice = turn_.now;
        turn_.say(Role::closed_in_danger, MessageKind::opt_out_confirm);
        return;
    }
    if (turn_.open_danger()) {
        point_elsewhere();
        return;
    }
    if (signal == ConsentSignal::opt_out || gateway_answers()) return;
    if (!turn_.line.answer_opted_out || within(state.last_out_notice, turn_.now, kNoticeEvery)) return;
    state.last_out_notice = turn_.now;
    turn_.say(Role::closed_notice, MessageKind::opt_out_confirm);
}

// HELP or 988 sent here in answer to OUT.6 was meant for the crisis line: one pointer, nothing else.
void InboundTurn::point_elsewhere() {
    turn_.raise(turn_.state.danger->priority, "wrote again after opting out");
    const bool meant_for_988 = consent_signal() == ConsentSignal::help || text_.text == "988";
    if (!meant_for_988 || turn_.state.out_pointer_sent || gateway_answers()) return;
    turn_.state.out_pointer_sent = true;
    turn_.say(Role::closed_meant_for_988, MessageKind::opt_out_confirm);
}

void InboundTurn::opt_in_again() {
    turn_.decided_by = "consent." + (consent_.rule.empty() ? "carrier" : consent_.rule);
    auto& state = turn_.state;
    const bool carrier = message_.carrier_keyword == CarrierKeyword::start;
    turn_.change_consent(Consent::conversation, carrier ? "carrier" : "keyword", consent_.rule);
    state.out_pointer_sent = false;
    if (heed_danger()) return;
    if (!gateway_answers()) turn_.say(turn_.open_danger() ? Role::opted_in_open_case : Role::opted_in);
    if (turn_.open_danger()) ask_danger_again();
}

void InboundTurn::answer_help() {
    turn_.decided_by = "help";
    if (gateway_answers()) return;
    const bool meant_for_988 = turn_.open_danger() && turn_.state.language == Language::es;
    turn_.say(meant_for_988 ? Role::meant_for_988 : Role::help);
    if (!turn_.state.held_by) flow_.repeat_question();
}

}  // namespace bot
