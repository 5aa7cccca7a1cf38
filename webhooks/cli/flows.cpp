#include "webhooks/cli/flows.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

std::shared_ptr<std::string> directory_of(CLI::App& command) {
    auto directory = std::make_shared<std::string>();
    command.add_option("DIR", *directory,
                       "Directory of the flows (default: HANDRAIL_FLOWS, ./flows, or the shipped ones)");
    return directory;
}

void add_check(CLI::App& flows, int& exit_code) {
    CLI::App* command = flows.add_subcommand(
        "check", "Check flows, texts and word lists: OK and how much there is, or every error");
    const auto directory = directory_of(*command);
    const auto coverage = std::make_shared<bool>(false);
    command->add_flag("--coverage", *coverage, "Print which step carries which item of coverage.json");
    command->callback([=, &exit_code] {
        const auto found = find_flows_dir(*directory);
        exit_code = *coverage ? print_coverage(found) : check_flows(found);
    });
}

void add_test(CLI::App& flows, int& exit_code) {
    CLI::App* command =
        flows.add_subcommand("test", "Play DIR/transcripts/*.txt and tell where the bot says something else");
    const auto directory = directory_of(*command);
    const auto update = std::make_shared<bool>(false);
    command->add_flag("--update", *update, "Write what really came into those that differ, for review");
    const auto coverage = std::make_shared<bool>(false);
    command->add_flag("--coverage", *coverage,
                      "Also name every step, answer and branch that none goes through");
    command->callback(
        [=, &exit_code] { exit_code = test_flows(find_flows_dir(*directory), *update, *coverage); });
}

void add_graph(CLI::App& flows, int& exit_code) {
    CLI::App* command =
        flows.add_subcommand("graph", "Print flows as charts of steps and answers, Mermaid or SVG");
    const auto directory = directory_of(*command);
    const auto flow = std::make_shared<std::string>();
    auto* only = command->add_option("FLOW", *flow, "Only this flow");
    const auto svg = std::make_shared<bool>(false);
    command->add_flag("--svg", *svg, "FLOW as an SVG picture on one page, with its words (needs Graphviz)")
        ->needs(only);
    command->callback([=, &exit_code] { exit_code = graph_flows(find_flows_dir(*directory), *flow, *svg); });
}

void add_translations(CLI::App& flows, int& exit_code) {
    struct Direction {
        const char* name;
        const char* about;
        int (*run)(const std::filesystem::path&, const std::filesystem::path&);
    };
    constexpr Direction kBoth[]{
        {"export", "Write the texts for translators; what has changed since FILE was written is marked",
         export_po},
        {"import", "Take translations back, if the flows check with them", import_po}};
    for (const Direction& direction : kBoth) {
        CLI::App* command = flows.add_subcommand(direction.name, direction.about);
        const auto directory = std::make_shared<std::string>();
        const auto file = std::make_shared<std::string>();
        const auto po = std::make_shared<bool>(false);
        command->add_flag("--po", *po, "As a gettext PO file, the only format")->required();
        command->add_option("DIR", *directory, "Directory of the flows")->required();
        command->add_option("FILE", *file, "The PO file")->required();
        command->callback([=, run = direction.run, &exit_code] { exit_code = run(*directory, *file); });
    }
}

}  // namespace

void add_flows(CLI::App& app, int& exit_code) {
    CLI::App* flows = app.add_subcommand("flows", "Check, test and draw what the line says");
    flows->require_subcommand(1);
    add_check(*flows, exit_code);
    add_test(*flows, exit_code);
    add_graph(*flows, exit_code);
    add_translations(*flows, exit_code);
}

}  // namespace webhooks::cli
