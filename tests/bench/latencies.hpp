#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// Every single latency is kept: percentiles are exact.
class Latencies {
public:
    void add(Clock::duration took) {
        values_.push_back(std::chrono::duration<double, std::milli>(took).count());
    }
    void clear() { values_.clear(); }
    [[nodiscard]] std::size_t count() const noexcept { return values_.size(); }
    /// Milliseconds below which that share of all lies; 0 when there is none.
    [[nodiscard]] double at(double share) {
        if (values_.empty()) return 0;
        const auto index = std::min(values_.size() - 1,
                                    static_cast<std::size_t>(share * static_cast<double>(values_.size())));
        std::nth_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(index),
                         values_.end());
        return values_[index];
    }

private:
    std::vector<double> values_;
};

}  // namespace bench
