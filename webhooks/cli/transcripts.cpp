#include "webhooks/cli/transcripts.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/net/time_zone.hpp"

namespace webhooks::cli {

namespace fs = std::filesystem;

std::vector<fs::path> transcripts_in(const fs::path& directory) {
    std::vector<fs::path> paths;
    std::error_code failed;
    for (fs::directory_iterator entry(directory / "transcripts", failed), end; !failed && entry != end;
         entry.increment(failed))
        if (entry->path().extension() == ".txt") paths.push_back(entry->path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::optional<std::string> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) return std::nullopt;
    return text;
}

bool replace_file(const fs::path& path, const std::string& text) {
    const fs::path fresh = path.string() + ".new";
    std::ofstream out(fresh, std::ios::binary);
    out << text;
    out.close();
    std::error_code failed;
    if (out) fs::rename(fresh, path, failed);
    return out && !failed;
}

bot::TranscriptResult play(const std::string& transcript, std::shared_ptr<const bot::Content> content) {
    return bot::play_transcript(transcript, std::move(content), bot::transcript_line(), net::utc_offset());
}

bot::Problems play_all(const std::vector<fs::path>& transcripts,
                       const std::shared_ptr<const bot::Content>& content, std::set<const void*>* visited) {
    bot::Problems problems;
    for (const fs::path& path : transcripts) {
        const auto text = read_file(path);
        if (!text) {
            problems.push_back({path.string(), "", "cannot be read"});
            continue;
        }
        const bot::TranscriptResult result = play(*text, content);
        if (!result.ok()) problems.push_back({path.string(), "", result.difference, false, result.line});
        if (visited != nullptr) visited->insert(result.visited.begin(), result.visited.end());
    }
    return problems;
}

bot::LoadedContent load_flows_to_serve(const fs::path& directory) {
    bot::LoadedContent loaded = load_flows_dir(directory);
    if (loaded.content == nullptr) return loaded;
    const bot::Problems differ = play_all(transcripts_in(directory), loaded.content);
    if (!differ.empty()) loaded.content.reset();
    loaded.problems.insert(loaded.problems.end(), differ.begin(), differ.end());
    return loaded;
}

}  // namespace webhooks::cli
