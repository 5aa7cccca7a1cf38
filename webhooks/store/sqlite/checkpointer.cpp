#include "webhooks/store/sqlite/checkpointer.hpp"

namespace webhooks::store::sqlite {

namespace {

constexpr int kShortRest = 1'000;  // pages: a few milliseconds of the writer's time
constexpr int kPasses = 8;

/// @return pages of the log that are now in the database; none when it could not run
int checkpoint(Connection& connection, Health& health) {
    int in_log = 0;
    int copied = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    if (code == SQLITE_OK) return copied;
    const boost::system::error_code failure(code, sqlite_category());
    if (Health::is_fatal(failure)) health.failed(failure);
    return 0;
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, Health& health, int threshold_pages)
    : db_(std::move(connection)), health_(health), threshold_(threshold_pages), thread_([this] { run(); }) {}

void Checkpointer::log_grew(int pages) {
    log_pages_ = pages;
    if (pages < threshold_ || copying_ || rest_is_short_) return;
    copying_ = true;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    wake_.notify_one();
}

void Checkpointer::finish_on(Connection& writer) {
    if (!rest_is_short_) return;
    rest_is_short_ = false;
    checkpoint(writer, health_);
}

bool Checkpointer::wait_for_work() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return wanted_ || stopping_; });
    wanted_ = false;
    return !stopping_;
}

void Checkpointer::copy_bulk() {
    int copied = 0;
    for (int pass = 0; pass < kPasses && !health_.stopped(); ++pass) {
        copied = checkpoint(*db_, health_);
        if (log_pages_ - copied <= kShortRest) break;
    }
    rest_is_short_ = copied > 0;
}

void Checkpointer::run() {
    while (wait_for_work()) {
        copy_bulk();
        if (!rest_is_short_) {  // a full disk, or a reader in the way: not at every commit
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
        }
        copying_ = false;
    }
}

void Checkpointer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    if (db_ && health_.stopped()) db_->leave_log_alone();
    db_.reset();
}

}  // namespace webhooks::store::sqlite
