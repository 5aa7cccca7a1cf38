#include "webhooks/cli/flows_dir.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace webhooks::cli {

namespace fs = std::filesystem;

fs::path find_flows_dir(const std::string& chosen) {
    if (!chosen.empty()) return chosen;
    if (const char* named = std::getenv("HANDRAIL_FLOWS"); named != nullptr && *named != '\0') return named;
    std::error_code ignored;
    if (fs::is_directory("flows", ignored)) return "flows";
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const char* relative : {"../../flows", "../share/handrail/flows"})
        if (fs::is_directory(program / relative, ignored)) return (program / relative).lexically_normal();
    return "flows";
}

boost::system::result<std::vector<bot::ContentFile>, bot::Problem> read_flows_dir(const fs::path& directory) {
    std::error_code failed;
    std::vector<bot::ContentFile> files;
    for (fs::recursive_directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        if (!entry->is_regular_file() || entry->path().extension() != ".json") continue;
        std::ifstream in(entry->path(), std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        if (!in) return bot::Problem{entry->path().string(), "", "cannot be read"};
        files.push_back({entry->path().lexically_relative(directory).generic_string(), std::move(text)});
    }
    if (failed) return bot::Problem{directory.string(), "", failed.message()};
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

bot::LoadedContent load_flows_dir(const fs::path& directory) {
    const auto files = read_flows_dir(directory);
    if (!files) return {nullptr, {files.error()}};
    bot::LoadedContent loaded = bot::load_content(*files);
    for (bot::Problem& problem : loaded.problems) problem.file = (directory / problem.file).string();
    return loaded;
}

std::shared_ptr<const bot::Content> load_flows_or_complain(const fs::path& directory) {
    bot::LoadedContent loaded = load_flows_dir(directory);
    for (const bot::Problem& problem : loaded.problems)
        if (!problem.warning) std::cerr << to_string(problem) << '\n';
    return std::move(loaded.content);
}

}  // namespace webhooks::cli
