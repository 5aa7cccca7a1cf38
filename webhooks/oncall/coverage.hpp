#pragma once
#include <string>
#include <vector>

#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// What the store knows beside the configuration.
struct Known {
    std::vector<bot::Override> overrides;
    std::vector<store::ResponderRow> responders;

    [[nodiscard]] const store::ResponderRow* of(std::string_view name) const noexcept;
};
[[nodiscard]] Known known_now(store::StoreTx& tx, bot::TimePoint now);

/// A time in which a page might wake nobody.
struct Gap {
    std::string target;  ///< the schedule or person on a first rung
    bot::TimePoint from{};
    bot::TimePoint until{};
    std::string why;  ///< "nobody is on call", "Maya: phone says STOP", "Maya: not heard from for 30 days"
};

/// Every slot of whoever is paged first, of any priority, has to have one phone that is not opted out and
/// from which something was heard lately.
/// @param now  against which "lately" counts
[[nodiscard]] std::vector<Gap> gaps_of(const Roster& roster, const Known& known, bot::TimePoint from,
                                       bot::TimePoint until, bot::TimePoint now);

}  // namespace webhooks::oncall
