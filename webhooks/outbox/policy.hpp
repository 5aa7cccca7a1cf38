#pragma once
#include <chrono>
#include <cstdint>

#include "bot/message.hpp"
#include "bot/time.hpp"

namespace webhooks::outbox {

/// What happens to a send, by kind (reliability.md 1.1).

/// How long a message is worth sending. A stale reply is dropped with a record rather than sent late.
[[nodiscard]] std::chrono::seconds fresh_for(bot::MessageKind kind) noexcept;

/// Wait before try number `attempts` + 1, without jitter. `attempts` counts the tries made, from 1.
[[nodiscard]] std::chrono::milliseconds back_off(bot::MessageKind kind, std::uint32_t attempts) noexcept;

/// `wait` spread by up to a fifth both ways, so that many retries do not come in step.
/// @param random  uniform in [0, 1)
[[nodiscard]] std::chrono::milliseconds with_jitter(std::chrono::milliseconds wait, double random) noexcept;

/// The longest wait a gateway may ask of us (Retry-After) before the next try; a person in danger is not made
/// to wait for a gateway's convenience.
[[nodiscard]] std::chrono::seconds longest_wait(bot::MessageKind kind) noexcept;

/// Whether a message that is known not to have arrived goes again: all but a check-in, which is worth only
/// its moment, and a second opt-out confirmation, which would look like one more text after STOP.
[[nodiscard]] bool may_go_again(bot::MessageKind kind) noexcept;

/// Whether a message whose hand-over is uncertain (no answer, or the process died in between) is sent again
/// under the same id: a doubled answer harms less than silence, a second opt-out confirmation or check-in is
/// worse than none.
/// @param attempts  tries made, the uncertain one included
[[nodiscard]] bool resend_when_uncertain(bot::MessageKind kind, std::uint32_t attempts) noexcept;

}  // namespace webhooks::outbox
