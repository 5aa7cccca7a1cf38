#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/oncall/cases.hpp"

namespace webhooks::oncall {

/// A text from a responder's phone, and what was heard beside its words.
struct FromResponder {
    std::string_view text;
    std::int64_t inbound_id = 0;
    bool danger = false;           ///< the ears heard danger in it
    bool carrier_stopped = false;  ///< the gateway took it for an opt-out, whatever it says
};

struct ResponderText {
    std::vector<Told> told;
    std::optional<Acknowledged> acknowledged;
    /// Called as they had asked, and not reached ("DONE 4821 no answer"): for the caller to tell the flow.
    std::optional<store::ContactId> missed_call{};
    std::string outcome;  ///< "ack", "ack_late", "pass", "reached", "done", "call", "help", "stop", "danger"
};

/// "ACK 4821" takes a case, "PASS 4821" hands it on, "REACHED 4821" says that they talk with the texter,
/// "DONE 4821" closes it; without a number the one that can be meant. STOP is not answered and switches no
/// pager off, but everybody else on call is told (I4). Danger in it is answered with where help is, and
/// everybody else is told. Anything else is answered with what to send. Works inside the caller's
/// transaction; never reaches the flows.
[[nodiscard]] ResponderText answer_responder(store::StoreTx& tx, const Roster& roster,
                                             const bot::Responder& who, const FromResponder& message,
                                             bot::TimePoint now);

}  // namespace webhooks::oncall
