#pragma once
#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// One inbound text and what becomes of it.
struct Work {
    std::string sid, from, body;
    std::function<void()> stored;  ///< called on the writer's thread once the commit is durable
};

/// The least a line can store: message, conversation and reply in clear, one step of a toy flow, nothing
/// sealed, no timers, escalations, consent or events. SQLite WAL, synchronous FULL, one writer; whatever
/// waits when it wakes shares one commit; checkpoints run on a thread of their own. A yardstick, not a
/// server.
class BareStore {
public:
    explicit BareStore(const std::string& path);
    ~BareStore();
    BareStore(const BareStore&) = delete;
    BareStore& operator=(const BareStore&) = delete;

    void push(Work work);

private:
    void write_for_ever();
    void checkpoint_for_ever(const std::string& path);
    void write(const Work& work);
    void answer(const Work& work);
    sqlite3_stmt* prepare(const char* sql);
    void step(sqlite3_stmt* statement);

    sqlite3* database_ = nullptr;
    sqlite3_stmt *begin_, *commit_, *add_message_, *find_, *update_, *add_conversation_, *add_reply_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Work> waiting_;
    bool stopping_ = false;
    std::atomic<int> wal_pages_{0};
    std::atomic<bool> stop_checkpoints_{false};
    std::thread writer_, checkpointer_;
};

}  // namespace bench
