#include <doctest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>

#include "bot/escalation.hpp"
#include "bot/oncall_schedule.hpp"
#include "webhooks/net/time_zone.hpp"

// A virtual year of ten thousand cases: phones that are off, gateways that fail, people who refuse, fall
// asleep with the case in their hand or answer at last, restarts at any instant. Each case reaches a human or
// climbs.

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using bot::TimePoint;
using Names = std::vector<std::string>;

constexpr int kCases = 10'000;
constexpr TimePoint kYear = TimePoint{sys_days{2026y / 1 / 1}};
constexpr hours kGivesUp = 72h;  // of virtual time, for a case that still climbs

bot::Rota rota() {
    bot::Rota made;
    made.rotations = {{"weeks",
                       {"Maya", "Luis", "Noor"},
                       bot::Rotation::Every::days,
                       7,
                       bot::WallTime{local_days{2025y / 12 / 1} + 9h}},
                      {"nights",
                       {"Ana", "Ben"},
                       bot::Rotation::Every::days,
                       1,
                       bot::WallTime{local_days{2025y / 12 / 1} + 20h}}};
    made.schedules = {
        {"primary", "America/New_York", {{.on_call = "weeks", .days = 0x7f, .from = 8h, .until = 22h}}},
        {"backup", "America/New_York", {{.on_call = "nights"}}}};
    return made;
}

bot::EscalationPolicy policy() {
    return {
        {{0s, {"primary"}, ""}, {2min, {"primary", "backup"}, "NOA.2"}, {4min, {"backup", "Chief"}, "NOA.3"}},
        10min,
        0s,
        2min,
        30min,
        {"Chief"}};
}

struct Year {
    std::mt19937_64 dice{20'260'101};
    bot::Rota plan = rota();
    bot::UtcOffset offset = webhooks::net::utc_offset();
    std::vector<double> to_page, to_take, to_words;
    int lapses = 0, passes = 0, restarts = 0, climbing = 0, resolved = 0, skipped = 0;

    bool chance(double of) { return std::uniform_real_distribution<>(0, 1)(dice) < of; }
    seconds between(seconds least, seconds most) {
        return seconds{std::uniform_int_distribution<std::int64_t>(least.count(), most.count())(dice)};
    }

    /// What a process that was killed here would read from its store.
    static bot::Escalation restarted(const bot::Escalation& ladder) {
        bot::Escalation kept;
        kept.priority = ladder.priority;
        kept.state = ladder.state;
        kept.opened_at = ladder.opened_at;
        kept.policy = bot::parse_escalation_policy(bot::serialize(ladder.policy));
        kept.next_rung = ladder.next_rung;
        kept.repeats = ladder.repeats;
        kept.next_due = ladder.next_due;
        kept.acknowledged_by = ladder.acknowledged_by;
        kept.resolved_by = ladder.resolved_by;
        bot::read_progress(bot::serialize_progress(ladder), kept);
        return kept;
    }
};

/// One case and those who might answer it.
class Case {
public:
    Case(Year& year, TimePoint opened)
        : year_(year),
          now_(opened),
          opened_(opened),
          ladder_(bot::open_escalation(bot::Priority::p0, policy(), opened)) {
        outage_ = year.chance(0.05) ? opened + year.between(1min, 3h) : opened;
    }

    /// Until it is closed, or has climbed for long enough.
    void run() {
        while (ladder_.state != bot::EscalationState::resolved && now_ < opened_ + kGivesUp) {
            REQUIRE(ladder_.next_due);  // there is always a next step
            TimePoint next = *ladder_.next_due;
            if (!plans_.empty()) next = std::min(next, plans_.begin()->first);
            if (year_.chance(0.02)) {  // the process is down for a while
                ++year_.restarts;
                ladder_ = Year::restarted(ladder_);
                next = std::max(next, now_ + year_.between(1s, 5min));
            }
            now_ = std::max(next, now_);
            while (!plans_.empty() && plans_.begin()->first <= now_) act();
            if (ladder_.next_due && *ladder_.next_due <= now_) step(bot::RungDue{});
        }
        const bool closed = ladder_.state == bot::EscalationState::resolved;
        closed ? ++year_.resolved : ++year_.climbing;
        CHECK((closed || ladder_.next_due));
    }

private:
    enum class Act { take, pass, speak, resolve };

    void step(const bot::EscalationEvent& event) {
        const bot::Reach reach = [&](const std::string& name, TimePoint at) {
            if (year_.plan.schedule(name) == nullptr) return Names{name};
            return year_.plan.on_call(name, at, year_.offset);
        };
        bot::Climb climb = bot::climb(ladder_, event, now_, reach);
        ladder_ = std::move(climb.next);
        for (const bot::PageEffect& effect : climb.effects) {
            if (const auto* page = std::get_if<bot::PageResponder>(&effect)) arrives(page->name);
            if (std::holds_alternative<bot::LeaseLapsed>(effect)) ++year_.lapses;
            if (std::holds_alternative<bot::RungSkipped>(effect)) ++year_.skipped;
            CHECK_FALSE(std::holds_alternative<bot::NobodyReached>(effect));
        }
    }

    void arrives(const std::string& name) {
        if (now_ < outage_) return;  // no gateway works
        if (first_page_) year_.to_page.push_back(duration<double>(now_ - opened_).count());
        first_page_ = false;
        if (year_.chance(0.35)) return;  // asleep, no signal
        const bool refuses = year_.chance(0.1);
        plans_.emplace(now_ + year_.between(5s, 4min), std::pair{refuses ? Act::pass : Act::take, name});
    }

    void act() {
        const auto [what, who] = plans_.begin()->second;
        plans_.erase(plans_.begin());
        if (ladder_.state == bot::EscalationState::resolved) return;
        const bool mine = ladder_.acknowledged_by == who;
        if (what == Act::take && ladder_.state != bot::EscalationState::acknowledged) {
            step(bot::Acknowledge{who});
            if (first_take_) year_.to_take.push_back(duration<double>(now_ - opened_).count());
            first_take_ = false;
            if (year_.chance(0.85))
                plans_.emplace(now_ + year_.between(10s, 3min), std::pair{Act::speak, who});
        } else if (what == Act::pass) {
            ++year_.passes;
            step(bot::Pass{who});
        } else if (what == Act::speak) {
            step(bot::Spoke{who});
            if (first_words_) year_.to_words.push_back(duration<double>(now_ - opened_).count());
            first_words_ = false;
            plans_.emplace(now_ + year_.between(1min, 40min),
                           std::pair{year_.chance(0.5) ? Act::speak : Act::resolve, who});
        } else if (what == Act::resolve && mine) {
            step(bot::Resolve{who});
        }
    }

    Year& year_;
    TimePoint now_, opened_, outage_;
    bot::Escalation ladder_;
    std::multimap<TimePoint, std::pair<Act, std::string>> plans_;
    bool first_page_ = true, first_take_ = true, first_words_ = true;
};

void print(const char* what, std::vector<double> seconds) {
    std::sort(seconds.begin(), seconds.end());
    const auto at = [&](double part) {
        return seconds[static_cast<std::size_t>(part * static_cast<double>(seconds.size() - 1))];
    };
    std::printf("%-28s median %6.0f s, p90 %6.0f s, p99 %6.0f s, longest %8.0f s (%zu)\n", what, at(0.5),
                at(0.9), at(0.99), seconds.back(), seconds.size());
}

}  // namespace

TEST_CASE("a year: each of ten thousand cases reached a human or was still climbing") {
    Year year;
    for (int i = 0; i < kCases; ++i) Case(year, kYear + year.between(0s, seconds{days{365}})).run();
    print("opened to first page", year.to_page);
    print("opened to first acknowledged", year.to_take);
    print("opened to first words", year.to_words);
    std::printf(
        "%d closed by a human, %d still climbing, %d leases lapsed, %d passed on, %d restarts, %d steps "
        "skipped\n",
        year.resolved, year.climbing, year.lapses, year.passes, year.restarts, year.skipped);
    CHECK(year.resolved + year.climbing == kCases);
    CHECK(year.resolved > kCases * 99 / 100);
    for (const int happened : {year.lapses, year.passes, year.restarts, year.skipped}) CHECK(happened > 100);
}
