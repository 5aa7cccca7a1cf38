#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/oncall/roster.hpp"

namespace webhooks::oncall {

/// One webhook as it is sent.
struct HookBody {
    std::string body;
    std::vector<std::string> headers;  ///< beside those of the signature
};

/// A stored event in the words of the system that is told: as it stands (standard), a sentence (Slack's
/// incoming webhooks, an Adaptive Card for Teams' workflows), or an alert that the same case opens,
/// acknowledges and closes (PagerDuty Events v2, GoAlert's generic API). Never a texter's words or number.
/// @param payload  what `call_hooks` stored: {"type", "timestamp", "data"}
[[nodiscard]] HookBody render_hook(const Endpoint& endpoint, std::string_view payload);

/// The event in one sentence.
[[nodiscard]] std::string hook_sentence(std::string_view payload);

}  // namespace webhooks::oncall
