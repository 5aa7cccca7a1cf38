#pragma once
#include <boost/system/result.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "bot/flow_loader.hpp"

namespace webhooks::cli {

/// The flows directory to use: `chosen` (the --flows option) if given, else the environment's HANDRAIL_FLOWS,
/// else ./flows if there is one, else the one of the build tree or the installation this program is from.
/// It need not exist: `read_flows_dir` says so.
[[nodiscard]] std::filesystem::path find_flows_dir(const std::string& chosen = {});

/// Every *.json of a flows directory, names relative with '/' between, sorted.
/// @return one sentence naming the path when the directory or a file cannot be read.
[[nodiscard]] boost::system::result<std::vector<bot::ContentFile>, std::string> read_flows_dir(
    const std::filesystem::path& directory);

}  // namespace webhooks::cli
