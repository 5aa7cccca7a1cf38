#pragma once
#include <boost/system/result.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bot/flow_loader.hpp"
#include "bot/problem.hpp"

namespace webhooks::cli {

/// The flows directory to use: `chosen` (the --flows option) if given, else the environment's HANDRAIL_FLOWS,
/// else ./flows if there is one, else the one of the build tree or the installation this program is from.
/// It need not exist: `read_flows_dir` says so.
[[nodiscard]] std::filesystem::path find_flows_dir(const std::string& chosen = {});

/// Every *.json of a flows directory, names relative with '/' between, sorted.
/// @return the path and the reason when the directory or a file cannot be read.
[[nodiscard]] boost::system::result<std::vector<bot::ContentFile>, bot::Problem> read_flows_dir(
    const std::filesystem::path& directory);

/// Reads and checks a flows directory whole (bot::load_content). A directory that cannot be read is one more
/// problem; each problem's `file` is the path from here, so that it can be opened as it is printed.
[[nodiscard]] bot::LoadedContent load_flows_dir(const std::filesystem::path& directory);

/// The same for commands that need the flows to do their work: prints the errors, not the warnings.
/// @return null when there is any error.
[[nodiscard]] std::shared_ptr<const bot::Content> load_flows_or_complain(
    const std::filesystem::path& directory);

}  // namespace webhooks::cli
