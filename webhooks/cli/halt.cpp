#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/store_beside.hpp"

namespace webhooks::cli {

namespace {

/// A file, so that it works while the store does not, and outlives a restart.
bool set_halted(const std::string& file, bool halted) {
    if (!halted) return ::unlink(file.c_str()) == 0 || errno == ENOENT;
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return descriptor >= 0 && ::close(descriptor) == 0;
}

int halt(const StoreSettings& store, bool halted) {
    const std::string file = store.halt_file();
    if (!set_halted(file, halted)) {
        std::fprintf(stderr, "%s: %s\n", file.c_str(), std::generic_category().message(errno).c_str());
        return kFoundWrong;
    }
    std::puts(
        halted
            ? "Halted: nothing but pages is sent. What grows stale meanwhile is dropped. `handrail resume` "
              "ends it."
            : "Sending again.");
    return kDone;
}

}  // namespace

void add_halt(CLI::App& app, int& exit_code) {
    for (const bool halted : {true, false}) {
        auto config = std::make_shared<std::string>("handrail.toml");
        CLI::App* command =
            halted ? app.add_subcommand("halt", "Stop sending at once, but for pages to people on call")
                   : app.add_subcommand("resume", "Send again");
        command->add_option("--config", *config, "Configuration file")->capture_default_str();
        command->callback([config, halted, &exit_code] {
            exit_code = with_config(halted ? "halt" : "resume", *config,
                                    [halted](const Config& read) { return halt(read.store, halted); });
        });
    }
}

}  // namespace webhooks::cli
