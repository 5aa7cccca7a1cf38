#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/http/message.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// What another tool says of one of our cases: somebody there has acknowledged it, or closed it.
struct OutsideNews {
    std::string id;  ///< of the event, the tool's own: twice the same is one
    std::optional<store::EscalationId> escalation;
    std::string code;           ///< of the case, when the tool named that
    std::string by;             ///< name of whoever did it there
    std::string email;          ///< or their address
    bool by_a_person = false;   ///< our own news, echoed, is nobody's
    bool about_a_case = false;  ///< false: of no interest here
};

/// A request that this hook's tool has signed, read in its words. The standard format takes
///   {"type": "escalation.acknowledged" or "escalation.resolved", "data": {"escalation": 7 or "code": "4821",
///    "by": "Maya", "email": "maya@example.org"}}
/// signed as Standard Webhooks are; that of PagerDuty its V3 webhooks (X-PagerDuty-Signature), of which
/// incident.acknowledged and incident.resolved count when a user did it. Pure.
[[nodiscard]] gateways::Parsed<OutsideNews> read_outside(const Endpoint& hook, const http::Request& request,
                                                         bot::TimePoint now);

/// Who of the roster that is, by address or name ("Maya Smith" is Maya); else the name itself, or the hook's.
[[nodiscard]] std::string outside_name(const Roster& roster, const Endpoint& hook, const OutsideNews& news);

}  // namespace webhooks::oncall
