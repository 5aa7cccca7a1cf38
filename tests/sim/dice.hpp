#pragma once
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

namespace sim {

/// Chance that a seed repeats, on every machine: only the engine of <random> is the same everywhere, its
/// distributions are not.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    /// 0 to `below` - 1.
    [[nodiscard]] std::size_t below(std::size_t below) { return static_cast<std::size_t>(engine_() % below); }
    [[nodiscard]] int between(int low, int high) {
        return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1)));
    }
    [[nodiscard]] bool chance(double probability) {
        return static_cast<double>(engine_() >> 11U) * 0x1p-53 < probability;
    }
    [[nodiscard]] std::chrono::seconds between(std::chrono::seconds low, std::chrono::seconds high) {
        return low + std::chrono::seconds{below(static_cast<std::size_t>((high - low).count()) + 1)};
    }
    template <class T>
    [[nodiscard]] const T& one_of(const std::vector<T>& list) {
        return list[below(list.size())];
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace sim
