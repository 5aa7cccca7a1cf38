#include <algorithm>
#include <iostream>
#include <set>
#include <vector>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flow_places.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/cli/transcripts.hpp"

namespace webhooks::cli {

namespace {

namespace fs = std::filesystem;

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
        const bot::TranscriptResult result = play(*text, content_);
        visited_.insert(result.visited.begin(), result.visited.end());
        if (result.ok()) return;
        if (update_ && update(path, result)) return;
        complain(path.string() + ":" + std::to_string(result.line) + ": " + result.difference);
    }

    int conclude() const {
        std::cout << played_ << " transcripts, " << played_ - wrong_ - updated_ << " go as written, "
                  << (update_ ? std::to_string(updated_) + " updated, " : "") << wrong_ << " differ\n";
        return wrong_ == 0 ? kDone : kFoundWrong;
    }

    // How much of the flows they go through; what they leave out, place by place, when wanted.
    void tell_coverage(bool each_place) const {
        const FlowPlaces places = places_of(*content_);
        std::cout << "steps visited: " << visited_of(places.steps) << " of " << places.steps.size()
                  << "; answers and branches: " << visited_of(places.ways) << " of " << places.ways.size()
                  << '\n';
        if (!each_place) return;
        for (const auto* list : {&places.steps, &places.ways})
            for (const FlowPlace& place : *list)
                if (!visited_.contains(place.what)) std::cout << place.where << ": no transcript goes here\n";
    }

private:
    std::size_t visited_of(const std::vector<FlowPlace>& places) const {
        return static_cast<std::size_t>(std::count_if(
            places.begin(), places.end(), [&](const auto& place) { return visited_.contains(place.what); }));
    }

    // What cannot be mended by writing down what came (a line that is none) stays as the author left it.
    bool update(const fs::path& path, const bot::TranscriptResult& result) {
        if (!play(result.rewritten, content_).ok() || !replace_file(path, result.rewritten)) return false;
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
    std::set<const void*> visited_;
};

}  // namespace

int test_flows(const fs::path& directory, bool update, bool coverage) {
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
    const int outcome = test.conclude();
    test.tell_coverage(coverage);
    return outcome;
}

}  // namespace webhooks::cli
