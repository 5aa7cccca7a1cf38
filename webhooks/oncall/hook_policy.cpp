#include "webhooks/oncall/hook_policy.hpp"

#include "webhooks/outbox/policy.hpp"

namespace webhooks::oncall {

using namespace std::chrono_literals;

std::optional<std::chrono::milliseconds> hook_back_off(std::uint32_t attempts, double random) noexcept {
    static constexpr std::chrono::seconds kWaits[]{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    if (attempts == 0 || attempts > std::size(kWaits)) return std::nullopt;
    return outbox::with_jitter(kWaits[attempts - 1], random);
}

}  // namespace webhooks::oncall
