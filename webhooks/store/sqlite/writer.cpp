#include "webhooks/store/sqlite/writer.hpp"

#include <algorithm>
#include <iterator>

namespace webhooks::store::sqlite {

namespace {

/// What an exception of a job, or of the database beneath it, is to the caller.
template <class Work>
error_code outcome_of(Work&& work) {
    try {
        return work();
    } catch (const StoreFailure& failure) {
        return failure.code();
    } catch (...) {
        return Error::job_threw;
    }
}

}  // namespace

Writer::Writer(const SqliteSettings& settings, std::unique_ptr<Connection> connection, const Vault& vault,
               Health& health, Checkpointer& checkpointer)
    : db_(std::move(connection)),
      tx_(*db_, vault),
      health_(health),
      checkpointer_(checkpointer),
      batch_limit_(settings.batch_limit),
      queue_(settings.queue_limit) {
    const auto remember_length = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_->handle(), remember_length, &log_pages_);
    thread_ = std::thread([this] { run(); });
}

void Writer::push(Item item) {
    if (health_.stopped()) return item.done.complete(Error::stopped);
    if (!queue_.push(item)) item.done.complete(Error::busy);
}

void Writer::finish() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void Writer::stop() {
    finish();
    if (db_ && health_.stopped()) db_->leave_log_alone();
    db_.reset();
}

void Writer::run() {
    std::vector<Item> batch;
    while (queue_.take(batch, batch_limit_)) {
        health_.batch_begins();
        write(batch);
        health_.batch_ends();
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done.complete(results_[i]);
        batch.clear();
        if (!health_.stopped()) checkpointer_.finish_on(*db_);
    }
}

void Writer::write(const std::vector<Item>& batch) {
    results_.assign(batch.size(), {});
    around_.clear();
    const error_code failure =
        health_.stopped() ? error_code(Error::stopped) : outcome_of([&] { return carry_out(batch); });
    if (!failure) return;
    undo_registered(around_);
    // A lone job's own failure says nothing about the disk.
    if (Health::is_of_disk(failure)) health_.failed(failure);
    std::ranges::fill(results_, failure);
    if (!health_.stopped() && db_->in_transaction()) {
        outcome_of([&] { return db_->run("ROLLBACK"), error_code{}; });
    }
}

/// @return the error that undid the whole batch, if any; each job's own is in `results_`
error_code Writer::carry_out(const std::vector<Item>& batch) {
    begin();
    for (const Item& item : batch) {
        const error_code failure = run_job(item.job, false);
        if (!failure) continue;
        const bool nothing_to_save = batch.size() == 1 && !tx_.needs_care();
        return nothing_to_save ? failure : carry_out_apart(batch);
    }
    commit();
    return {};
}

/// Begins anew after one of them has failed. A savepoint for each costs a copy of every page it changes: only
/// now.
error_code Writer::carry_out_apart(const std::vector<Item>& batch) {
    undo_registered(around_);
    if (db_->in_transaction()) db_->run("ROLLBACK");
    begin();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        results_[i] = run_in_savepoint(batch[i].job);
        // Some failures (a full disk) make SQLite undo everything at once.
        if (results_[i] && !db_->in_transaction()) return results_[i];
    }
    commit();
    return {};
}

void Writer::begin() {
    db_->run("BEGIN IMMEDIATE");
    tx_.begin_batch();
}

error_code Writer::run_in_savepoint(const Store::Job& job) {
    db_->run("SAVEPOINT job");
    const error_code result = run_job(job, true);
    if (result && db_->in_transaction()) db_->run("ROLLBACK TO job");
    if (db_->in_transaction()) db_->run("RELEASE job");
    return result;
}

error_code Writer::run_job(const Store::Job& job, bool careful) {
    tx_.begin_job(careful);
    const error_code result = outcome_of([&] { return job(tx_); });
    auto registered = tx_.take_around();
    if (result) {
        tx_.undo_job();
        undo_registered(registered);
    } else {
        std::ranges::move(registered, std::back_inserter(around_));
    }
    return result;
}

void Writer::undo_registered(std::vector<Tx::Around>& registered) {
    for (; !registered.empty(); registered.pop_back()) registered.back().failed();
}

void Writer::commit() {
    // Ticks that only read must not pass for recovery: try whether the disk takes a write again.
    if (health_.failing()) {
        db_->run("INSERT INTO meta(name, value) VALUES ('probe', '') ON CONFLICT DO UPDATE SET value = ''");
    }
    tx_.end_batch();
    for (const Tx::Around& one : around_) one.before();
    db_->run("COMMIT");
    around_.clear();
    health_.committed();
    checkpointer_.log_grew(log_pages_);
}

}  // namespace webhooks::store::sqlite
