#include "bot/oncall_schedule.hpp"

#include <algorithm>

namespace bot {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
using LocalDay = std::chrono::local_days;
using Names = std::vector<std::string>;

TimePoint as_utc(WallTime wall, seconds offset) {
    return TimePoint{std::chrono::duration_cast<TimePoint::duration>(wall.time_since_epoch() - offset)};
}

/// The first instant in (low, high] whose offset is not that of `low`.
TimePoint change_between(TimePoint low, TimePoint high, std::string_view zone, const UtcOffset& offset) {
    const seconds before = offset(zone, low);
    while (high - low > 1s) {
        const TimePoint middle = low + std::chrono::floor<seconds>((high - low) / 2);
        (offset(zone, middle) == before ? low : high) = middle;
    }
    return high;
}

/// Rounds down, for the turns before the first one too.
std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    const std::int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

/// The turns of one rotation.
class Turns {
public:
    Turns(const Rotation& rotation, std::string_view zone, const UtcOffset& offset)
        : rotation_(rotation), zone_(zone), offset_(offset) {}

    /// When turn `n` begins: its first and, for whoever had the one before, its last instant.
    [[nodiscard]] Instants begin(std::int64_t n) const {
        const std::int64_t units = n * rotation_.every;
        if (rotation_.unit == Rotation::Every::hours) {
            const TimePoint at = instants_of(rotation_.hand_over, zone_, offset_).first + units * 1h;
            return {at, at};
        }
        return instants_of(rotation_.hand_over + units * one_unit(), zone_, offset_);
    }

    /// About the turn at `at`: the right one is this one, its neighbour before or the one after.
    [[nodiscard]] std::int64_t near(TimePoint at) const {
        const auto passed = rotation_.unit == Rotation::Every::hours
                                ? std::chrono::floor<seconds>(at - begin(0).first)
                                : wall_at(at, zone_, offset_) - rotation_.hand_over;
        return floor_div(passed.count(), rotation_.every * one_unit().count());
    }

    void add_at(TimePoint at, Names& names) const {
        const std::int64_t middle = near(at);
        for (std::int64_t n = middle - 1; n <= middle + 1; ++n)
            if (begin(n).first <= at && at < begin(n + 1).last) add(person(n), names);
    }

    void add_changes(TimePoint from, TimePoint until, std::vector<TimePoint>& changes) const {
        for (std::int64_t n = near(from) - 1; begin(n).first < until; ++n) {
            changes.push_back(begin(n).first);
            changes.push_back(begin(n).last);
        }
    }

    static void add(const std::string& name, Names& names) {
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }

private:
    [[nodiscard]] seconds one_unit() const {
        switch (rotation_.unit) {
            case Rotation::Every::hours:
                return 1h;
            case Rotation::Every::days:
                return days{1};
            case Rotation::Every::weeks:
                break;
        }
        return days{7};
    }
    [[nodiscard]] const std::string& person(std::int64_t n) const {
        const auto size = static_cast<std::int64_t>(rotation_.people.size());
        return rotation_.people[static_cast<std::size_t>(n - floor_div(n, size) * size)];
    }

    const Rotation& rotation_;
    std::string_view zone_;
    const UtcOffset& offset_;
};

unsigned weekday_bit(LocalDay day) {
    return std::chrono::weekday{day}.iso_encoding() - 1;  // Monday is 0
}

/// The hours of one rule that begin on `day`; none on the other days of the week.
std::optional<std::pair<TimePoint, TimePoint>> hours_on(const ScheduleRule& rule, LocalDay day,
                                                        std::string_view zone, const UtcOffset& offset) {
    if (((rule.days >> weekday_bit(day)) & 1U) == 0) return std::nullopt;
    const LocalDay end = rule.until > rule.from ? day : day + days{1};
    return std::pair{instants_of(WallTime{day + rule.from}, zone, offset).first,
                     instants_of(WallTime{end + rule.until}, zone, offset).last};
}

bool is_active(const ScheduleRule& rule, TimePoint at, std::string_view zone, const UtcOffset& offset) {
    const LocalDay today = std::chrono::floor<days>(wall_at(at, zone, offset));
    for (const LocalDay day : {today - days{2}, today - days{1}, today, today + days{1}}) {
        const auto hours = hours_on(rule, day, zone, offset);
        if (hours && hours->first <= at && at < hours->second) return true;
    }
    return false;
}

}  // namespace

WallTime wall_at(TimePoint at, std::string_view zone, const UtcOffset& offset) {
    return WallTime{std::chrono::floor<seconds>(at).time_since_epoch() + offset(zone, at)};
}

Instants instants_of(WallTime wall, std::string_view zone, const UtcOffset& offset) {
    // No zone is further than 14 h from UTC, so that a day before and after are surely on their side of it.
    const TimePoint before = as_utc(wall, days{1});
    const TimePoint after = as_utc(wall, -days{1});
    const TimePoint early = as_utc(wall, offset(zone, before));
    const TimePoint late = as_utc(wall, offset(zone, after));
    const bool early_fits = wall_at(early, zone, offset) == wall;
    const bool late_fits = wall_at(late, zone, offset) == wall;
    if (early_fits && late_fits) return {std::min(early, late), std::max(early, late)};
    if (early_fits) return {early, early};
    if (late_fits) return {late, late};
    const TimePoint change = change_between(before, after, zone, offset);
    return {change, change};
}

const Schedule* Rota::schedule(std::string_view name) const noexcept {
    const auto found =
        std::find_if(schedules.begin(), schedules.end(), [&](const auto& s) { return s.name == name; });
    return found == schedules.end() ? nullptr : &*found;
}

const Rotation* Rota::rotation(std::string_view name) const noexcept {
    const auto found =
        std::find_if(rotations.begin(), rotations.end(), [&](const auto& r) { return r.name == name; });
    return found == rotations.end() ? nullptr : &*found;
}

std::vector<std::string> Rota::on_call(std::string_view name, TimePoint at, const UtcOffset& offset) const {
    Names names;
    const Schedule* found = schedule(name);
    if (found == nullptr) return names;
    for (const ScheduleRule& rule : found->rules) {
        if (!is_active(rule, at, found->zone, offset)) continue;
        const Rotation* turns = rotation(rule.on_call);
        if (turns == nullptr)
            Turns::add(rule.on_call, names);
        else if (!turns->people.empty())
            Turns(*turns, found->zone, offset).add_at(at, names);
    }
    for (const Override& other : overrides) {
        if (other.schedule != name || at < other.from || other.until <= at) continue;
        if (other.instead_of.empty())
            names.clear();
        else if (std::erase(names, other.instead_of) == 0)
            continue;  // whom it replaces is not on call
        Turns::add(other.person, names);
    }
    return names;
}

std::vector<Slot> Rota::slots(std::string_view name, TimePoint from, TimePoint until,
                              const UtcOffset& offset) const {
    std::vector<TimePoint> changes{from};
    if (const Schedule* found = schedule(name); found != nullptr) {
        const LocalDay first = std::chrono::floor<days>(wall_at(from, found->zone, offset)) - days{2};
        const LocalDay last = std::chrono::floor<days>(wall_at(until, found->zone, offset)) + days{2};
        for (const ScheduleRule& rule : found->rules) {
            for (LocalDay day = first; day <= last; day += days{1}) {
                const auto hours = hours_on(rule, day, found->zone, offset);
                if (hours) changes.insert(changes.end(), {hours->first, hours->second});
            }
            const Rotation* turns = rotation(rule.on_call);
            if (turns != nullptr && !turns->people.empty())
                Turns(*turns, found->zone, offset).add_changes(from, until, changes);
        }
    }
    for (const Override& other : overrides)
        if (other.schedule == name) changes.insert(changes.end(), {other.from, other.until});
    std::sort(changes.begin(), changes.end());

    std::vector<Slot> slots;
    for (const TimePoint at : changes) {
        if (at < from || at >= until || (!slots.empty() && slots.back().from == at)) continue;
        Names people = on_call(name, at, offset);
        if (!slots.empty() && slots.back().people == people) continue;
        if (!slots.empty()) slots.back().until = at;
        slots.push_back({at, until, std::move(people)});
    }
    return slots;
}

}  // namespace bot
