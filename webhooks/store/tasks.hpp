#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/effect.hpp"
#include "bot/time.hpp"
#include "webhooks/store/ids.hpp"

namespace webhooks::store {

using bot::TimePoint;

/// Numbers are stored.
enum class TaskState { open, done, missed, cancelled };
[[nodiscard]] constexpr std::string_view to_string(TaskState state) noexcept {
    constexpr std::string_view kNames[]{"open", "done", "missed", "cancelled"};
    return kNames[static_cast<std::size_t>(state)];
}
[[nodiscard]] constexpr TaskState state_after(bot::TaskEnd how) noexcept {
    switch (how) {
        case bot::TaskEnd::done:
            return TaskState::done;
        case bot::TaskEnd::missed:
            return TaskState::missed;
        case bot::TaskEnd::cancelled:
            break;
    }
    return TaskState::cancelled;
}

/// An item of the staff's queue: what a human is to do for a contact, and when.
struct TaskRow {
    std::int64_t id = 0;
    ContactId contact;
    bot::TaskKind kind = bot::TaskKind::call_back;
    TaskState state = TaskState::open;
    TimePoint from;
    std::optional<TimePoint> until;    ///< empty: their words named no time that could be read
    std::optional<TimePoint> late_at;  ///< a promise is broken then
    std::optional<TimePoint> next_at;  ///< when it speaks next: to page, then because it is late
    std::optional<TimePoint> paged_at;
    TimePoint made_at;
    std::string words;     ///< the time as the texter wrote it; may be empty
    std::string ended_by;  ///< empty: by the texter, or the line itself
};

class TaskReader {
public:
    virtual ~TaskReader() = default;
    /// Those that wait, the soonest first.
    virtual std::vector<TaskRow> open_tasks(std::size_t limit) = 0;
    virtual std::vector<TaskRow> tasks_of(ContactId contact) = 0;  ///< newest first, ended ones too
};

/// Writing, inside the caller's transaction.
class TaskTx : public TaskReader {
public:
    /// Takes the place of an open one of the same kind.
    virtual void book(ContactId contact, const bot::BookTask& task, TimePoint now) = 0;
    /// @return false: none of this kind is open
    virtual bool end(ContactId contact, bot::TaskKind kind, bot::TaskEnd how, std::string_view by,
                     TimePoint now) = 0;
    virtual std::vector<TaskRow> due(TimePoint now, std::size_t limit) = 0;
    /// Somebody has been paged for it. @param next  when it is late, if it can be
    virtual void paged(std::int64_t id, std::optional<TimePoint> next, TimePoint now) = 0;

    /// Notes what an outside tool has told us. @return false: it has been told before
    virtual bool first_told(std::string_view hook, std::string_view event, TimePoint now) = 0;
};

}  // namespace webhooks::store
