#include "webhooks/cli/cli.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>

namespace webhooks::cli {

namespace {

// The subcommands, in the order of the help text.
constexpr void (*kCommands[])(CLI::App&, int&){
    add_serve,      add_fallback, add_chat,    add_classify, add_flows, add_config,
    add_quarantine, add_halt,     add_contact, add_oncall,   add_staff, add_doctor,
};

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Handrail: a crisis text-support server", "handrail"};
    app.set_version_flag("--version", "handrail 0.1.0");
    app.require_subcommand(1);
    int exit_code = 0;
    for (const auto add : kCommands) add(app, exit_code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : kBadUsage;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "handrail: %s\n", e.what());
        return kFoundWrong;
    }
    return exit_code;
}

}  // namespace webhooks::cli
