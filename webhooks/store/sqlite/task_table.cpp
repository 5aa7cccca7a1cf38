#include "webhooks/store/sqlite/task_table.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace webhooks::store::sqlite {

namespace {

constexpr std::string_view kSealed = "task.sealed";
constexpr std::chrono::hours kToldKept{24 * 30};

#define HANDRAIL_TASK_COLUMNS \
    "id, contact, kind, state, from_at, until_at, late_at, next_at, paged_at, made_at, sealed"

// The numbers that stand in SQL.
static_assert(static_cast<int>(TaskState::open) == 0 && static_cast<int>(TaskState::cancelled) == 3);

}  // namespace

std::string TaskTable::seal(std::int64_t id, std::string_view words, std::string_view ended_by) const {
    const std::array<std::string_view, 2> fields{words, ended_by};
    return seal_fields(vault_, Place(kSealed, id), fields);
}

TaskRow TaskTable::read(Row row) const {
    TaskRow task;
    task.id = row.integer();
    task.contact = {row.integer()};
    task.kind = row.as<bot::TaskKind>();
    task.state = row.as<TaskState>();
    task.from = row.time();
    task.until = row.maybe_time();
    task.late_at = row.maybe_time();
    task.next_at = row.maybe_time();
    task.paged_at = row.maybe_time();
    task.made_at = row.time();
    if (auto fields = open_fields(vault_, Place(kSealed, task.id), row.bytes())) {
        task.words = fields->take(0);
        task.ended_by = fields->take(1);
    }
    return task;
}

std::vector<TaskRow> TaskTable::read_all(Cursor cursor) const {
    std::vector<TaskRow> rows;
    while (cursor.next()) rows.push_back(read(cursor.row()));
    return rows;
}

std::vector<TaskRow> TaskTable::open_tasks(std::size_t limit) {
    return read_all(db_.query(
        "SELECT " HANDRAIL_TASK_COLUMNS " FROM task WHERE state = 0 ORDER BY from_at, id LIMIT ?", limit));
}

std::vector<TaskRow> TaskTable::tasks_of(ContactId contact) {
    return read_all(db_.query("SELECT " HANDRAIL_TASK_COLUMNS " FROM task WHERE contact = ? ORDER BY id DESC",
                              contact.value));
}

std::vector<TaskRow> TaskTable::due(TimePoint now, std::size_t limit) {
    return read_all(db_.query("SELECT " HANDRAIL_TASK_COLUMNS
                              " FROM task WHERE next_at <= ? ORDER BY next_at LIMIT ?",
                              now, limit));
}

void TaskTable::book(ContactId contact, const bot::BookTask& task, TimePoint now) {
    end(contact, task.kind, bot::TaskEnd::cancelled, {}, now);
    const std::int64_t id =
        db_.integer("SELECT seq FROM sqlite_sequence WHERE name = 'task'").value_or(0) + 1;
    const std::string cell = seal(id, task.words, {});
    const TimePoint next = task.late_at ? std::min(task.page_at, *task.late_at) : task.page_at;
    db_.run(
        "INSERT INTO task(id, contact, kind, from_at, until_at, late_at, next_at, made_at, sealed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, contact.value, task.kind, task.from, task.until, task.late_at, next, now, Blob{cell});
}

bool TaskTable::end(ContactId contact, bot::TaskKind kind, bot::TaskEnd how, std::string_view by,
                    TimePoint now) {
    std::vector<TaskRow> open = read_all(db_.query("SELECT " HANDRAIL_TASK_COLUMNS
                                                   " FROM task WHERE contact = ? AND kind = ? AND state = 0",
                                                   contact.value, kind));
    for (const TaskRow& task : open) {
        const std::string cell = seal(task.id, task.words, by);
        db_.run("UPDATE task SET state = ?, next_at = NULL, ended_at = ?, sealed = ? WHERE id = ?",
                state_after(how), now, Blob{cell}, task.id);
    }
    return !open.empty();
}

void TaskTable::paged(std::int64_t id, std::optional<TimePoint> next, TimePoint now) {
    db_.run("UPDATE task SET next_at = ?, paged_at = ? WHERE id = ?", next, now, id);
}

bool TaskTable::first_told(std::string_view hook, std::string_view event, TimePoint now) {
    std::string name("outside/");
    name.append(hook).append("/").append(event);
    const std::string key = vault_.index(name);
    db_.run("DELETE FROM outside_event WHERE at < ?", now - kToldKept);
    return db_.run("INSERT INTO outside_event(key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", Blob{key},
                   now) > 0;
}

}  // namespace webhooks::store::sqlite
