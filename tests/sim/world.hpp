#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/escalation.hpp"
#include "tests/sim/rules.hpp"

namespace sim {

/// The line under test: `bot::Engine::advance`, or a broken one in the tests of the simulator itself.
using Advance = std::function<bot::Turn(bot::Conversation, const bot::Event&, bot::TimePoint)>;

/// What a year with one texter came to.
struct Year {
    std::size_t texts_in = 0;
    std::size_t texts_out = 0;
    std::size_t events = 0;
    std::size_t escalations = 0;
    std::size_t opt_outs = 0;
    std::optional<Finding> finding;
    std::vector<std::string> story;  ///< the last happenings before the finding
};

/// One contact, the people on call, and time, which jumps from one happening to the next.
class World {
public:
    World(Advance advance, const bot::Content& content, const bot::LineSettings& line, std::uint64_t seed);

    /// Plays until `days` have passed or a rule is broken.
    [[nodiscard]] Year play(int days);

private:
    enum class StaffAct { acknowledge, take, hand_back, resolve };
    struct Plan {
        bot::TimePoint at;
        StaffAct act;
    };

    void step();
    void texter_writes();
    void ladder_due();
    void staff_acts();
    void happen(const bot::Event& event, std::optional<Intent> intent = std::nullopt);
    void heed(const bot::Effect& effect);
    void open(bot::Priority priority);
    void climb(const bot::EscalationEvent& event);
    void plan_staff();
    void tell(const std::string& what);
    [[nodiscard]] std::optional<bot::TimePoint> timer_due() const;

    Advance advance_;
    Dice dice_;
    Texter texter_;
    Rules rules_;
    bot::Conversation state_;
    bot::TimePoint now_;
    bot::TimePoint writes_at_;
    std::optional<bot::Escalation> case_;
    std::vector<Plan> plans_;
    std::deque<std::string> story_;
    Year year_;
};

/// Time zones without the shell: the line's own, with its summer time of 2026 and 2027; anything else is UTC.
[[nodiscard]] std::chrono::seconds new_york(std::string_view zone, bot::TimePoint at);

}  // namespace sim
