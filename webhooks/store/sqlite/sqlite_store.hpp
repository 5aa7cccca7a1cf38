#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "webhooks/store/store.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::store {

struct SqliteSettings {
    std::string path = "handrail.db";
    std::size_t queue_limit = 4'096;  ///< jobs waiting for the writer; past it: Error::busy
    std::string vfs;  ///< sqlite3_vfs name; empty: the default. The power-cut test names its own
    const char* synchronous = "FULL";
};

/// Opens (creating if need be), checks, migrates forward. @throws std::runtime_error saying what is wrong
/// with which file: not a database, newer schema, sealed with another key, not writable.
[[nodiscard]] std::unique_ptr<Store> open_sqlite(const SqliteSettings& settings,
                                                 std::shared_ptr<const Vault> vault);

}  // namespace webhooks::store
