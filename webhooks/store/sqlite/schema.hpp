#pragma once
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"

namespace webhooks::store::sqlite {

/// Opens the writing connection and makes the database ready: durable settings, migrations, the right key.
/// @throws std::runtime_error saying what is wrong with which file
[[nodiscard]] std::unique_ptr<Connection> open_ready(const SqliteSettings& settings, const Vault& vault);

/// A further connection to a database that is ready. @throws StoreFailure
[[nodiscard]] std::unique_ptr<Connection> open_reader(const SqliteSettings& settings);
/// For checkpoints only. @throws StoreFailure
[[nodiscard]] std::unique_ptr<Connection> open_checkpointer(const SqliteSettings& settings);

}  // namespace webhooks::store::sqlite
