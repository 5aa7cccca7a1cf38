#pragma once
#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

/// Everything but the texter's own messages: timers, news of the escalation, staff, the carrier, the sign-up
/// page. Never says anything to an opted-out contact, nor during a quiet hold.
void heed(TurnBuilder& turn, const Event& event);

}  // namespace bot
