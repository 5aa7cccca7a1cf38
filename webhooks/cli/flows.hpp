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
/// @param svg  one flow as a picture for one page, with the words that are said; drawn by Graphviz' `dot`
[[nodiscard]] int graph_flows(const std::filesystem::path& directory, const std::string& flow, bool svg);

/// `flows export --po`: the texts as a gettext PO file, English to Spanish. A file that is there already
/// tells which English each translation was made from: where that has changed the entry is fuzzy, with the
/// former English beside it.
[[nodiscard]] int export_po(const std::filesystem::path& directory, const std::filesystem::path& out);

/// `flows import --po`: takes translations into texts/es.json. All or nothing: a file that is no PO, or texts
/// with which the flows would not check, are told by file and line and change nothing. Fuzzy entries and
/// those of another English are left.
[[nodiscard]] int import_po(const std::filesystem::path& directory, const std::filesystem::path& in);

}  // namespace webhooks::cli
