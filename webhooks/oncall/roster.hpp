#pragma once
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/escalation.hpp"

namespace webhooks::oncall {

/// Another system that is told of escalations by signed webhook (Standard Webhooks).
struct Endpoint {
    std::string name;
    std::string url;
    std::string secret;            ///< "whsec_..."
    std::set<std::string> events;  ///< "escalation.opened" ...; empty: all
};

/// Who is on call and how they are reached. Immutable after start.
struct Roster {
    std::vector<bot::Responder> people;
    std::array<bot::EscalationPolicy, 4> policies;  ///< by priority
    std::string page_account;                       ///< gateway account that pages leave by
    std::string page_channel;                       ///< our number there
    std::vector<Endpoint> endpoints;
    std::string case_link;  ///< put in pages with the code appended; empty: no link

    [[nodiscard]] const bot::Responder* by_name(std::string_view name) const noexcept;
    [[nodiscard]] const bot::Responder* by_phone(std::string_view e164) const noexcept;
    [[nodiscard]] const bot::EscalationPolicy& policy(bot::Priority priority) const noexcept {
        return policies[static_cast<std::size_t>(priority)];
    }
};

}  // namespace webhooks::oncall
