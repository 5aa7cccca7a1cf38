#include <algorithm>
#include <iostream>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

bool carries(const bot::Step& step, const std::string& item) {
    return std::find(step.covers.begin(), step.covers.end(), item) != step.covers.end();
}

// "slip/S2 (SLP.2), relapse/R1 (REL.1 REL.2)"
std::string carriers(const bot::Content& content, const std::string& item) {
    std::string out;
    for (const auto& [flow_id, flow] : content.flows)
        for (const auto& [step_id, step] : flow.steps) {
            if (!carries(step, item)) continue;
            std::string texts;
            for (const bot::SayItem& said : step.say) texts += (texts.empty() ? "" : " ") + said.text_id;
            out += out.empty() ? "" : ", ";
            out += flow_id;
            out += '/';
            out += step_id;
            if (!texts.empty()) out += " (" + texts + ")";
        }
    return out;
}

}  // namespace

int print_coverage(const std::filesystem::path& directory) {
    const bot::LoadedContent loaded = load_flows_dir(directory);
    if (loaded.content == nullptr) return check_flows(directory);
    std::cout
        << "# What the flows carry of the clinical brief\n\n"
           "Written by `handrail flows check --coverage flows`; the items are those of coverage.json.\n";
    std::string heading;
    for (const bot::CoverageItem& item : loaded.content->coverage) {
        if (item.heading != heading) {
            heading = item.heading;
            std::cout << "\n## " << heading << "\n\n| Item | Steps (texts) |\n|---|---|\n";
        }
        std::cout << "| " << item.item << " | " << carriers(*loaded.content, item.id) << " |\n";
    }
    return kDone;
}

}  // namespace webhooks::cli
