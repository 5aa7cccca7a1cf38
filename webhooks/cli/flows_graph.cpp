#include <cstdio>
#include <iostream>
#include <memory>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/drawing/flow_drawing.hpp"

namespace webhooks::cli {

namespace {

constexpr int kNoSuchCommand = 127 << 8;  // of the shell, as pclose gives it

/// Graphviz draws it, to our own standard output.
int print_svg(const std::string& dot) {
    std::cout.flush();
    FILE* graphviz = ::popen("dot -Tsvg", "w");
    if (graphviz == nullptr) {
        std::cerr << "handrail flows graph: no process could be started for dot\n";
        return kFoundWrong;
    }
    const bool written = std::fwrite(dot.data(), 1, dot.size(), graphviz) == dot.size();
    const int status = ::pclose(graphviz);
    if (status == 0 && written) return kDone;
    std::cerr << (status == kNoSuchCommand
                      ? "handrail flows graph: --svg needs Graphviz (apt-get install graphviz)\n"
                      : "handrail flows graph: dot failed\n");
    return kFoundWrong;
}

}  // namespace

int graph_flows(const std::filesystem::path& directory, const std::string& flow, bool svg) {
    const auto content = load_flows_or_complain(directory);
    if (content == nullptr) return kBadConfig;
    if (flow.empty()) {
        for (const auto& [_, one] : content->flows) std::cout << to_mermaid(drawing::draw(*content, one));
        return kDone;
    }
    const auto found = content->flows.find(flow);
    if (found == content->flows.end()) {
        std::cerr << directory.string() << ": there is no flow \"" << flow << "\"; there are";
        for (const auto& [id, _] : content->flows) std::cerr << ' ' << id;
        std::cerr << '\n';
        return kBadUsage;
    }
    const drawing::FlowDrawing picture = drawing::draw(*content, found->second);
    if (svg) return print_svg(to_dot(picture));
    std::cout << to_mermaid(picture);
    return kDone;
}

}  // namespace webhooks::cli
