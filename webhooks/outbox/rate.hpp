#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "bot/message.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::outbox {

/// How fast one of our numbers sends: so many messages a second, evenly, at most a tenth of a second's worth
/// at once, and a bounded number under way. Some of the ways are kept for urgent texts, so that a gateway
/// that hangs on bot replies still takes a page; those count towards the number's rate like any other. Times
/// are the caller's.
class NumberRate {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// @param per_second  at least 1
    explicit NumberRate(int per_second);

    [[nodiscard]] store::Allowance allowance(TimePoint now) const;
    /// A message of this kind is on its way, or has come to its end.
    void began(bot::MessageKind kind, TimePoint now);
    void ended(bot::MessageKind kind);
    /// The gateway asked us to wait: all but urgent texts do.
    void pause(TimePoint until) { paused_until_ = std::max(paused_until_, until); }
    /// When the rate next allows a message, if it does not now.
    [[nodiscard]] std::optional<TimePoint> full_until(TimePoint now) const;

private:
    std::chrono::nanoseconds interval_;
    std::size_t ways_;  // for messages that are not urgent
    TimePoint next_{};  // when the next message would be due if they left evenly (GCRA, ITU-T I.371)
    TimePoint paused_until_{};
    std::size_t urgent_ = 0;  // under way
    std::size_t others_ = 0;
};

/// The rates of all our numbers. Net thread only; what `allowances` gives away may be asked on any thread.
class Rates {
public:
    using TimePoint = NumberRate::TimePoint;
    using PerSecond = std::function<int(std::string_view account)>;

    explicit Rates(PerSecond per_second) : per_second_(std::move(per_second)) {}

    /// A copy for the store thread. A number that has never sent may send one.
    [[nodiscard]] store::AllowanceOf allowances(TimePoint now) const;
    /// Those that have sent.
    [[nodiscard]] std::set<std::string> accounts() const;
    [[nodiscard]] NumberRate& of(const std::string& account, const std::string& channel);
    /// The earliest `full_until` of all numbers.
    [[nodiscard]] std::optional<TimePoint> full_until(TimePoint now) const;

private:
    using Number = std::pair<std::string, std::string>;
    PerSecond per_second_;
    std::map<Number, NumberRate> rates_;
};

}  // namespace webhooks::outbox
