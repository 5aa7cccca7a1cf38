#pragma once
#include <memory>
#include <optional>
#include <string>

#include "webhooks/config.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::cli {

/// The configuration, or nothing and its problems on stderr.
[[nodiscard]] std::optional<Config> read_config(const std::string& path);

/// The store beside a server that may be running: SQLite's own locks keep the two apart, each waits for the
/// other. Never made here, and never opened by another user, whose files the server could not write.
/// @throws std::runtime_error naming the file
[[nodiscard]] std::unique_ptr<store::Store> open_existing(const StoreSettings& settings);

}  // namespace webhooks::cli
