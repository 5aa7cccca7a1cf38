#include "webhooks/cli/cli.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace webhooks::cli {

namespace {
constexpr int kBadUsage = 64;  // sysexits.h EX_USAGE
}

int run(int argc, char** argv) {
    CLI::App app{"Handrail: a crisis text-support server", "handrail"};
    app.set_version_flag("--version", "handrail 0.1.0");
    app.require_subcommand(1);
    int exit_code = 0;
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : kBadUsage;
    }
    return exit_code;
}

}  // namespace webhooks::cli
