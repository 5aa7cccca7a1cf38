#include <algorithm>

#include "bot/task.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/staff_news.hpp"

namespace webhooks::oncall {

namespace {

using store::EscalationRow;
using store::StoreTx;
using What = bot::EscalationChanged::What;

Told news(const EscalationRow& row, What what, std::string_view by) {
    return {row.contact, {what, row.ladder.priority, std::string(by), {}}};
}

/// Whoever holds a case must not go on working on one that somebody else has closed.
void tell_of_close(StoreTx& tx, const Roster& roster, const EscalationRow& row, bot::TimePoint now) {
    const bot::Responder* holder = holder_of(roster, row);
    if (holder == nullptr || holder->name == row.ladder.resolved_by) return;
    text_responder(tx, roster, *holder, "Case " + row.code + " was closed by " + row.ladder.resolved_by + ".",
                   row.id, key_for(row, holder->name, "closed"), now);
}

/// What they were paged for is done with the case; a call for next week is not.
void end_tasks(StoreTx& tx, const EscalationRow& row, std::string_view by, bot::TimePoint now) {
    for (const store::TaskRow& task : tx.tasks().tasks_of(row.contact)) {
        const bool was_due = task.paged_at || task.kind == bot::TaskKind::missed_visit;
        if (task.state == store::TaskState::open && was_due)
            tx.tasks().end(row.contact, task.kind, bot::TaskEnd::done, by, now);
    }
}

/// All that has come to this case is that tasks were due or late.
bool only_tasks_told(StoreTx& tx, const EscalationRow& row) {
    return std::ranges::all_of(tx.escalation_history(row.id), [](const store::EscalationLogEntry& entry) {
        return entry.what != "note" || bot::task_that_told(entry.detail);
    });
}

bool another_is_due(StoreTx& tx, const store::TaskRow& ended) {
    return std::ranges::any_of(tx.tasks().tasks_of(ended.contact), [&](const store::TaskRow& task) {
        return task.id != ended.id && task.state == store::TaskState::open && task.paged_at;
    });
}

bool ends_with(StoreTx& tx, const EscalationRow& row, const store::TaskRow& task) {
    const auto opened_by = bot::task_that_told(row.reason, row.heard);
    const bool about_it = opened_by && (task.paged_at || task.kind == *opened_by);
    return about_it && only_tasks_told(tx, row) && !another_is_due(tx, task);
}

std::optional<Told> close(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by,
                          bot::TimePoint now, std::string_view reason) {
    const bot::Climb climb = bot::climb(row.ladder, bot::Resolve{std::string(by)}, now);
    if (!climb.accepted) return std::nullopt;
    tx.log_escalation(row.id, "resolved", by, reason, now);
    carry_out(tx, roster, row, climb, now);
    tell_of_close(tx, roster, row, now);
    tell_world(tx, roster, row, "escalation.resolved", "resolved", now);
    return news(row, What::resolved, by);
}

std::string take_key(const EscalationRow& row) {
    std::string key("ack-");
    key.append(bot::to_string(row.ladder.priority));
    return key.append("-").append(std::to_string(row.ladder.takes));
}

}  // namespace

Acknowledged acknowledge(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by,
                         bot::TimePoint now) {
    const std::string before = row.ladder.acknowledged_by;
    const bot::Climb climb = bot::climb(row.ladder, bot::Acknowledge{std::string(by)}, now);
    Acknowledged result{climb.accepted,
                        climb.next.acknowledged_by,
                        climb.next.state != bot::EscalationState::acknowledged,
                        row.ladder.priority,
                        now - row.ladder.opened_at,
                        std::nullopt};
    if (!climb.accepted) return result;
    row.acknowledged_at = now;
    tx.log_escalation(row.id, "acknowledged", by, {}, now);
    carry_out(tx, roster, row, climb, now);
    if (climb.next.acknowledged_by == before) return result;  // joins whoever was first
    tell_world(tx, roster, row, "escalation.acknowledged", take_key(row), now);
    result.told = news(row, What::acknowledged, by);
    return result;
}

bool pass_on(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by, bot::TimePoint now) {
    const bot::Climb climb = bot::climb(row.ladder, bot::Pass{std::string(by)}, now);
    if (!climb.accepted) return false;
    tx.log_escalation(row.id, "passed_on", by, {}, now);
    carry_out(tx, roster, row, climb, now);
    publish_case(tx, row, "escalation.noted", now);
    return true;
}

std::optional<Told> human_spoke(StoreTx& tx, const Roster& roster, store::ContactId contact,
                                std::string_view by, bot::TimePoint now, bool by_phone) {
    auto row = tx.open_escalation_of(contact);
    if (!row) return std::nullopt;
    const bool was_taken = row->ladder.state == bot::EscalationState::acknowledged;
    const bot::Climb climb = bot::climb(row->ladder, bot::Spoke{std::string(by), by_phone}, now);
    if (!was_taken) row->acknowledged_at = now;
    tx.log_escalation(row->id, "human_spoke", by, {}, now);
    carry_out(tx, roster, *row, climb, now);
    if (was_taken) return std::nullopt;
    tell_world(tx, roster, *row, "escalation.acknowledged", take_key(*row), now);
    return news(*row, What::acknowledged, by);
}

std::optional<Told> resolve(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by,
                            bot::TimePoint now, std::string_view reason) {
    auto told = close(tx, roster, row, by, now, reason);
    if (told) end_tasks(tx, row, by, now);
    return told;
}

std::optional<Told> close_with_task(StoreTx& tx, const Roster& roster, const store::TaskRow& task,
                                    std::string_view by, bot::TimePoint now, std::string_view outcome) {
    const auto row = tx.open_escalation_of(task.contact);
    if (!row || !ends_with(tx, *row, task)) return std::nullopt;
    tx.log_escalation(row->id, "outcome", by, outcome, now);
    return close(tx, roster, *row, by, now, outcome);
}

}  // namespace webhooks::oncall
