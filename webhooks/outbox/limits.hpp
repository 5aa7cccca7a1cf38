#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::outbox {

/// What may be sent at all, whoever asks: where to, how much of it, and how often by itself. 0 is no limit.
/// Counted in segments, for that is what costs.
struct SendingLimits {
    std::vector<std::string> allowed_prefixes;  ///< "+1"; empty: everywhere
    int per_number_a_day = 0;
    int per_prefix_an_hour = 0;  ///< numbers alike but for their last four digits
    int an_hour = 0;
    int a_day = 0;
    /// Replies of the bot to one contact (reliability.md I12), more only as they say different things.
    int automatic_in_10_min = 6;
    int automatic_a_day = 40;
};

/// The error code of what is not sent because two machines seem to answer each other.
inline constexpr std::string_view kLoop = "loop";

/// Checks a claimed text in the transaction that claims it. Crisis texts are counted and pass, pages
/// pass uncounted. Immutable; store thread.
class Limits {
public:
    explicit Limits(SendingLimits settings = {}, std::string halt_file = {})
        : settings_(std::move(settings)), halt_file_(std::move(halt_file)) {}

    /// Why this text is not to leave, as its error code; nothing when it may. A text that may is counted.
    [[nodiscard]] std::optional<std::string> forbids(store::StoreTx& tx, const store::Claimed& message,
                                                     bot::TimePoint now) const;
    /// While the halt file exists nothing but pages leaves (`handrail halt`). Any thread.
    [[nodiscard]] bool is_halted() const;

private:
    [[nodiscard]] bool is_abroad(std::string_view number) const;
    [[nodiscard]] bool is_loop(store::StoreTx& tx, const store::Claimed& message, bot::TimePoint now) const;

    SendingLimits settings_;
    std::string halt_file_;
};

}  // namespace webhooks::outbox
