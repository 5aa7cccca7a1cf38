#include "bot/task.hpp"

#include <algorithm>

#include "bot/call_time.hpp"

namespace bot {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes kBefore = 15min;
constexpr std::chrono::minutes kGrace = 10min;
constexpr std::chrono::hours kAfterVisit = 24h;

/// What the passing of a task's time says to a case.
struct TaskNews {
    TaskKind kind;
    std::string_view reason, heard;
};
constexpr TaskNews kCallDue{
    TaskKind::call_back, "call_back",
    "the time has come for a call they asked for; name and voicemail rule are with their answers"};
constexpr TaskNews kCallOverdue{TaskKind::call_back, "call_late",
                                "a call-back was promised, and its time has passed"};
constexpr TaskNews kVisitMissedDue{TaskKind::missed_visit, "missed_visit",
                                   "missed a visit and has no new one; please look after them"};

void escalate(TurnBuilder& turn, Priority priority, const TaskNews& news) {
    turn.escalate(priority, std::string(news.reason), std::string(news.heard));
}

/// In working hours at or before `wanted`, if that is still ahead; else when they begin next.
TimePoint page_time(const TurnBuilder& turn, TimePoint wanted) {
    const WorkingHours& hours = turn.line.working_hours;
    const TimePoint soonest = std::max(wanted, turn.now);
    if (hours.is_open(soonest, turn.utc_offset())) return soonest;
    const TimePoint before = hours.last_open(soonest, turn.utc_offset()) - kBefore;
    return before >= turn.now ? before : hours.next_open(soonest, turn.utc_offset());
}

void forget_texts(TurnBuilder& turn) {
    turn.cancel_timer(std::string(kCallLate));
    turn.cancel_timer(std::string(kCallMissed));
}

void book_call(TurnBuilder& turn, const std::optional<CallWindow>& window, std::string words) {
    forget_texts(turn);
    BookTask task{TaskKind::call_back, {}, std::nullopt, {}, std::nullopt, std::move(words)};
    if (window) {
        task.from = window->from;
        task.until = window->until;
        task.page_at = page_time(turn, window->from - kBefore);
        task.late_at = window->until + kGrace;
    } else {
        task.from = turn.line.working_hours.next_open(turn.now, turn.utc_offset());
        task.page_at = task.from;
    }
    turn.book(std::move(task));
}

/// The texter hears of it when they may be texted; the timer's own rule says so.
void say_late(TurnBuilder& turn) {
    if (turn.state.danger && turn.state.danger->acknowledged) {
        turn.note("the call-back is late; somebody has the case");
        return;
    }
    escalate(turn, Priority::p2, kCallOverdue);
    if (turn.state.consent == Consent::recurring)
        turn.set_timer(std::string(kCallLate), turn.by_day(turn.now));
}

}  // namespace

void book_call(TurnBuilder& turn, const std::string& when) {
    const auto fact = turn.state.facts.find(when);
    const std::string words = fact == turn.state.facts.end() ? std::string() : fact->second;
    book_call(turn, read_call_time(words, turn.now, turn.line.working_hours, turn.zone(), turn.utc_offset()),
              words);
}

void call_back_set(TurnBuilder& turn, const CallBackSet& event) {
    turn.decided_by = "call-back set";
    book_call(turn, CallWindow{event.at, event.at}, {});
}

void call_back_ended(TurnBuilder& turn, const CallBackEnded& event) {
    turn.decided_by = "call-back " + std::string(to_string(event.how));
    forget_texts(turn);
    turn.end_task(TaskKind::call_back, event.how);
    turn.state.tags.erase("call_booked");
    if (event.how != TaskEnd::missed) return;
    if (turn.state.consent == Consent::recurring)
        turn.set_timer(std::string(kCallMissed), turn.by_day(turn.now));
    else
        turn.note("no text about the missed call: they have not agreed to texts that we begin");
}

void book_missed_visit(TurnBuilder& turn) {
    const TimePoint from = turn.now + kAfterVisit;
    const TimePoint due = turn.line.working_hours.next_open(from, turn.utc_offset());
    turn.book({TaskKind::missed_visit, from, std::nullopt, due, std::nullopt, {}});
}

void task_due(TurnBuilder& turn, const TaskDue& event) {
    turn.decided_by = "task " + std::string(to_string(event.kind)) + (event.late ? " late" : " due");
    if (event.late) return say_late(turn);
    escalate(turn, Priority::p3, event.kind == TaskKind::call_back ? kCallDue : kVisitMissedDue);
}

std::optional<TaskKind> task_that_told(std::string_view reason, std::string_view heard) {
    for (const TaskNews& news : {kCallDue, kCallOverdue, kVisitMissedDue})
        if (news.reason == reason && news.heard == heard) return news.kind;
    return std::nullopt;
}

std::optional<TaskKind> task_that_told(std::string_view note) {
    constexpr std::string_view kBetween = ": ";
    const auto end = note.find(kBetween);
    if (end == note.npos) return std::nullopt;
    return task_that_told(note.substr(0, end), note.substr(end + kBetween.size()));
}

}  // namespace bot
