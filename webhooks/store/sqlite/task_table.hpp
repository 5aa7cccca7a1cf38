#pragma once
#include "webhooks/store/cell.hpp"
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/tasks.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::store::sqlite {

/// TaskTx on the writing connection; on a reading one only what TaskReader has is used.
class TaskTable final : public TaskTx {
public:
    TaskTable(Connection& connection, const Vault& vault) : db_(connection), vault_(vault) {}

    std::vector<TaskRow> open_tasks(std::size_t limit) override;
    std::vector<TaskRow> tasks_of(ContactId contact) override;
    void book(ContactId contact, const bot::BookTask& task, TimePoint now) override;
    bool end(ContactId contact, bot::TaskKind kind, bot::TaskEnd how, std::string_view by,
             TimePoint now) override;
    std::vector<TaskRow> due(TimePoint now, std::size_t limit) override;
    void paged(std::int64_t id, std::optional<TimePoint> next, TimePoint now) override;
    bool first_told(std::string_view hook, std::string_view event, TimePoint now) override;

private:
    TaskRow read(Row row) const;
    std::vector<TaskRow> read_all(Cursor cursor) const;
    std::string seal(std::int64_t id, std::string_view words, std::string_view ended_by) const;

    Connection& db_;
    const Vault& vault_;
};

}  // namespace webhooks::store::sqlite
