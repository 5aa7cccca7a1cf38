#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "webhooks/signup/settings.hpp"

namespace webhooks::signup {

/// At most so many a while for each key, in constant memory: one time a slot (the generic cell rate
/// algorithm, ITU-T I.371), keys put into slots by a keyed hash. Two keys that share a slot share its
/// allowance: under a flood it refuses too much rather than too little, and nobody can push another's count
/// out.
class Rate {
public:
    using Clock = std::chrono::steady_clock;

    /// @param count  so many within `span`, all at once if need be
    /// @param slots  1: one allowance for all keys
    Rate(int count, Clock::duration span, std::size_t slots);

    /// How long until this key may go on; nothing: now.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(std::string_view key, Clock::time_point now) const;
    void take(std::string_view key, Clock::time_point now);

private:
    [[nodiscard]] std::size_t slot_of(std::string_view key) const noexcept;

    Clock::duration span_, each_;
    std::array<unsigned char, 16> hash_key_{};
    std::vector<Clock::time_point> paid_until_;
};

/// What keeps sign-ups from becoming somebody's income or a nuisance (T4). Net thread only.
class Limits {
public:
    using Clock = Rate::Clock;
    struct Full {
        const char* which;  ///< "address", "prefix", "all"
        std::chrono::seconds wait;
    };

    explicit Limits(const Settings& settings);

    /// Counts this sign-up, or tells which limit it meets; one that is refused is not counted anywhere.
    /// @param address  of the browser
    [[nodiscard]] std::optional<Full> admit(std::string_view address, std::string_view e164,
                                            Clock::time_point now);
    /// Whether this number has not been given too often: nobody may learn of it, so this is asked last and
    /// changes no answer.
    [[nodiscard]] bool admit_number(std::string_view e164, Clock::time_point now);

private:
    Rate address_, prefix_, hour_, day_, number_;
};

}  // namespace webhooks::signup
