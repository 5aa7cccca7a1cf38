#include "tests/sim/world.hpp"

#include <algorithm>

namespace sim {

namespace {

using namespace std::chrono_literals;
using What = bot::EscalationChanged::What;

constexpr bot::TimePoint kStart = bot::from_millis(1'767'286'800'000);  // 2026-01-01T17:00:00Z
constexpr std::size_t kStoryLines = 40;
constexpr double kStops = 0.005;  // of all happenings

bot::EscalationPolicy policy(bot::Priority priority) {
    const std::vector<std::string> one{"Maya"}, both{"Maya", "Luis"};
    switch (priority) {
        case bot::Priority::p0:
            return {{{0s, one, ""}, {2min, both, "NOA.2"}, {4min, both, "XSH.5"}, {10min, both, "NOA.3"}},
                    10min};
        case bot::Priority::p1:
            return {{{0s, one, ""}, {5min, both, "NOA.2"}, {15min, both, "NOA.3"}}, 10min};
        case bot::Priority::p2:
            return {{{0s, one, ""}, {30min, both, "NOA.1"}}, 1h};
        case bot::Priority::p3:
            break;
    }
    return {{{0s, one, ""}, {24h, both, ""}}, 24h};
}

std::string stamp(bot::TimePoint at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const auto minutes = std::chrono::floor<std::chrono::minutes>(at - day).count();
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
    return text;
}

std::string in_words(const bot::Event& event) {
    if (const auto* text = std::get_if<bot::MessageReceived>(&event))
        return "> " + (text->media.empty() ? text->text : std::string("[image]"));
    if (const auto* timer = std::get_if<bot::TimerFired>(&event)) return "timer " + timer->name;
    if (const auto* change = std::get_if<bot::EscalationChanged>(&event)) {
        constexpr const char* kWhat[]{"unanswered ", "exhausted ", "acknowledged", "resolved", "lapsed"};
        return std::string("* ") + kWhat[static_cast<int>(change->what)] + change->text_id;
    }
    return std::holds_alternative<bot::StaffTook>(event) ? "* took Maya" : "* back Maya";
}

}  // namespace

World::World(Advance advance, const bot::Content& content, const bot::LineSettings& line, std::uint64_t seed)
    : advance_(std::move(advance)),
      dice_(seed),
      texter_(content, dice_),
      rules_(content, line, new_york),
      now_(kStart),
      writes_at_(kStart + dice_.between(0s, 24h)) {}

Year World::play(int days) {
    const bot::TimePoint end = kStart + std::chrono::hours{24} * days;
    while (now_ < end && !year_.finding) step();
    year_.story.assign(story_.begin(), story_.end());
    return std::move(year_);
}

std::optional<bot::TimePoint> World::timer_due() const {
    std::optional<bot::TimePoint> due;
    for (const auto& [_, timer] : state_.timers)
        if (!due || timer.due < *due) due = timer.due;
    return due;
}

// Whatever comes first; of several at one instant the ladder, as in the server.
void World::step() {
    bot::TimePoint next = writes_at_;
    const auto timer = timer_due();
    if (timer) next = std::min(next, *timer);
    if (case_ && case_->next_due) next = std::min(next, *case_->next_due);
    for (const Plan& plan : plans_) next = std::min(next, plan.at);
    now_ = std::max(now_, next);
    if (dice_.chance(kStops)) {
        now_ += dice_.between(30min, 14h);  // the server stood still: everything due happens late, in a row
        tell("(the line was down)");
    }
    if (case_ && case_->next_due && *case_->next_due <= now_) {
        ladder_due();
    } else if (timer && *timer <= now_) {
        const auto first = std::find_if(state_.timers.begin(), state_.timers.end(),
                                        [&](const auto& entry) { return entry.second.due == *timer; });
        happen(bot::TimerFired{first->first, first->second.turn});
    } else if (std::any_of(plans_.begin(), plans_.end(), [&](const Plan& plan) { return plan.at <= now_; })) {
        staff_acts();
    } else {
        texter_writes();
    }
}

void World::texter_writes() {
    const Words words = texter_.write(state_);
    bot::MessageReceived message;
    message.text = words.text;
    if (words.intent == Intent::picture) message.media.push_back({"", "image/jpeg"});
    ++year_.texts_in;
    if (words.intent == Intent::opt_out) ++year_.opt_outs;
    happen(message, words.intent);
    writes_at_ = now_ + texter_.pause(true);
}

void World::ladder_due() { climb(bot::RungDue{}); }

void World::staff_acts() {
    const auto due =
        std::find_if(plans_.begin(), plans_.end(), [&](const Plan& plan) { return plan.at <= now_; });
    const StaffAct act = due->act;
    plans_.erase(due);
    const bot::Priority priority = state_.danger ? state_.danger->priority : bot::Priority::p2;
    if (act == StaffAct::take) {
        happen(bot::StaffTook{"Maya"});
    } else if (act == StaffAct::hand_back) {
        happen(bot::StaffHandedBack{"Maya", ""});
    } else if (case_) {
        const bool done = act == StaffAct::resolve;
        climb(done ? bot::EscalationEvent(bot::Resolve{"Maya"})
                   : bot::EscalationEvent(bot::Acknowledge{"Maya"}));
        if (done) case_.reset();
        happen(bot::EscalationChanged{done ? What::resolved : What::acknowledged, priority, "Maya", {}});
    }
}

void World::happen(const bot::Event& event, std::optional<Intent> intent) {
    if (year_.finding) return;
    ++year_.events;
    const bot::Conversation before = state_;
    bot::Turn turn = advance_(before, event, now_);
    state_ = turn.next;
    tell(in_words(event));
    bool said = false;
    for (const bot::Effect& effect : turn.effects) {
        if (const auto* text = std::get_if<bot::SendText>(&effect)) {
            ++year_.texts_out;
            said = true;
            tell("< " + text->text_id + " (" + std::string(bot::to_string(text->kind)) + ") " + text->text);
        } else {
            tell("! " + bot::describe(effect));
        }
    }
    tell("= " +
         (state_.stack.empty() ? "nowhere" : state_.stack.back().flow + "/" + state_.stack.back().step));
    year_.finding = rules_.see({now_, before, event, intent, turn});
    for (const bot::Effect& effect : turn.effects) heed(effect);
    if (said && !intent) writes_at_ = std::min(writes_at_, now_ + texter_.pause(true));
}

void World::heed(const bot::Effect& effect) {
    if (const auto* opened = std::get_if<bot::OpenEscalation>(&effect)) open(opened->priority);
    const auto* raised = std::get_if<bot::RaiseEscalation>(&effect);
    if (raised == nullptr) return;
    if (!case_)
        open(raised->priority);
    else if (raised->priority < case_->priority)
        climb(bot::Raise{raised->priority, policy(raised->priority)});
}

void World::open(bot::Priority priority) {
    if (case_) return;
    ++year_.escalations;
    case_ = bot::open_escalation(priority, policy(priority), now_);
    plan_staff();
}

void World::climb(const bot::EscalationEvent& event) {
    const bot::Climb climbed = bot::climb(*case_, event, now_);
    case_ = climbed.next;
    for (const bot::PageEffect& effect : climbed.effects) {
        if (std::holds_alternative<bot::LeaseLapsed>(effect))
            happen(bot::EscalationChanged{What::lapsed, case_->priority, {}, {}});
        if (const auto* told = std::get_if<bot::TellTexter>(&effect))
            happen(bot::EscalationChanged{
                told->exhausted ? What::exhausted : What::unanswered, case_->priority, {}, told->text_id});
    }
}

// Some answer at once, some late, some not at all; some take the conversation. In the end every case is
// closed.
void World::plan_staff() {
    bot::TimePoint at = now_;
    if (dice_.chance(0.8)) plans_.push_back({at += dice_.between(20s, 40min), StaffAct::acknowledge});
    if (dice_.chance(0.3)) {
        plans_.push_back({at += dice_.between(10s, 30min), StaffAct::take});
        plans_.push_back({at += dice_.between(5min, 6h), StaffAct::hand_back});
    }
    plans_.push_back({at + dice_.between(10min, 72h), StaffAct::resolve});
}

void World::tell(const std::string& what) {
    story_.push_back(stamp(now_) + "  " + what);
    if (story_.size() > kStoryLines) story_.pop_front();
}

std::chrono::seconds new_york(std::string_view zone, bot::TimePoint at) {
    using namespace std::chrono;
    if (zone != "America/New_York") return 0s;
    const bool summer_2026 =
        at >= sys_days{2026y / March / 8} + 7h && at < sys_days{2026y / November / 1} + 6h;
    const bool summer_2027 =
        at >= sys_days{2027y / March / 14} + 7h && at < sys_days{2027y / November / 7} + 6h;
    return summer_2026 || summer_2027 ? -4h : -5h;
}

}  // namespace sim
