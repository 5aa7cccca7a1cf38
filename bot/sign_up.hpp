#pragma once
#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

/// Somebody gave this number on the web. Asks there once whether its holder wants to be texted, and only a
/// number that has nothing to do with us: whoever is in conversation, was asked before, said no or opted out
/// hears nothing (I3). Silence is an answer too: there is no reminder, and a number that stayed silent is
/// asked again only when it may have got another holder.
void sign_up(TurnBuilder& turn, const SignedUp& event);

/// The question of a sign-up stands for a day; a later text comes from somebody who writes first.
/// To be called before the text is noted in the state.
void expire_sign_up(TurnBuilder& turn);

}  // namespace bot
