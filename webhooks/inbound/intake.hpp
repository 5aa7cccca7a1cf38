#pragma once
#include <memory>
#include <string>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::inbound {

/// What one inbound message came to, for the answer and the metrics.
struct Received {
    store::Seen seen = store::Seen::first;
    TurnOutcome turn;
    std::optional<oncall::Acknowledged> acknowledged;
    bool from_responder = false;
};

/// The inbound unit as one job: record once, lock the contact, advance, save (DESIGN 1, 5). May run again
/// after a rollback; `out` then holds the last run. The same job serves webhooks and `handrail quarantine
/// replay`. Listens to the text at once, on the caller's thread (bot/hearing.hpp).
/// @param gateway_answers  the gateway answers this very text itself (`Gateway::answers_keyword`)
[[nodiscard]] store::Store::Job receive_job(std::shared_ptr<const Line> line, std::string account,
                                            gateways::InboundMessage message, bool gateway_answers,
                                            std::shared_ptr<Received> out);

/// A delivery report as one job: the message's state moves forward; a carrier's opt-out becomes ours; a page
/// that failed goes into its case's history, and its ladder need not wait.
[[nodiscard]] store::Store::Job report_job(std::shared_ptr<const Line> line, std::string account,
                                           gateways::DeliveryReport report);

}  // namespace webhooks::inbound
