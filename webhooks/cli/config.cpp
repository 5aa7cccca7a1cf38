#include "webhooks/config.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

#include "bot/content.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

/// The server does not start with flows that do not load, nor with a ladder whose text they lack.
bot::Problems check_flows(const LoadedConfig& loaded, const std::filesystem::path& directory,
                          const std::string& config_file) {
    const bot::LoadedContent flows = load_flows_dir(directory);
    bot::Problems problems = flows.problems;
    std::erase_if(problems, [](const bot::Problem& problem) { return problem.warning; });
    if (!loaded.config || !flows.content) return problems;
    for (const bot::EscalationPolicy& policy : loaded.config->oncall.policies) {
        for (const bot::Rung& rung : policy.rungs) {
            if (!rung.tell_texter.empty() && flows.content->find_text(rung.tell_texter) == nullptr)
                problems.push_back(
                    {config_file, "oncall",
                     "a rung tells the texter " + rung.tell_texter + ", a text these flows lack"});
        }
    }
    return problems;
}

int check(const std::string& path) {
    LoadedConfig loaded = load_config(path);
    const std::filesystem::path flows = find_flows_dir(loaded.flows);
    std::error_code ignored;
    // A line.flows that is no directory is among the problems already.
    if (loaded.flows.empty() || std::filesystem::is_directory(flows, ignored)) {
        bot::Problems more = check_flows(loaded, flows, path);
        std::ranges::move(more, std::back_inserter(loaded.problems));
    }
    for (const bot::Problem& problem : loaded.problems)
        std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
    if (!loaded.problems.empty()) {
        std::fprintf(stderr, "%zu to mend in %s; nothing was started or changed\n", loaded.problems.size(),
                     path.c_str());
        return kBadConfig;
    }
    std::printf("%s: OK\n%sflows     %s\n", path.c_str(), summarize(*loaded.config).c_str(),
                flows.string().c_str());
    return kDone;
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
    CLI::App* config = app.add_subcommand("config", "Check the configuration");
    config->require_subcommand(1);
    CLI::App* command = config->add_subcommand(
        "check", "Check the configuration and the flows it names: prints OK or every error");
    const auto path = std::make_shared<std::string>("handrail.toml");
    command->add_option("--config", *path, "The configuration file")->capture_default_str();
    command->callback([path, &exit_code] { exit_code = check(*path); });
}

}  // namespace webhooks::cli
