#pragma once
#include <functional>
#include <memory>
#include <string>

#include "webhooks/config.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::cli {

/// The store beside a server that may be running: SQLite's own locks keep the two apart, each waits for the
/// other. Never made here, and never opened by another user, whose files the server could not write.
/// @throws std::runtime_error saying what is wrong
[[nodiscard]] std::unique_ptr<store::Store> open_existing(const StoreSettings& settings);

/// Reads the configuration and does the work; complains on standard error of what is wrong with either.
/// @param command  named in the complaint
/// @return an exit code of cli.hpp
[[nodiscard]] int with_config(const char* command, const std::string& path,
                              const std::function<int(const Config&)>& work);

}  // namespace webhooks::cli
