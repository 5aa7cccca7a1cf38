#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "webhooks/store/store.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::store {

struct SqliteSettings {
    std::string path = "handrail.db";
    std::size_t queue_limit = 4'096;        ///< jobs waiting for the writer; past it: Error::busy
    std::size_t batch_limit = 256;          ///< jobs that share one COMMIT
    std::size_t checkpoint_pages = 16'000;  ///< length of the log at which it is folded back into the file
    std::size_t cache_kib = 4'096;          ///< the writer's page cache
    std::string vfs{};  ///< sqlite3_vfs name; empty: the default. The power-cut test names its own
    const char* synchronous = "FULL";
    /// Called once, on the writer's thread, when an I/O error has ended writing: after a failed fsync nobody
    /// knows what is on disk, so the process should stop taking messages and exit. Every call after it
    /// completes with `Error::stopped`, and nothing is tried on that database handle again.
    std::function<void(boost::system::error_code)> on_fatal{};
};

/// Opens (creating if need be), checks, migrates forward. @throws std::runtime_error saying what is wrong
/// with which file: not a database, newer schema, sealed with another key, not writable.
[[nodiscard]] std::unique_ptr<Store> open_sqlite(const SqliteSettings& settings,
                                                 std::shared_ptr<const Vault> vault);

}  // namespace webhooks::store
