#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

/// A conversation that a person has: the bot is silent, consent and danger are still looked at (DESIGN 2).

/// Without a word of staff for so long the bot takes it back (content brief, flow "human"). The timer's name.
inline constexpr std::chrono::minutes kHoldLasts{30};
inline constexpr std::string_view kHoldTimer = "hold";
/// A text this soon after the texter's own answers it, by night too.
inline constexpr std::chrono::minutes kAnswerLasts{30};

/// What keeps a person from writing to the texter. Only the night can be overridden.
enum class ReplyBar { none, not_taken, held_by_other, opted_out, no_consent, unsafe_to_text, quiet_hours };
[[nodiscard]] std::string_view to_string(ReplyBar bar) noexcept;  ///< "opted_out"; empty for none

struct ReplyCheck {
    ReplyBar bar = ReplyBar::none;
    std::optional<TimePoint> until;  ///< quiet hours: when they end
};
[[nodiscard]] ReplyCheck check_reply(const TurnBuilder& turn, std::string_view by);

/// What a person typed, as it leaves: {staff}, {org} and other placeholders of the line filled, quotes and
/// dashes plain.
struct ReplyWords {
    std::string text;
    std::string unknown;  ///< a placeholder that a person cannot use: nothing may leave
};
[[nodiscard]] ReplyWords reply_words(std::string_view typed, std::string_view by, const LineSettings& line);

void heed(TurnBuilder& turn, const StaffTook& event);
void heed(TurnBuilder& turn, const StaffWrote& event);
void heed(TurnBuilder& turn, const StaffNoted& event);
void heed(TurnBuilder& turn, const StaffTagged& event);
void heed(TurnBuilder& turn, const StaffHandedBack& event);
/// Nobody of staff has written for too long. Whoever still waits for an answer gets another person.
void hold_ran_out(TurnBuilder& turn);
/// Every hold ends: one without its timer (an opt-out cancels all, an old state has none) gets it.
void keep_hold_timed(TurnBuilder& turn);

}  // namespace bot
