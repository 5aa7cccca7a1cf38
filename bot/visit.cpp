#include "bot/visit.hpp"

#include "bot/task.hpp"

namespace bot {

namespace {

const std::string kReminder(kVisitReminder);
const std::string kMissed(kVisitMissed);
constexpr std::chrono::hours kBefore{24};
constexpr std::chrono::hours kAfter{3};

void begin(TurnBuilder& turn, const char* what) {
    turn.decided_by = what;
    turn.cancel_timer(kReminder);
    turn.cancel_timer(kMissed);
}

/// Whether we may write first; why not is told to whoever entered the visit.
bool agreed(TurnBuilder& turn) {
    const bool yes = turn.state.consent == Consent::recurring;
    if (!yes) turn.note("no reminder: they have not agreed to texts that we begin");
    return yes;
}

}  // namespace

void visit_set(TurnBuilder& turn, const VisitSet& event) {
    begin(turn, "visit set");
    turn.end_task(TaskKind::missed_visit, TaskEnd::done);
    turn.state.visit = event.at;
    if (!agreed(turn)) return;
    const TimePoint due = turn.by_day(event.at - kBefore);
    if (due <= turn.now)
        turn.note("no reminder: the visit is within a day");
    else
        turn.set_timer(kReminder, due);
}

void visit_cancelled(TurnBuilder& turn) {
    begin(turn, "visit cancelled");
    turn.state.visit.reset();
}

void visit_missed(TurnBuilder& turn) {
    begin(turn, "visit missed");
    turn.state.visit.reset();
    book_missed_visit(turn);
    if (agreed(turn)) turn.set_timer(kMissed, turn.by_day(turn.now + kAfter));
}

}  // namespace bot
