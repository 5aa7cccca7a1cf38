#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/oncall/cases.hpp"

namespace webhooks::oncall {

/// What the functions on cases share: a step of the pure ladder made durable. Everything is rows of the
/// caller's transaction.

/// Put on disk what the ladder asked for, and the ladder itself. @return news for the texter.
std::vector<Told> carry_out(store::StoreTx& tx, const Roster& roster, store::EscalationRow& row,
                            const bot::Climb& climb, bot::TimePoint now);

/// Live event and webhooks: ids and states, never words or numbers.
/// @param key  unique in the case: a second one changes nothing
void tell_world(store::StoreTx& tx, const Roster& roster, const store::EscalationRow& row,
                std::string_view event, std::string_view key, bot::TimePoint now);
/// The live event alone.
void publish_case(store::StoreTx& tx, const store::EscalationRow& row, std::string_view event,
                  bot::TimePoint now);

/// The key of a text to somebody on call about a case: a second text of the same key is none.
[[nodiscard]] std::string key_for(const store::EscalationRow& row, std::string_view name,
                                  std::string_view attempt);
/// Attempts count from the start of a ladder, and a raised case starts a graver one: the priority keeps them
/// apart.
[[nodiscard]] std::string attempt_key(const store::EscalationRow& row, std::uint32_t attempt);

/// Who can be reached, by what the store knows beside the configuration.
[[nodiscard]] bot::Reach reach_now(store::StoreTx& tx, const Roster& roster, bot::TimePoint now);

/// Whoever has the case, when they are on the roster.
[[nodiscard]] const bot::Responder* holder_of(const Roster& roster, const store::EscalationRow& row);

}  // namespace webhooks::oncall
