#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "webhooks/app.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/cli/transcripts.hpp"
#include "webhooks/config.hpp"
#include "webhooks/set_up.hpp"

namespace webhooks::cli {

namespace {

struct Options {
    std::string config;
    std::uint16_t port = 8'080;
    std::uint16_t admin_port = 8'081;
};

void complain(const bot::Problems& problems) {
    for (const bot::Problem& problem : problems)
        if (!problem.warning) std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
}

std::optional<Config> settings(const Options& options) {
    if (options.config.empty()) return demo_config(options.port, options.admin_port);
    LoadedConfig loaded = load_config(options.config);
    complain(loaded.problems);
    return std::move(loaded.config);
}

int serve(const Options& options) {
    protect_process();
    std::signal(SIGHUP, SIG_IGN);  // until the server heeds it: somebody may reload while it still starts
    auto config = settings(options);
    const auto directory = find_flows_dir(config ? config->flows : "");
    bot::LoadedContent flows;
    if (config) flows = load_flows_to_serve(directory);
    complain(flows.problems);
    if (!flows.content) {
        std::fprintf(stderr, "handrail: not started; nothing was changed\n");
        return kBadConfig;
    }
    telemetry::set_log_level(config->log_level);
    const std::string summary = summarize(*config);
    const bool demo = config->demo;
    try {
        App app(std::move(*config), flows.content, [directory] { return load_flows_to_serve(directory); });
        std::printf(
            "%s%s", summary.c_str(),
            demo ? ("demo      open http://127.0.0.1:" + std::to_string(options.port) + "/demo\n").c_str()
                 : "");
        std::fflush(stdout);
        return app.run();
    } catch (const BadSetUp& refused) {
        std::fprintf(stderr, "handrail: %s\n", refused.what());
        return kBadConfig;
    }
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand(
        "serve", "Run the line until SIGTERM; without --config a demo on loopback, with its data here");
    const auto options = std::make_shared<Options>();
    auto* config = command->add_option("--config", options->config, "The configuration file");
    command->add_option("--port", options->port, "Port of the demo")->excludes(config);
    command->add_option("--admin-port", options->admin_port, "Port of the demo's health and metrics")
        ->excludes(config);
    command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace webhooks::cli
