#pragma once
#include <string>
#include <vector>

#include "bot/conversation.hpp"

namespace webhooks::inbound {

/// A conversation came to a step, or went on from it by an answer. An empty step is the flow as a whole: it
/// was begun, or gone through to its end.
struct FlowMove {
    std::string flow, step;
    bool came = false;  ///< false: went on
    bool operator==(const FlowMove&) const = default;
};

/// What a turn moved. Asked once more at the same step is no move; what danger or a person interrupts is come
/// back to, and not left; an opt-out leaves where it stands.
/// @param answered  the texter wrote; a timer and staff lead away without an answer
[[nodiscard]] std::vector<FlowMove> flow_moves(const bot::Conversation& before,
                                               const bot::Conversation& after, bool answered);

}  // namespace webhooks::inbound
