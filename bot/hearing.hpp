#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "bot/ears.hpp"

namespace bot {

/// What the ears make of one text, whatever conversation it belongs to. It is most of the work of a turn and
/// needs no state, so the shell may have it done before the turn, on a thread that has time.
struct Hearing {
    std::shared_ptr<const Ears> by;
    std::string of;  ///< the text as received
    NormalizedText text;
    ConsentReading consent;
    RiskReading risk;
    SituationDetector::Reading situation;
};

[[nodiscard]] std::shared_ptr<const Hearing> hear(std::shared_ptr<const Ears> ears, std::string_view text);

}  // namespace bot
