#include "bot/opt_out.hpp"

namespace bot {

void opt_out(TurnBuilder& turn, const OptOut& how) {
    const bool in_danger = how.danger_in_it || turn.open_danger();
    turn.change_consent(Consent::opted_out, how.source, how.rule);
    if (in_danger && !how.danger_in_it) turn.raise(Priority::p0, "opted out while danger is open: call");
    turn.cancel_all();
    turn.state.stack.clear();
    turn.state.parked.reset();
    turn.state.misses = 0;
    turn.state.misses_here = 0;
    turn.state.out_pointer_sent = false;
    turn.state.last_out_notice.reset();
    turn.state.last_out_danger.reset();
    if (in_danger) {
        turn.state.last_out_danger = turn.now;
        turn.state.last_out_notice = turn.now;
    }
    if (how.may_confirm)
        turn.say(in_danger ? Role::opted_out_in_danger : Role::opted_out, MessageKind::opt_out_confirm);
}

}  // namespace bot
