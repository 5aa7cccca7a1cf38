#include "webhooks/outbox/rate.hpp"

#include <algorithm>

namespace webhooks::outbox {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kAtOnce = 100ms;
constexpr std::size_t kFewestWays = 16;
constexpr std::size_t kMostWays = 256;
constexpr std::size_t kUrgentWays = 16;  // beside those

std::size_t less(std::size_t all, std::size_t used) { return all - std::min(all, used); }

}  // namespace

NumberRate::NumberRate(int per_second)
    : interval_(std::chrono::nanoseconds{1s} / std::max(per_second, 1)),
      ways_(std::clamp(static_cast<std::size_t>(std::max(per_second, 1)) / 2, kFewestWays, kMostWays)) {}

store::Allowance NumberRate::allowance(TimePoint now) const {
    const TimePoint first = std::max(next_, now);
    if (first > now + kAtOnce) return {0, 0};
    const auto due = static_cast<std::size_t>((now + kAtOnce - first) / interval_) + 1;
    const std::size_t all = std::min(due, less(ways_ + kUrgentWays, urgent_ + others_));
    return {all, now < paused_until_ ? 0 : std::min(all, less(ways_, others_))};
}

void NumberRate::began(bot::MessageKind kind, TimePoint now) {
    next_ = std::max(next_, now) + interval_;
    ++(store::is_urgent(kind) ? urgent_ : others_);
}

void NumberRate::ended(bot::MessageKind kind) { --(store::is_urgent(kind) ? urgent_ : others_); }

std::optional<NumberRate::TimePoint> NumberRate::full_until(TimePoint now) const {
    const TimePoint free = next_ - kAtOnce;
    return free > now ? std::optional(free) : std::nullopt;
}

store::AllowanceOf Rates::allowances(TimePoint now) const {
    std::map<Number, store::Allowance> all;
    for (const auto& [number, rate] : rates_) all.emplace(number, rate.allowance(now));
    return [all = std::move(all)](std::string_view account, std::string_view channel) {
        const auto found = all.find({std::string(account), std::string(channel)});
        return found == all.end() ? store::Allowance{1, 1} : found->second;
    };
}

std::set<std::string> Rates::accounts() const {
    std::set<std::string> names;
    for (const auto& [number, rate] : rates_) names.insert(number.first);
    return names;
}

NumberRate& Rates::of(const std::string& account, const std::string& channel) {
    return rates_.try_emplace({account, channel}, per_second_(account)).first->second;
}

std::optional<Rates::TimePoint> Rates::full_until(TimePoint now) const {
    std::optional<TimePoint> earliest;
    for (const auto& [number, rate] : rates_) {
        const auto until = rate.full_until(now);
        if (until && (!earliest || *until < *earliest)) earliest = until;
    }
    return earliest;
}

}  // namespace webhooks::outbox
