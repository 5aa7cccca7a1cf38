#include "webhooks/outbox/policy.hpp"

#include <array>

namespace webhooks::outbox {

using namespace std::chrono_literals;
using bot::MessageKind;

namespace {

constexpr std::chrono::seconds kForEver = std::chrono::hours{24 * 365};

/// The last wait repeats.
template <std::size_t N>
std::chrono::milliseconds pick(const std::array<std::chrono::milliseconds, N>& waits,
                               std::uint32_t attempts) {
    const std::size_t index = attempts == 0 ? 0 : attempts - 1;
    return waits[index < N ? index : N - 1];
}

}  // namespace

std::chrono::seconds fresh_for(MessageKind kind) noexcept {
    switch (kind) {
        case MessageKind::crisis:
            return 30min;
        case MessageKind::page:
            return kForEver;
        case MessageKind::opt_out_confirm:
            return 24h;
        case MessageKind::staff:
            return 1h;
        case MessageKind::reply:
            return 10min;
        case MessageKind::check_in:
            return 2h;
    }
    return 10min;
}

std::chrono::milliseconds back_off(MessageKind kind, std::uint32_t attempts) noexcept {
    switch (kind) {
        case MessageKind::crisis:
            return pick(std::array<std::chrono::milliseconds, 4>{1s, 3s, 10s, 30s}, attempts);
        case MessageKind::page:
            return pick(std::array<std::chrono::milliseconds, 3>{2s, 5s, 20s}, attempts);
        case MessageKind::opt_out_confirm:
            return pick(std::array<std::chrono::milliseconds, 3>{5s, 1min, 10min}, attempts);
        case MessageKind::check_in:
            return pick(std::array<std::chrono::milliseconds, 3>{30s, 2min, 10min}, attempts);
        case MessageKind::staff:
        case MessageKind::reply:
            return pick(std::array<std::chrono::milliseconds, 4>{1s, 5s, 25s, 60s}, attempts);
    }
    return 5s;
}

std::chrono::milliseconds with_jitter(std::chrono::milliseconds wait, double random) noexcept {
    const double factor = 0.8 + 0.4 * random;
    return std::chrono::milliseconds{static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor)};
}

std::chrono::seconds longest_wait(MessageKind kind) noexcept {
    return kind == MessageKind::crisis || kind == MessageKind::page ? 30s : kForEver;
}

bool may_go_again(MessageKind kind) noexcept {
    return kind != MessageKind::opt_out_confirm && kind != MessageKind::check_in;
}

bool resend_when_uncertain(MessageKind kind, std::uint32_t attempts) noexcept {
    switch (kind) {
        case MessageKind::page:
            return true;
        case MessageKind::crisis:
        case MessageKind::staff:
        case MessageKind::reply:
            return attempts < 2;
        case MessageKind::opt_out_confirm:
        case MessageKind::check_in:
            return false;
    }
    return false;
}

}  // namespace webhooks::outbox
