#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "bot/event.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

/// A conversation that a person has: the bot is silent, consent and danger are still looked at (DESIGN 2).

/// Without a word of staff for so long the bot takes it back (content brief, flow "human"). Its holder is
/// asked first, and has the rest of the time to answer.
inline constexpr std::chrono::minutes kHoldLasts{30};
inline constexpr std::chrono::minutes kHoldAnswered{5};
/// They want texts of ours. Who has only been asked on the web's behalf has not agreed to anything.
[[nodiscard]] bool has_agreed(const Conversation& state);
/// They have written, and nobody has said anything since.
[[nodiscard]] bool texter_waits(const Conversation& state);
/// When a held conversation goes back to the bot unless its holder does something; empty when nobody has it.
[[nodiscard]] std::optional<TimePoint> hold_ends(const Conversation& state);
/// The same, once its holder has been asked whether they are still there.
[[nodiscard]] std::optional<TimePoint> idle_until(const Conversation& state);

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
void heed(TurnBuilder& turn, const StaffStays& event);
void heed(TurnBuilder& turn, const StaffTagged& event);
void heed(TurnBuilder& turn, const StaffHandedBack& event);
/// Whether the timer of this name is the hold's. If so it has been answered: the holder is asked whether they
/// are still there, and later the bot takes the conversation back; whoever still waits for an answer gets
/// another person.
bool hold_timer_fired(TurnBuilder& turn, std::string_view name);
/// Every hold ends: one without its timer (an opt-out cancels all, an old state has none) gets it.
void keep_hold_timed(TurnBuilder& turn);

}  // namespace bot
