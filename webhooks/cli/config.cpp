#include "webhooks/config.hpp"

#include <cstdio>
#include <memory>
#include <string>

#include "webhooks/cli/cli.hpp"

namespace webhooks::cli {

namespace {

int check(const std::string& path) {
    const LoadedConfig loaded = load_config(path);
    for (const bot::Problem& problem : loaded.problems)
        std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
    if (!loaded.config) {
        std::fprintf(stderr, "%zu to mend in %s; nothing was started or changed\n", loaded.problems.size(),
                     path.c_str());
        return kBadConfig;
    }
    std::printf("%s: OK\n%s", path.c_str(), summarize(*loaded.config).c_str());
    return kDone;
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
    CLI::App* config = app.add_subcommand("config", "Check the configuration");
    config->require_subcommand(1);
    CLI::App* command =
        config->add_subcommand("check", "Check the configuration whole: prints OK or every error");
    const auto path = std::make_shared<std::string>("handrail.toml");
    command->add_option("--config", *path, "The configuration file")->capture_default_str();
    command->callback([path, &exit_code] { exit_code = check(*path); });
}

}  // namespace webhooks::cli
