#include "bot/sign_up.hpp"

namespace bot {

namespace {

using std::chrono::hours;

constexpr hours kQuestionStands{24};
constexpr hours kNewHolder{90 * 24};  // numbers are given to other people

bool asked_within(const TurnBuilder& turn, hours span) {
    return turn.state.last_said && turn.now - *turn.state.last_said < span;
}

bool may_ask(const TurnBuilder& turn) {
    if (turn.state.consent == Consent::pending)  // a state that could not be read knows no time: not again
        return turn.state.last_said && !asked_within(turn, kNewHolder);
    return turn.state.consent == Consent::none && !turn.state.last_inbound;
}

}  // namespace

void sign_up(TurnBuilder& turn, const SignedUp& event) {
    if (!may_ask(turn)) return;
    turn.decided_by = "sign_up";
    ++turn.state.turn;
    turn.state.language = event.language;
    turn.raw = event.wording;
    turn.change_consent(Consent::pending, "web_sign_up");
    turn.say(Role::sign_up);
}

void expire_sign_up(TurnBuilder& turn) {
    // Without a time the question has just been asked (a transcript's "given").
    if (turn.state.consent != Consent::pending || !turn.state.last_said) return;
    if (asked_within(turn, kQuestionStands)) return;
    turn.change_consent(Consent::none, "silence");
    turn.state.stack.clear();
}

}  // namespace bot
