#pragma once
#include <deque>
#include <optional>
#include <string>

#include "bot/content.hpp"
#include "bot/engine.hpp"
#include "tests/sim/texter.hpp"

namespace sim {

/// One event of a conversation and what the line made of it.
struct Happening {
    bot::TimePoint at;
    const bot::Conversation& before;
    const bot::Event& event;
    std::optional<Intent> intent;  ///< of a text
    const bot::Turn& turn;
};

/// A rule that was broken, and how.
struct Finding {
    std::string rule;
    std::string what;
};

/// What must hold at every step of every conversation, whatever the texter does. One object a contact.
class Rules {
public:
    Rules(const bot::Content& content, bot::LineSettings line, bot::UtcOffset utc_offset)
        : content_(content), line_(std::move(line)), utc_offset_(std::move(utc_offset)) {}

    /// @return the first rule broken by this step, if any
    [[nodiscard]] std::optional<Finding> see(const Happening& happening);

private:
    using Rule = std::optional<Finding> (Rules::*)(const Happening&);
    [[nodiscard]] std::optional<Finding> no_dead_end(const Happening& h);
    [[nodiscard]] std::optional<Finding> opt_out_kept(const Happening& h);
    [[nodiscard]] std::optional<Finding> day_only(const Happening& h);
    [[nodiscard]] std::optional<Finding> danger_escalated(const Happening& h);
    [[nodiscard]] std::optional<Finding> one_question(const Happening& h);
    [[nodiscard]] std::optional<Finding> few_texts(const Happening& h);
    [[nodiscard]] std::optional<Finding> sound(const Happening& h);

    [[nodiscard]] bool night(const bot::Conversation& state, bot::TimePoint at) const;

    const bot::Content& content_;
    bot::LineSettings line_;
    bot::UtcOffset utc_offset_;
    std::deque<bot::TimePoint> unasked_;     ///< when the line spoke of itself, within a day
    std::deque<bot::TimePoint> to_stopped_;  ///< when somebody who opted out was answered, within a day
    int unasked_in_a_row_ = 0;               ///< the same, since they last wrote
    int questions_unanswered_ = 0;           ///< check-ins since they last wrote
};

}  // namespace sim
