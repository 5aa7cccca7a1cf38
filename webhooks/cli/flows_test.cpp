#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "bot/transcript.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/net/time_zone.hpp"

namespace webhooks::cli {

namespace {

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

// A reviewed transcript is never left half written.
bool replace_file(const fs::path& path, const std::string& text) {
    const fs::path fresh = path.string() + ".new";
    std::ofstream out(fresh, std::ios::binary);
    out << text;
    out.close();
    std::error_code failed;
    if (out) fs::rename(fresh, path, failed);
    return out && !failed;
}

class TranscriptTest {
public:
    TranscriptTest(std::shared_ptr<const bot::Content> content, bool update)
        : content_(std::move(content)), update_(update) {}

    void run(const fs::path& path) {
        ++played_;
        const auto text = read_file(path);
        if (!text) {
            complain(path.string() + ": cannot be read");
            return;
        }
        bot::TranscriptResult result = play(*text);
        if (result.ok()) return;
        if (update_ && update(path, result)) return;
        complain(path.string() + ":" + std::to_string(result.line) + ": " + result.difference);
    }

    int conclude() const {
        std::cout << played_ << " transcripts, " << played_ - wrong_ - updated_ << " go as written, "
                  << (update_ ? std::to_string(updated_) + " updated, " : "") << wrong_ << " differ\n";
        return wrong_ == 0 ? kDone : kFoundWrong;
    }

private:
    bot::TranscriptResult play(const std::string& text) const {
        return bot::play_transcript(text, content_, bot::transcript_line(), net::utc_offset());
    }

    // What cannot be mended by writing down what came (a line that is none) stays as the author left it.
    bool update(const fs::path& path, const bot::TranscriptResult& result) {
        if (!play(result.rewritten).ok() || !replace_file(path, result.rewritten)) return false;
        std::cout << path.string() << ": updated from line " << result.line << '\n';
        ++updated_;
        return true;
    }

    void complain(const std::string& what) {
        std::cerr << what << '\n';
        ++wrong_;
    }

    std::shared_ptr<const bot::Content> content_;
    bool update_;
    std::size_t played_ = 0;
    std::size_t updated_ = 0;
    std::size_t wrong_ = 0;
};

}  // namespace

int test_flows(const fs::path& directory, bool update) {
    const auto content = load_flows_or_complain(directory);
    if (content == nullptr) {
        std::cerr << "nothing was played: mend the flows first (handrail flows check)\n";
        return kBadConfig;
    }
    const std::vector<fs::path> paths = transcripts_in(directory);
    if (paths.empty()) {
        std::cerr << (directory / "transcripts").string() << ": there is no transcript (*.txt) to play\n";
        return kFoundWrong;
    }
    TranscriptTest test(content, update);
    for (const fs::path& path : paths) test.run(path);
    return test.conclude();
}

}  // namespace webhooks::cli
