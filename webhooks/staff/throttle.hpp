#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace webhooks::staff {

/// Holds back who guesses passwords. After a few failures of one account from one address each further one
/// doubles the wait; one address, and one account from wherever, have wider limits of their own, so that a
/// stranger can hardly lock out somebody on call. In memory and bounded. Net thread only.
class Throttle {
public:
    using Clock = std::chrono::steady_clock;

    /// How long this attempt has to wait; nothing: it may be made.
    [[nodiscard]] std::optional<std::chrono::seconds> wait(const std::string& account,
                                                           const std::string& address,
                                                           Clock::time_point now) const;
    void failed(const std::string& account, const std::string& address, Clock::time_point now);
    void succeeded(const std::string& account, const std::string& address);

private:
    struct Failures {
        int count = 0;
        Clock::time_point last;
        Clock::time_point until;
    };
    void count(const std::string& key, int free, Clock::time_point now);
    std::map<std::string, Failures> failures_;
};

}  // namespace webhooks::staff
