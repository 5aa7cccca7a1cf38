#include "bot/working_hours.hpp"

#include <optional>

#include "bot/oncall_schedule.hpp"

namespace bot {

namespace {

using Days = std::chrono::days;
using LocalDay = std::chrono::local_days;

struct Span {
    TimePoint from;
    TimePoint until;
};

std::optional<Span> hours_of(const WorkingHours& hours, LocalDay day, const UtcOffset& offset) {
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    if (((hours.days >> weekday) & 1U) == 0) return std::nullopt;
    return Span{instants_of(WallTime{day + hours.from}, hours.zone, offset).first,
                instants_of(WallTime{day + hours.until}, hours.zone, offset).last};
}

LocalDay day_of(const WorkingHours& hours, TimePoint at, const UtcOffset& offset) {
    return std::chrono::floor<Days>(wall_at(at, hours.zone, offset));
}

constexpr int kLook = 9;  // days: a week, and the edges of one whose clocks change

}  // namespace

bool WorkingHours::is_open(TimePoint at, const UtcOffset& offset) const {
    const auto today = hours_of(*this, day_of(*this, at, offset), offset);
    return today && today->from <= at && at < today->until;
}

TimePoint WorkingHours::next_open(TimePoint at, const UtcOffset& offset) const {
    if (is_open(at, offset)) return at;
    const LocalDay first = day_of(*this, at, offset);
    for (int i = 0; i < kLook; ++i)
        if (const auto span = hours_of(*this, first + Days{i}, offset); span && span->from > at)
            return span->from;
    return at;
}

TimePoint WorkingHours::last_open(TimePoint at, const UtcOffset& offset) const {
    if (is_open(at, offset)) return at;
    const LocalDay last = day_of(*this, at, offset);
    for (int i = 0; i < kLook; ++i)
        if (const auto span = hours_of(*this, last - Days{i}, offset); span && span->until <= at)
            return span->until;
    return at;
}

}  // namespace bot
