#pragma once
#include <string>

#include "bot/turn_builder.hpp"

namespace bot {

/// How an opt-out came about.
struct OptOut {
    std::string source;         ///< "keyword", "plain_words", "carrier", "answer"
    std::string rule;           ///< lexicon rule or carrier code
    bool may_confirm = true;    ///< false when the gateway answers by itself
    bool danger_in_it = false;  ///< the same message holds danger; the escalation is already opened
};

/// The opt-out: consent first and for good, everything queued dies, one confirmation. While danger is open
/// the escalation is made P0 (nothing more can be asked) and the confirmation carries the numbers to call.
void opt_out(TurnBuilder& turn, const OptOut& how);

}  // namespace bot
