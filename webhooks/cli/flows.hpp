#pragma once
#include <filesystem>
#include <string>

#include "bot/content.hpp"

/// What authors of flows do at the command line; each prints for people and returns an exit code of cli.hpp.
namespace webhooks::cli {

/// `flows check`: every defect of the directory to stderr, a summary to stdout.
[[nodiscard]] int check_flows(const std::filesystem::path& directory);

/// `flows check --coverage`: which step carries which item of coverage.json, as a Markdown table to stdout.
[[nodiscard]] int print_coverage(const std::filesystem::path& directory);

/// `flows test`: plays transcripts/*.txt of the directory and tells the first difference of each.
/// @param update  write what really came into those that differ
/// @param coverage  name every step, answer and branch that no transcript goes through
[[nodiscard]] int test_flows(const std::filesystem::path& directory, bool update, bool coverage);

/// `flows graph`: steps and answers as Mermaid flow charts. @param flow  empty: all of them
[[nodiscard]] int graph_flows(const std::filesystem::path& directory, const std::string& flow);

}  // namespace webhooks::cli
