#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "bot/time.hpp"

namespace webhooks::staff {

/// Random texts that a browser has to bring back once, soon, and for what it was given them. What is given
/// out carries its own proof, so that a stranger who asks for many fills nothing; only what was brought back
/// in good order is remembered, until it would be too old anyway. None outlives the process. Net thread only.
class Challenges {
public:
    static constexpr std::chrono::minutes kLast{5};

    Challenges();
    /// In base64url. @param purpose  what it is good for, and nothing else
    [[nodiscard]] std::string issue(std::string_view purpose, bot::TimePoint now) const;
    [[nodiscard]] bool is_open(std::string_view challenge, std::string_view purpose,
                               bot::TimePoint now) const;
    /// Always the same text for the same purpose, which nobody else can tell: 43 characters of base64url.
    [[nodiscard]] std::string derived(std::string_view purpose) const;
    /// Uses up an open one.
    void use(std::string_view challenge, bot::TimePoint now);

private:
    [[nodiscard]] std::string proof(std::string_view head, std::string_view purpose) const;

    std::string key_;
    std::map<std::string, bot::TimePoint, std::less<>> used_;  ///< when
};

}  // namespace webhooks::staff
