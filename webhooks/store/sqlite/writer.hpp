#pragma once
#include <memory>
#include <thread>
#include <vector>

#include "webhooks/store/sqlite/checkpointer.hpp"
#include "webhooks/store/sqlite/health.hpp"
#include "webhooks/store/sqlite/job_queue.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

/// The one thread that writes. Every job waiting when it wakes shares one transaction and one COMMIT. When
/// one of them fails they all run again, each in a savepoint that keeps its failure from its neighbours.
/// Nobody hears of success before the COMMIT is on disk.
class Writer {
public:
    struct Item {
        Store::Job job;
        Completion done;
    };

    Writer(const SqliteSettings& settings, std::unique_ptr<Connection> connection, const Vault& vault,
           Health& health, Checkpointer& checkpointer);
    ~Writer() { stop(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void push(Item item);
    /// Refuses new work and finishes what waits.
    void finish();
    /// And closes the connection.
    void stop();

private:
    void run();
    void write(const std::vector<Item>& batch);
    error_code carry_out(const std::vector<Item>& batch);
    error_code carry_out_apart(const std::vector<Item>& batch);
    void begin();
    error_code run_in_savepoint(const Store::Job& job);
    /// @param careful  its attempts can be undone one by one (StoreTx::attempt)
    error_code run_job(const Store::Job& job, bool careful);
    void undo_registered(std::vector<Tx::Around>& registered);
    void commit();

    std::unique_ptr<Connection> db_;
    Tx tx_;
    Health& health_;
    Checkpointer& checkpointer_;
    const std::size_t batch_limit_;
    JobQueue<Item> queue_;
    std::vector<error_code> results_;
    std::vector<Tx::Around> around_;  ///< of the jobs that will be committed
    int log_pages_ = 0;
    std::thread thread_;
};

}  // namespace webhooks::store::sqlite
