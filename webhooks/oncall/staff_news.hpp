#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// How staff and their systems are told anything: rows of the caller's transaction.

/// A text to a responder's phone. A second one of the same `key` changes nothing.
void text_responder(store::StoreTx& tx, const Roster& roster, const bot::Responder& who, std::string text,
                    std::optional<store::EscalationId> escalation, std::string key, bot::TimePoint now);

/// A webhook to every endpoint that wants this event. A second one of the same `key` changes nothing.
void call_hooks(store::StoreTx& tx, const Roster& roster, std::string_view event, const nlohmann::json& facts,
                const std::string& key, bot::TimePoint now);

/// The one webhook that a person is paged by; of an endpoint that is not there any more, nothing.
/// @param row  the case; nothing for a test
void call_hook(store::StoreTx& tx, const Roster& roster, const store::PageRow& page,
               const std::optional<store::EscalationRow>& row, bot::TimePoint now);

/// What other systems learn of a case: ids and states, never words or numbers.
[[nodiscard]] nlohmann::json facts_of(const store::EscalationRow& row);

}  // namespace webhooks::oncall
