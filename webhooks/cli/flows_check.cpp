#include <algorithm>
#include <iostream>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

std::string counted(std::size_t count, const std::string& one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string size_of(const bot::Content& content) {
    std::size_t steps = 0;
    for (const auto& [_, flow] : content.flows) steps += flow.steps.size();
    return counted(content.flows.size(), "flow") + ", " + counted(steps, "step") + ", " +
           counted(content.texts.size(), "text") + " in en and es";
}

}  // namespace

int check_flows(const std::filesystem::path& directory) {
    const bot::LoadedContent loaded = load_flows_dir(directory);
    const auto warnings =
        static_cast<std::size_t>(std::count_if(loaded.problems.begin(), loaded.problems.end(),
                                               [](const bot::Problem& problem) { return problem.warning; }));
    for (const bool warning : {false, true})
        for (const bot::Problem& problem : loaded.problems)
            if (problem.warning == warning) std::cerr << to_string(problem) << '\n';
    std::string beside;
    if (warnings > 0) beside.append(", ").append(counted(warnings, "warning"));
    if (loaded.content == nullptr) {
        std::cerr << counted(loaded.problems.size() - warnings, "error") << beside << " in "
                  << directory.string() << "; a server would not start with these flows\n";
        return kBadConfig;
    }
    std::cout << directory.string() << ": OK: " << size_of(*loaded.content) << beside << '\n';
    return kDone;
}

}  // namespace webhooks::cli
