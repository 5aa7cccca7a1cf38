#include "webhooks/staff/throttle.hpp"

#include <algorithm>
#include <array>

namespace webhooks::staff {

namespace {

using std::chrono::seconds;

constexpr int kFreeForPair = 5;
constexpr int kFreeForAddress = 30;
constexpr int kFreeForAccount = 100;
constexpr seconds kLongest{900};
constexpr seconds kForgotten{3'600};
constexpr std::size_t kMost = 20'000;

std::array<std::string, 3> keys_of(const std::string& account, const std::string& address) {
    return {"pair/" + address + "/" + account, "address/" + address, "account/" + account};
}

}  // namespace

std::optional<seconds> Throttle::wait(const std::string& account, const std::string& address,
                                      Clock::time_point now) const {
    seconds longest{0};
    for (const std::string& key : keys_of(account, address)) {
        const auto found = failures_.find(key);
        if (found == failures_.end()) continue;
        longest = std::max(longest, std::chrono::ceil<seconds>(found->second.until - now));
    }
    return longest > seconds{0} ? std::optional(longest) : std::nullopt;
}

void Throttle::failed(const std::string& account, const std::string& address, Clock::time_point now) {
    std::erase_if(failures_, [&](const auto& entry) { return now - entry.second.last > kForgotten; });
    if (failures_.size() >= kMost) failures_.clear();  // a flood from everywhere: start over, do not grow
    const auto keys = keys_of(account, address);
    count(keys[0], kFreeForPair, now);
    count(keys[1], kFreeForAddress, now);
    count(keys[2], kFreeForAccount, now);
}

void Throttle::count(const std::string& key, int free, Clock::time_point now) {
    Failures& failures = failures_[key];
    failures.last = now;
    const int over = ++failures.count - free;
    if (over < 0) return;
    failures.until = now + std::min(kLongest, seconds{1LL << std::min(over, 20)});
}

void Throttle::succeeded(const std::string& account, const std::string& address) {
    failures_.erase(keys_of(account, address)[0]);
}

}  // namespace webhooks::staff
