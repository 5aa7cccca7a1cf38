#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/sqlite/health.hpp"

namespace webhooks::store::sqlite {

/// Folds the write-ahead log back into the database on a thread of its own, so that no texter waits for it.
///
/// While it copies, the writer goes on appending, and a log can only start over when nothing is left to copy.
/// So this thread copies the bulk and then asks the writer to copy the short rest between two batches.
class Checkpointer {
public:
    Checkpointer(std::unique_ptr<Connection> connection, Health& health, int threshold_pages);
    ~Checkpointer() { stop(); }
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// Writer's thread, after each commit: the log has this many pages.
    void log_grew(int pages);
    /// Writer's thread, between batches: copy the rest, if that is all that is left.
    void finish_on(Connection& writer);
    void stop();

private:
    void run();
    bool wait_for_work();
    void copy_bulk();

    std::unique_ptr<Connection> db_;
    Health& health_;
    const int threshold_;
    std::atomic<int> log_pages_ = 0;
    std::atomic<bool> copying_ = false;
    std::atomic<bool> rest_is_short_ = false;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace webhooks::store::sqlite
