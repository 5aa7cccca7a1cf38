#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/cli/quarantine_replay.hpp"
#include "webhooks/cli/store_beside.hpp"
#include "webhooks/set_up.hpp"

namespace webhooks::cli {

namespace {

struct Options {
    std::string config = "handrail.toml";
    std::vector<std::int64_t> ids;
    bool all = false;
};

std::optional<std::vector<store::QuarantineEntry>> entries_of(store::Store& store) {
    std::vector<store::QuarantineEntry> entries;
    const auto failed = store.read([&](store::StoreReader& reader) -> store::error_code {
        entries = reader.quarantined();
        return {};
    });
    if (!failed) return entries;
    std::fprintf(stderr, "the store cannot be read: %s\n", failed.message().c_str());
    return std::nullopt;
}

int list(const Config& config) {
    const auto store = open_existing(config.store);
    const auto entries = entries_of(*store);
    if (!entries) return kFoundWrong;
    if (entries->empty()) {
        std::printf("nothing is in quarantine\n");
        return kDone;
    }
    std::printf("%-6s  %-20s  %-16s  %s\n", "ID", "RECEIVED (UTC)", "ACCOUNT", "WHY");
    for (const store::QuarantineEntry& entry : *entries) std::printf("%s\n", describe(entry).c_str());
    return kDone;
}

// The entries asked for; complains of an id that is not there.
std::optional<std::vector<store::QuarantineEntry>> chosen(const Options& options,
                                                          std::vector<store::QuarantineEntry> entries) {
    if (options.all) return entries;
    std::vector<store::QuarantineEntry> some;
    for (const std::int64_t id : options.ids) {
        const auto found =
            std::find_if(entries.begin(), entries.end(), [id](const auto& e) { return e.id == id; });
        if (found == entries.end()) {
            std::fprintf(stderr, "there is no %lld in quarantine (handrail quarantine list)\n",
                         static_cast<long long>(id));
            return std::nullopt;
        }
        some.push_back(*found);
    }
    return some;
}

int replay(const Options& options, const Config& config) {
    if (options.all == !options.ids.empty()) {
        std::fprintf(stderr, "say which: --all or the IDs that handrail quarantine list shows\n");
        return kBadUsage;
    }
    auto content = load_flows_or_complain(find_flows_dir(config.flows));
    if (content == nullptr) return kBadConfig;
    const auto store = open_existing(config.store);
    auto entries = entries_of(*store);
    if (!entries) return kFoundWrong;
    const auto some = chosen(options, std::move(*entries));
    if (!some) return kBadUsage;
    Replay run(config, make_line(config, std::move(content)), *store);
    std::size_t stayed = 0;
    for (const store::QuarantineEntry& entry : *some) {
        const Replayed replayed = run.one(entry, !options.all);
        std::printf("%s: %s\n", describe(entry).c_str(), replayed.what.c_str());
        stayed += replayed.accepted ? 0 : 1;
    }
    std::printf("%zu handed over, %zu stay in quarantine\n", some->size() - stayed, stayed);
    return stayed == 0 ? kDone : kFoundWrong;
}

}  // namespace

void add_quarantine(CLI::App& app, int& exit_code) {
    CLI::App* quarantine =
        app.add_subcommand("quarantine", "Look after webhooks whose signature did not verify");
    quarantine->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* show = quarantine->add_subcommand(
        "list", "When they came, for which account, why they were refused; no number, no text");
    CLI::App* again =
        quarantine->add_subcommand("replay", "Answer those that verify with the present settings");
    again->footer("Works beside a running server, which then sends the answers. What does not verify stays.");
    for (CLI::App* command : {show, again})
        command->add_option("--config", options->config, "The configuration file")->capture_default_str();
    again->add_option("ID", options->ids, "Only these");
    again->add_flag("--all", options->all, "All of them, oldest first; not what is listed as replayed");
    show->callback([options, &exit_code] { exit_code = with_config("quarantine", options->config, list); });
    again->callback([options, &exit_code] {
        exit_code = with_config("quarantine", options->config,
                                [&](const Config& config) { return replay(*options, config); });
    });
}

}  // namespace webhooks::cli
