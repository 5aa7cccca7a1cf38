#pragma once
#include <memory>
#include <thread>

#include "webhooks/store/sqlite/job_queue.hpp"
#include "webhooks/store/sqlite/reader.hpp"

namespace webhooks::store::sqlite {

/// The one thread that reads for dashboards and metrics. Each job sees one committed state.
class Reading {
public:
    struct Item {
        Store::ReadJob job;
        Completion done;
    };

    Reading(std::unique_ptr<Connection> connection, const Vault& vault, std::size_t queue_limit);
    ~Reading() { stop(); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void push(Item item);
    void stop();

private:
    void run();
    error_code run_job(const Store::ReadJob& job);

    std::unique_ptr<Connection> db_;
    Reader reader_;
    JobQueue<Item> queue_;
    std::thread thread_;
};

}  // namespace webhooks::store::sqlite
