#include "webhooks/store/sqlite/tx.hpp"

#include "webhooks/store/sqlite/health.hpp"
#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::store::sqlite {

void Tx::begin_batch() {
    last_ids_.fill(0);
    events_.clear();
}

void Tx::end_batch() {
    try {
        write_events();
    } catch (const StoreFailure& failure) {
        // A dashboard can look anew; texts that were taken in must not be lost for it.
        if (Health::is_of_disk(failure.code()) || !db_.in_transaction()) throw;
        telemetry::log(telemetry::Level::error, "live_events_lost",
                       {{"events", static_cast<std::int64_t>(events_.size() / kEventFields)},
                        {"error", telemetry::Safe(failure.code().message())}});
    }
}

void Tx::around_commit(std::function<void()> before, std::function<void()> failed) {
    around_.push_back({std::move(before), std::move(failed)});
}

std::exception_ptr Tx::attempt(const std::function<void()>& work) {
    if (careful_) return attempt_in_savepoint(work);
    try {
        work();
    } catch (const StoreFailure& failure) {
        needs_care_ = !Health::is_of_disk(failure.code());
        throw;
    } catch (...) {
        needs_care_ = true;
        throw;
    }
    return nullptr;
}

std::exception_ptr Tx::attempt_in_savepoint(const std::function<void()>& work) {
    const std::size_t registered = around_.size();
    const std::size_t published = events_.size();
    const auto known_contact = known_contact_;
    db_.run("SAVEPOINT attempt");
    std::exception_ptr failed;
    try {
        work();
    } catch (const StoreFailure& failure) {
        if (Health::is_of_disk(failure.code()) || !db_.in_transaction()) throw;
        failed = std::current_exception();
    } catch (...) {
        failed = std::current_exception();
    }
    if (failed) {
        db_.run("ROLLBACK TO attempt");
        for (; around_.size() > registered; around_.pop_back()) around_.back().failed();
        events_.resize(published);
        known_contact_ = known_contact;
    }
    db_.run("RELEASE attempt");
    return failed;
}

std::int64_t Tx::next_id(Table table) {
    // high_water remembers the newest id of a table whose newest row may be deleted: ids are never reused.
    static constexpr std::array<Sql, static_cast<std::size_t>(Table::count)> kLast{
        "SELECT max(ifnull((SELECT max(id) FROM contact), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'contact'), 0))",
        "SELECT max(ifnull((SELECT max(id) FROM inbound), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'inbound'), 0))",
        "SELECT max(ifnull((SELECT max(id) FROM outbox), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'outbox'), 0))",
        "SELECT max(ifnull((SELECT max(id) FROM escalation), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'escalation'), 0))",
        "SELECT ifnull(max(id), 0) FROM escalation_log",
        "SELECT ifnull(max(id), 0) FROM consent_ledger",
        "SELECT ifnull(max(id), 0) FROM hook",
        "SELECT max(ifnull((SELECT max(id) FROM event_batch), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'event'), 0))",
        "SELECT max(ifnull((SELECT max(id) FROM quarantine), 0),"
        " ifnull((SELECT id FROM high_water WHERE name = 'quarantine'), 0))",
        "SELECT ifnull(max(id), 0) FROM page",
        "SELECT ifnull(max(id), 0) FROM oncall_override",
    };
    const auto index = static_cast<std::size_t>(table);
    std::int64_t& last = last_ids_[index];
    if (last == 0) last = db_.integer(kLast[index]).value_or(0);
    return ++last;
}

}  // namespace webhooks::store::sqlite
