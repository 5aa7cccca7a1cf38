#include "webhooks/fallback/fallback.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/store_beside.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/set_up.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::cli {

namespace {

int serve_instead(const Config& config) {
    if (!config.fallback.enabled()) {
        std::fprintf(stderr, "handrail fallback: the configuration has no section [fallback]\n");
        return kBadConfig;
    }
    telemetry::set_log_level(config.log_level);
    fallback::Fallback::Parts parts{config.fallback, config.server.limits, {}, nullptr};
    for (const gateways::AccountSettings& account : config.gateways)
        parts.gateways.push_back(gateways::make_gateway(account, config.public_url));
    // Never made here: the server would read nothing that another key has sealed.
    parts.vault = store::Vault::from_file(config.store.key_file);
    fallback::Fallback(std::move(parts)).run();
    return kDone;
}

}  // namespace

void add_fallback(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand(
        "fallback", "Keep what gateways deliver while the server is down, until it is up again");
    const auto path = std::make_shared<std::string>("handrail.toml");
    command->add_option("--config", *path, "The server's configuration file")->capture_default_str();
    command->callback([path, &exit_code] {
        protect_process();
        exit_code = with_config("fallback", *path, serve_instead);
    });
}

}  // namespace webhooks::cli
