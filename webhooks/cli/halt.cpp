#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "webhooks/cli/cli.hpp"
#include "webhooks/config.hpp"

namespace webhooks::cli {

namespace {

/// A file, so that it works while the store does not, and outlives a restart.
bool set_halted(const std::string& file, bool halted) {
    if (!halted) return ::unlink(file.c_str()) == 0 || errno == ENOENT;
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return descriptor >= 0 && ::close(descriptor) == 0;
}

void halt(const std::string& config_file, bool halted, int& exit_code) {
    const LoadedConfig loaded = load_config(config_file);
    for (const bot::Problem& problem : loaded.problems)
        std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
    if (!loaded.config) {
        exit_code = kBadConfig;
        return;
    }
    const std::string file = loaded.config->store.halt_file();
    if (!set_halted(file, halted)) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), std::generic_category().message(errno).c_str());
        exit_code = kFoundWrong;
        return;
    }
    std::puts(
        halted
            ? "Halted: nothing but pages is sent. What grows stale meanwhile is dropped. `handrail resume` "
              "ends it."
            : "Sending again.");
}

}  // namespace

void add_halt(CLI::App& app, int& exit_code) {
    for (const bool halted : {true, false}) {
        auto config = std::make_shared<std::string>("handrail.toml");
        CLI::App* command =
            halted ? app.add_subcommand("halt", "Stop sending at once, but for pages to people on call")
                   : app.add_subcommand("resume", "Send again");
        command->add_option("--config", *config, "Configuration file")->capture_default_str();
        command->callback([config, halted, &exit_code] { halt(*config, halted, exit_code); });
    }
}

}  // namespace webhooks::cli
