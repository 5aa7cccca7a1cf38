#pragma once
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/sqlite/staff_tables.hpp"
#include "webhooks/store/sqlite/task_table.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::store::sqlite {

/// StoreReader on a connection of its own.
class Reader final : public StoreReader {
public:
    Reader(Connection& connection, const Vault& vault)
        : db_(connection), vault_(vault), staff_(connection, vault), tasks_(connection, vault) {}

    std::vector<ContactRow> contacts(std::size_t limit, std::int64_t before_id) override;
    std::optional<ContactRow> contact(ContactId id) override;
    std::vector<MessageRow> messages(ContactId contact, std::size_t limit, TimePoint until) override;
    std::optional<MessageRow> received(ContactId contact, MessageId id) override;
    void each_text(std::size_t limit, const std::function<bool(const MessageRow&)>& look) override;
    std::vector<MessageRow> outbox(std::size_t limit, std::int64_t before_id) override;
    std::vector<EscalationRow> escalations(bool only_open, std::size_t limit) override;
    std::vector<EscalationRow> escalations_of(ContactId contact) override;
    std::vector<EscalationLogEntry> escalation_history(EscalationId id) override;
    std::optional<ContactId> find_contact(std::string_view e164) override;
    std::vector<ConsentEntry> consent_ledger(ContactId contact) override;
    std::vector<LiveEvent> events_after(std::int64_t id, std::size_t limit) override;
    std::int64_t last_event_id() override;
    std::vector<QuarantineEntry> quarantined() override;
    QueueAges queue_ages(TimePoint now) override;
    StaffReader& staff() override { return staff_; }
    TaskReader& tasks() override { return tasks_; }

private:
    ContactRow read_contact(Row row) const;
    MessageRow read_outbound(Row row) const;
    MessageRow read_inbound(Row row, ContactId contact) const;
    std::vector<MessageRow> inbound_of(ContactId contact, std::size_t limit, TimePoint until);
    std::vector<MessageRow> outbound_of(ContactId contact, std::size_t limit, TimePoint until);

    Connection& db_;
    const Vault& vault_;
    StaffTables staff_;
    TaskTable tasks_;
};

}  // namespace webhooks::store::sqlite
