#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/consent.hpp"
#include "bot/effect.hpp"
#include "bot/language.hpp"
#include "bot/priority.hpp"
#include "bot/time.hpp"

namespace bot {

/// The state of one contact: all that `Engine::advance` needs to answer the next event. A value; the store
/// keeps it as sealed JSON and nothing caches it.
struct Conversation {
    Consent consent = Consent::none;
    Language language = Language::en;
    bool language_known = false;  ///< the texter has shown or chosen it
    bool discreet = false;        ///< no word of drugs or treatment in texts that we begin
    std::string time_zone;        ///< IANA; empty: the line's own

    std::vector<Position> stack;     ///< where we are; the last one speaks, those below are come back to
    std::optional<Position> parked;  ///< the place a danger flow or a person interrupted
    int misses_here = 0;             ///< answers not understood at this step
    int misses = 0;                  ///< not understood in a row, anywhere, within 24 h of `first_miss`
    TimePoint first_miss{};

    std::map<std::string, std::string> facts;  ///< captured answers by field name
    std::set<std::string> tags;

    /// The escalation this contact has open, as far as the bot needs to know.
    struct Danger {
        std::string reason;
        Priority priority = Priority::p1;
        bool acknowledged = false;  ///< somebody has seen to it; a raise does not undo it
        bool exhausted = false;     ///< the ladder ran out: holding texts until somebody comes
        bool late = false;          ///< the texter was told that nobody has answered yet (NOA.2, NOA.3)
    };
    std::optional<Danger> danger;

    /// Low signs of danger lately: each adds one, and what there is fades with time. None means danger by
    /// itself; three within a day are asked about.
    struct Signs {
        double level = 0;
        TimePoint at{};  ///< when it was that high
    };
    std::optional<Signs> signs;

    std::optional<std::string> held_by;  ///< a person has the conversation: the bot is silent
    bool quiet_hold = false;             ///< unsafe to text: nothing until they write (violence flow)

    /// A wait that has been asked for: which turn set it, and when it is due. A `TimerFired` that does not
    /// match (replaced, cancelled, delivered twice) is stale and says nothing.
    struct Timer {
        std::uint64_t turn = 0;
        TimePoint due{};
    };
    std::map<std::string, Timer> timers;

    std::optional<TimePoint> visit;  ///< the next one, as staff entered it

    std::uint64_t turn = 0;       ///< counts answered events; a timer set before the last one may not speak
    std::uint64_t said_turn = 0;  ///< the turn in which we, bot or staff, said something last
    std::uint64_t step_turn = 0;  ///< the turn in which the current step was entered
    std::optional<TimePoint> last_inbound;
    std::string pieces;  ///< the last very short texts, joined: danger may come in pieces ("kill" / "myself")
    std::optional<TimePoint> last_said;        ///< our last text: a holding text comes 5 min after it at most
    std::optional<TimePoint> last_out_notice;  ///< OUT.3 to an opted-out person: at most one in 24 h
    std::optional<TimePoint> last_out_danger;  ///< OUT.2 / OUT.6: the same, on its own count
    bool out_pointer_sent = false;             ///< OUT.8 after OUT.2 or OUT.6: once
};

/// JSON for the store; `parse_conversation` reads every version ever written.
[[nodiscard]] std::string serialize(const Conversation& conversation);
[[nodiscard]] boost::system::result<Conversation> parse_conversation(std::string_view json);

}  // namespace bot
