#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/doctor_checks.hpp"

namespace webhooks::cli {

namespace {

int doctor(const std::string& path) {
    const LoadedConfig loaded = load_config(path);
    for (const bot::Problem& problem : loaded.problems)
        std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
    if (!loaded.config) {
        std::fprintf(stderr, "%zu to mend in %s; nothing else was looked at\n", loaded.problems.size(),
                     path.c_str());
        return kBadConfig;
    }
    DoctorReport report;
    report.fine("config", path);
    check_flows(*loaded.config, report);
    check_on_call(*loaded.config, report);
    const bool serving = check_server(*loaded.config, report);
    check_files(*loaded.config, serving, report);
    check_gateways(*loaded.config, report);
    std::printf("%d wrong, %d to know about\n", report.wrongs(), report.warnings());
    return report.wrongs() == 0 ? kDone : kFoundWrong;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand(
        "doctor", "Check a line that is set up, from its files to its public URL; texts nobody");
    command->footer(
        "Calls itself through the public URL, signed as each gateway signs, asks the gateways what they "
        "call, "
        "and\nsays in words what is wrong. Exit status: 0 all well, 1 something is wrong, 78 the "
        "configuration "
        "is.");
    const auto path = std::make_shared<std::string>("handrail.toml");
    command->add_option("--config", *path, "The configuration file")->capture_default_str();
    command->callback([path, &exit_code] { exit_code = doctor(*path); });
}

}  // namespace webhooks::cli
