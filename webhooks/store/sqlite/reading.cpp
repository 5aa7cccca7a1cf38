#include "webhooks/store/sqlite/reading.hpp"

namespace webhooks::store::sqlite {

Reading::Reading(std::unique_ptr<Connection> connection, const Vault& vault, std::size_t queue_limit)
    : db_(std::move(connection)), reader_(*db_, vault), queue_(queue_limit), thread_([this] { run(); }) {}

void Reading::push(Item item) {
    if (!queue_.push(item)) item.done.complete(Error::busy);
}

void Reading::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
    db_.reset();
}

void Reading::run() {
    std::vector<Item> batch;
    while (queue_.take(batch, 16)) {
        for (Item& item : batch) item.done.complete(run_job(item.job));
        batch.clear();
    }
}

error_code Reading::run_job(const Store::ReadJob& job) {
    error_code result;
    try {
        db_->run("BEGIN");
        result = job(reader_);
    } catch (const StoreFailure& failure) {
        result = failure.code();
    } catch (...) {
        result = Error::job_threw;
    }
    // An open snapshot would keep the log from starting over.
    sqlite3_exec(db_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    return result;
}

}  // namespace webhooks::store::sqlite
