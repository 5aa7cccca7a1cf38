#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/gateways/twilio_calls.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// A voice call between whoever has a case and its texter, put through by the gateway: the holder's phone
/// rings first, and once a human there has pressed a key the texter is called. Both see a number of the line,
/// never the other's. Each step is told to the dashboards and stands in the case's history: `call_asked`,
/// `call_placed`, `call_answered`, then `call_ended`, `call_unanswered` or `call_not_made`. Everything is
/// rows of the caller's transaction.

/// Why nobody is called.
enum class BridgeBar { none, not_taken, held_by_other, cannot_call, unsafe_to_ring };
struct BridgeAsked {
    BridgeBar bar = BridgeBar::none;
    bool is_new = false;  ///< false without a bar: this request rings already, or has rung
};
/// "CALL 4821", or the same at the dashboard. An opt-out is no bar: it is about texts.
/// @param request  names this one: the same again calls nobody twice
[[nodiscard]] BridgeAsked ask_for_bridge(store::StoreTx& tx, const Roster& roster, const bot::Responder& who,
                                         const store::EscalationRow& row, std::string_view request,
                                         bot::TimePoint now);
/// What is said by text to whoever asked.
[[nodiscard]] std::string words_of(BridgeBar bar, const store::EscalationRow& row);

/// What is said to the holder, or whom the gateway is to dial.
struct BridgeStep {
    std::string words;
    bool goes_on = false;      ///< a key is waited for
    std::string dial;          ///< the texter's number; empty: nobody is dialled
    std::string shown;         ///< the number of ours that the texter sees
    std::optional<Told> told;  ///< news for the texter's conversation
};
/// A webhook of the call to the holder.
[[nodiscard]] BridgeStep answer_bridge(store::StoreTx& tx, const Roster& roster, const store::PageRow& page,
                                       const gateways::CallNews& news, bot::TimePoint now);
/// The texter has picked up: a human speaks with them, and the lease is extended.
[[nodiscard]] std::optional<Told> bridge_talks(store::StoreTx& tx, const Roster& roster,
                                               const store::PageRow& page, bot::TimePoint now);
/// The holder's phone could not be reached: they are told by text.
void bridge_not_made(store::StoreTx& tx, const Roster& roster, const store::PageRow& page,
                     store::PageState state, bot::TimePoint now);

}  // namespace webhooks::oncall
