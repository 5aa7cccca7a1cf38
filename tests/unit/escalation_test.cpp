#include "bot/escalation.hpp"

#include <doctest.h>

#include <algorithm>

// The ladder under a virtual clock: it rests only while a human talks with the texter.

namespace {

using namespace std::chrono_literals;
using bot::TimePoint;
using Names = std::vector<std::string>;

constexpr TimePoint kStart = bot::from_millis(1'767'286'800'000);

bot::EscalationPolicy three_rungs() {
    return {{{0s, {"Maya"}, ""}, {2min, {"Luis"}, "NOA.2"}, {4min, {"Noor"}, "NOA.3"}}, 10min};
}

/// One ladder, and what its last step asked for.
struct Ladder {
    bot::Escalation now = bot::open_escalation(bot::Priority::p0, three_rungs(), kStart);
    std::vector<bot::PageEffect> asked;
    bot::Reach reach;

    bool event(const bot::EscalationEvent& event, std::chrono::seconds at) {
        bot::Climb climb = bot::climb(now, event, kStart + at, reach);
        // What the store keeps is all there is after a restart.
        bot::Escalation kept = climb.next;
        kept.policy = bot::parse_escalation_policy(bot::serialize(kept.policy));
        kept.rungs_from.reset();
        kept.spoke_at.reset();
        kept.takers.clear();
        kept.paged.clear();
        kept.passed.clear();
        kept.takes = 0;
        bot::read_progress(bot::serialize_progress(climb.next), kept);
        now = kept;
        asked = climb.effects;
        return climb.accepted;
    }
    Names paged(std::chrono::seconds at) {
        event(bot::RungDue{}, at);
        return paged_now();
    }
    [[nodiscard]] Names paged_now() const {
        Names names;
        for (const bot::PageEffect& effect : asked)
            if (const auto* page = std::get_if<bot::PageResponder>(&effect)) names.push_back(page->name);
        return names;
    }
    template <class Effect>
    [[nodiscard]] const Effect* find() const {
        for (const bot::PageEffect& effect : asked)
            if (const auto* found = std::get_if<Effect>(&effect)) return found;
        return nullptr;
    }
    [[nodiscard]] std::chrono::milliseconds due() const { return *now.next_due - kStart; }
};

}  // namespace

TEST_CASE(
    "ladder: an acknowledgement without words to the texter lapses: everybody paged again, and the next") {
    Ladder ladder;
    CHECK(ladder.paged(0s) == Names{"Maya"});
    REQUIRE(ladder.event(bot::Acknowledge{"Maya"}, 30s));
    CHECK(ladder.now.state == bot::EscalationState::acknowledged);
    CHECK(ladder.due() == 150s);
    CHECK(ladder.paged(149s).empty());
    CHECK(ladder.paged(150s) == Names{"Luis", "Maya"});
    REQUIRE(ladder.find<bot::LeaseLapsed>() != nullptr);
    CHECK(ladder.find<bot::LeaseLapsed>()->holder == "Maya");
    CHECK_FALSE(ladder.find<bot::LeaseLapsed>()->had_spoken);
    CHECK(ladder.find<bot::TellTexter>()->text_id == "NOA.2");
    CHECK(ladder.now.state == bot::EscalationState::notified);
    CHECK(ladder.now.acknowledged_by.empty());
    CHECK(ladder.due() == 270s);  // the third rung comes as long after the second as ever
    CHECK(ladder.event(bot::Acknowledge{"Luis"}, 160s));
    CHECK(ladder.now.takes == 2);
}

TEST_CASE("ladder: words to the texter extend the lease, each of them") {
    Ladder ladder;
    ladder.paged(0s);
    ladder.event(bot::Acknowledge{"Maya"}, 10s);
    ladder.event(bot::Spoke{"Maya"}, 100s);
    CHECK(ladder.due() == 100s + 30min);
    ladder.event(bot::Spoke{"Maya"}, 20min);
    CHECK(ladder.due() == 50min);
    CHECK(ladder.paged(50min) == Names{"Luis", "Maya"});
    CHECK(ladder.find<bot::LeaseLapsed>()->had_spoken);
}

TEST_CASE("ladder: who writes without having acknowledged has it") {
    Ladder ladder;
    ladder.paged(0s);
    CHECK(ladder.event(bot::Spoke{"Noor"}, 10s));
    CHECK(ladder.now.acknowledged_by == "Noor");
    CHECK(ladder.now.state == bot::EscalationState::acknowledged);
    CHECK(ladder.due() == 10s + 30min);
}

TEST_CASE("ladder: the first acknowledgement wins; pressing the button again buys no time") {
    Ladder ladder;
    ladder.paged(0s);
    ladder.event(bot::Acknowledge{"Luis"}, 10s);
    CHECK(ladder.find<bot::TellOthers>()->taken_by == "Luis");
    CHECK_FALSE(ladder.event(bot::Acknowledge{"Maya"}, 11s));
    CHECK_FALSE(ladder.event(bot::Acknowledge{"Luis"}, 100s));
    CHECK(ladder.now.acknowledged_by == "Luis");
    CHECK(ladder.due() == 130s);
}

TEST_CASE("ladder: a rung may need two; the ladder climbs until both are there") {
    Ladder ladder;
    for (bot::Rung& rung : ladder.now.policy.rungs) rung.need = 2;
    ladder.paged(0s);
    CHECK(ladder.event(bot::Acknowledge{"Maya"}, 10s));
    CHECK(ladder.find<bot::TellOthers>()->more_asked);
    CHECK(ladder.now.acknowledged_by == "Maya");
    CHECK(ladder.now.state == bot::EscalationState::notified);
    CHECK(ladder.paged(2min) == Names{"Luis"});
    CHECK(ladder.event(bot::Acknowledge{"Luis"}, 130s));
    CHECK(ladder.now.state == bot::EscalationState::acknowledged);
    CHECK(ladder.now.acknowledged_by == "Maya");
}

TEST_CASE("ladder: who passes is not paged by the next step, which comes at once when nobody else is left") {
    Ladder ladder;
    ladder.paged(0s);
    CHECK(ladder.event(bot::Pass{"Maya"}, 10s));
    CHECK(ladder.due() == 10s);
    CHECK(ladder.paged(10s) == Names{"Luis"});
    CHECK(ladder.due() == 130s);
    ladder.event(bot::Acknowledge{"Luis"}, 20s);
    CHECK_FALSE(ladder.event(bot::Pass{"Maya"}, 21s));
    CHECK(ladder.event(bot::Pass{"Luis"}, 30s));  // had it: goes on
    CHECK(ladder.now.acknowledged_by.empty());
    CHECK(ladder.paged(30s) == Names{"Noor"});
}

TEST_CASE("ladder: a rung that reaches nobody is skipped at once, and the rest keep their distances") {
    Ladder ladder;
    ladder.reach = [](const std::string& name, TimePoint) { return name == "Maya" ? Names{} : Names{name}; };
    CHECK(ladder.paged(0s) == Names{"Luis"});
    CHECK(ladder.find<bot::RungSkipped>()->rung == 0);
    CHECK(ladder.due() == 2min);
    CHECK(ladder.paged(2min) == Names{"Noor"});
}

TEST_CASE("ladder: when no rung reaches anybody the catch-all is paged, and without one it is an alarm") {
    Ladder ladder;
    ladder.now.policy.catch_all = {"Chief"};
    ladder.reach = [](const std::string& name, TimePoint) { return name == "Chief" ? Names{name} : Names{}; };
    CHECK(ladder.paged(0s) == Names{"Chief"});
    CHECK(ladder.find<bot::TellTexter>()->exhausted);
    ladder.reach = [](const std::string&, TimePoint) { return Names{}; };
    CHECK(ladder.paged(10min).empty());
    CHECK(ladder.find<bot::NobodyReached>() != nullptr);
    CHECK(ladder.due() == 20min);  // and it goes on
}

TEST_CASE("ladder: a schedule's people are found when the rung is due, not when the case opens") {
    Ladder ladder;
    ladder.reach = [](const std::string& name, TimePoint at) {
        return name == "Luis" && at > kStart + 1min ? Names{"Night", "Luis"} : Names{name};
    };
    ladder.paged(0s);
    CHECK(ladder.paged(2min) == Names{"Night", "Luis"});
    CHECK(ladder.now.paged == Names{"Maya", "Night", "Luis"});
}

TEST_CASE("ladder: only a human ends it") {
    Ladder ladder;
    std::uint32_t last = 0;
    for (auto at = 0s; at < 24h; at += 30s) {
        ladder.paged(at);
        REQUIRE(ladder.now.next_due);
        for (const bot::PageEffect& effect : ladder.asked) {
            const auto* page = std::get_if<bot::PageWebhooks>(&effect);
            if (page == nullptr) continue;
            CHECK((at == 0s || page->attempt > last));  // no page resembles an earlier one
            last = page->attempt;
        }
    }
    CHECK(last > 140);
    CHECK(ladder.event(bot::Resolve{"Maya"}, 24h));
    CHECK_FALSE(ladder.now.next_due);
    for (const bot::EscalationEvent& event :
         {bot::EscalationEvent(bot::Spoke{"Luis"}), bot::EscalationEvent(bot::Pass{"Luis"}),
          bot::EscalationEvent(bot::Acknowledge{"Luis"}), bot::EscalationEvent(bot::Resolve{"Luis"})})
        CHECK_FALSE(ladder.event(event, 25h));
}

TEST_CASE("ladder: a graver one begins anew with whoever had it, who has to take it again") {
    Ladder ladder;
    ladder.now = bot::open_escalation(bot::Priority::p1, three_rungs(), kStart);
    ladder.paged(0s);
    ladder.event(bot::Acknowledge{"Noor"}, 10s);
    CHECK(ladder.event(bot::Raise{bot::Priority::p0, three_rungs()}, 20s));
    CHECK(ladder.now.state == bot::EscalationState::open);
    CHECK(ladder.paged(20s) == Names{"Noor", "Maya"});
    CHECK(ladder.event(bot::Acknowledge{"Noor"}, 30s));
}

TEST_CASE("ladder: a record of before there were leases keeps who has it and whom it paged") {
    bot::Escalation old = bot::open_escalation(bot::Priority::p0, three_rungs(), kStart);
    old.next_rung = 2;
    old.acknowledged_by = "Luis";
    bot::read_progress("", old);
    CHECK(old.paged == Names{"Maya", "Luis"});
    CHECK(old.takers == Names{"Luis"});
}
