#pragma once
#include <string>

#include "bot/engine.hpp"
#include "bot/event.hpp"

namespace webhooks::inbound {

/// What is still heard in an event whose turn has failed.
struct HeardAnyway {
    bool opt_out = false;
    std::string source = "keyword";  ///< as in ChangeConsent
    std::string rule;                ///< lexicon rule or carrier code
    bool may_confirm = true;         ///< false when the gateway answers by itself
    bool danger = false;
    bot::Priority priority = bot::Priority::p2;  ///< of the page; P1 when not even the words can be read
};

/// Reads the event without flows and state. Never throws: what cannot be read may be danger.
[[nodiscard]] HeardAnyway hear_anyway(const bot::Engine& engine, const bot::Event& event) noexcept;

/// The answer of last resort (I13): a human is paged, an opt-out is kept, and the texter gets words that need
/// no flow and are true whether or not people are on call. The place in the flows is given up, so that a
/// state which cannot be answered does not stay.
[[nodiscard]] bot::Turn safe_turn(const bot::Conversation& before, const HeardAnyway& heard,
                                  bot::TimePoint now);

}  // namespace webhooks::inbound
