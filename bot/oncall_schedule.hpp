#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"

namespace bot {

/// A reading of the clock on the wall, in whatever zone stands beside it.
using WallTime = std::chrono::local_time<std::chrono::seconds>;

/// The instants at which a clock on the wall of `zone` shows `wall`: two when it is put back over it, the
/// same one twice else. When it is put forward over it, the instant of that.
struct Instants {
    TimePoint first{};
    TimePoint last{};
};
[[nodiscard]] Instants instants_of(WallTime wall, std::string_view zone, const UtcOffset& offset);
/// What a clock on the wall shows at an instant.
[[nodiscard]] WallTime wall_at(TimePoint at, std::string_view zone, const UtcOffset& offset);

// All shifts begin at the first instant their clock shows the beginning and end at the last one it shows the
// end (GoAlert's rule): when clocks change there is an overlap, never a gap (I7).

/// People who take turns.
struct Rotation {
    enum class Every { hours, days, weeks };
    std::string name;
    std::vector<std::string> people;  ///< in their order
    Every unit = Every::weeks;
    int every = 1;         ///< so many units is a turn
    WallTime hand_over{};  ///< when the first person's turn begins; hours count from there on, days and weeks
                           ///< are handed over at this time of day
};

/// Who of a schedule is on call at which hours.
struct ScheduleRule {
    std::string on_call;       ///< a rotation or a person
    std::uint8_t days = 0x7f;  ///< bit 0 is Monday; of the beginning
    std::chrono::minutes from{0};
    std::chrono::minutes until{0};  ///< as late as `from` or earlier: on the day after
};
struct Schedule {
    std::string name;
    std::string zone;
    std::vector<ScheduleRule> rules;
};

/// For a time, another person.
struct Override {
    std::string schedule;
    TimePoint from{};
    TimePoint until{};
    std::string person;      ///< on call; empty: nobody in the place of `instead_of`
    std::string instead_of;  ///< empty: in the place of everybody
};

/// From one instant to the next nothing changes.
struct Slot {
    TimePoint from{};
    TimePoint until{};
    std::vector<std::string> people;
};

/// Who is on call, as wall-clock rules. Pure: the zone's offset comes from the outside. Immutable after it
/// has been filled.
struct Rota {
    std::vector<Rotation> rotations;
    std::vector<Schedule> schedules;
    std::vector<Override> overrides;

    [[nodiscard]] const Schedule* schedule(std::string_view name) const noexcept;
    [[nodiscard]] const Rotation* rotation(std::string_view name) const noexcept;
    /// Everybody whom the schedule puts on call at `at`; nobody for one that is not known.
    [[nodiscard]] std::vector<std::string> on_call(std::string_view schedule, TimePoint at,
                                                   const UtcOffset& offset) const;
    /// The same from `from` to `until`, piece by piece; neighbours differ.
    [[nodiscard]] std::vector<Slot> slots(std::string_view schedule, TimePoint from, TimePoint until,
                                          const UtcOffset& offset) const;
};

}  // namespace bot
