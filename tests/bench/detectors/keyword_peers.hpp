#pragma once
#include <string>

#include "tests/bench/detectors/scores.hpp"

namespace ears {

/// What lists of words hear, as the texting services of the field use them, to be measured beside the ears.

/// Twilio's default keywords: the whole message is one of them, in any case, blanks around it aside
/// (twilio.com/docs/messaging/tutorials/advanced-opt-out).
[[nodiscard]] Heard twilio_keywords(const std::string& text);

/// The default pattern of Spoke's auto-optout message handler (StateVoicesNational/Spoke,
/// src/extensions/message-handlers/auto-optout). It knows nothing but opt-outs.
[[nodiscard]] Heard spoke_patterns(const std::string& text);

/// A plain list of crisis words, English and Spanish, each found anywhere: what a service writes in an
/// afternoon. Overdose and violence count as imminent, and so does a plan in so many words.
[[nodiscard]] Heard crisis_keywords(const std::string& text);

}  // namespace ears
