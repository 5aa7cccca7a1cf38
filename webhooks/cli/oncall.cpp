#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/oncall_drill.hpp"
#include "webhooks/cli/oncall_report.hpp"
#include "webhooks/cli/oncall_view.hpp"
#include "webhooks/cli/store_beside.hpp"
#include "webhooks/config_sections.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/coverage.hpp"
#include "webhooks/set_up.hpp"

namespace webhooks::cli {

namespace {

using store::StoreTx;

struct Options {
    std::string config = "handrail.toml";
    std::string at;
    int days = 30;
    std::string name;
    std::string schedule, from, until, instead_of;
    std::string priority = "P0";
    int wait_minutes = 15;
};

/// A local time of the line, or now.
std::optional<bot::TimePoint> time_of(const Config& config, const std::string& text) {
    if (text.empty()) return net::now();
    const auto wall = parse_wall_time(text);
    if (!wall) return std::nullopt;
    return bot::instants_of(*wall, config.line.time_zone, config.oncall.utc_offset).first;
}

/// What the store knows; nothing when there is none yet.
oncall::Known known(const Config& config) {
    oncall::Known facts;
    try {
        const auto store = open_existing(config.store);
        const auto failed = store->transact([&](StoreTx& tx) -> store::error_code {
            facts = oncall::known_now(tx, net::now());
            return {};
        });
        if (failed) std::fprintf(stderr, "the store cannot be read: %s\n", failed.message().c_str());
    } catch (const std::runtime_error& none) {
        std::fprintf(stderr, "%s: only the configuration is looked at\n", none.what());
    }
    return facts;
}

int show(const Options& options, const Config& config) {
    const auto at = time_of(config, options.at);
    if (!at) {
        std::fprintf(stderr, "--at must be a local time like 2026-01-05T09:00\n");
        return kBadUsage;
    }
    std::printf("%s", describe_on_call(config, known(config), *at).c_str());
    return kDone;
}

int check(const Options& options, const Config& config) {
    const bot::TimePoint now = net::now();
    const auto gaps =
        oncall::gaps_of(config.oncall, known(config), now, now + std::chrono::days{options.days}, now);
    for (const oncall::Gap& gap : gaps) std::printf("%s\n", describe_gap(config, gap).c_str());
    if (gaps.empty())
        std::printf("the next %d days are covered\n", options.days);
    else
        std::printf("%zu gap(s) in the next %d days\n", gaps.size(), options.days);
    return gaps.empty() ? kDone : kFoundWrong;
}

/// Every way of the person's rules at once, as rows that the server carries out.
void queue_test(StoreTx& tx, const bot::Responder& who, bot::TimePoint now) {
    const std::string key = "test-" + std::to_string(bot::to_millis(now)) + "/" + who.name;
    std::size_t number = 0;
    for (const bot::NotificationRule& rule : who.rules) {
        tx.add_page({.escalation = std::nullopt,
                     .responder = who.name,
                     .by = rule.by,
                     .hook = rule.hook,
                     .key = key + "/" + std::to_string(++number),
                     .note = "This is a test of the on-call line for " + who.name + ". Reply 1 to confirm.",
                     .state = store::PageState::waiting,
                     .at = now,
                     .due = now});
    }
}

int test(const Options& options, const Config& config) {
    const bot::Responder* who = config.oncall.by_name(options.name);
    if (who == nullptr) {
        std::fprintf(stderr, "there is no [[oncall.person]] %s in %s\n", options.name.c_str(),
                     options.config.c_str());
        return kBadUsage;
    }
    const auto store = open_existing(config.store);
    const auto failed = store->transact([&](StoreTx& tx) -> store::error_code {
        queue_test(tx, *who, net::now());
        return {};
    });
    if (failed) throw std::runtime_error(failed.message());
    std::printf(
        "%zu way(s) to %s queued: the running server sends them now. Answer from the phone, then look "
        "at handrail oncall show\n",
        who->rules.size(), who->name.c_str());
    return kDone;
}

int add_override(const Options& options, const Config& config) {
    const bot::Schedule* schedule = config.oncall.rota.schedule(options.schedule);
    const auto from = parse_wall_time(options.from);
    const auto until = parse_wall_time(options.until);
    const auto known_person = [&](const std::string& name) { return config.oncall.by_name(name) != nullptr; };
    if (schedule == nullptr || !from || !until || !known_person(options.name) ||
        (!options.instead_of.empty() && !known_person(options.instead_of))) {
        std::fprintf(stderr, "SCHEDULE and PERSON as in the configuration, times like 2026-01-05T09:00\n");
        return kBadUsage;
    }
    bot::Override other{options.schedule, {}, {}, options.name, options.instead_of};
    other.from = bot::instants_of(*from, schedule->zone, config.oncall.utc_offset).first;
    other.until = bot::instants_of(*until, schedule->zone, config.oncall.utc_offset).last;
    if (other.until <= other.from) {
        std::fprintf(stderr, "--until must be later than --from\n");
        return kBadUsage;
    }
    const auto failed = open_existing(config.store)->transact([&](StoreTx& tx) -> store::error_code {
        tx.add_override(other);
        return {};
    });
    if (failed) throw std::runtime_error(failed.message());
    std::printf("%s is on call for %s from %s until %s\n", options.name.c_str(), options.schedule.c_str(),
                options.from.c_str(), options.until.c_str());
    return kDone;
}

int drill(const Options& options, const Config& config) {
    if (config.oncall.people.empty()) {
        std::fprintf(stderr, "nobody is on call: there is no ladder to try\n");
        return kBadUsage;
    }
    const auto store = open_existing(config.store);
    const auto priority = static_cast<bot::Priority>(options.priority[1] - '0');
    return run_drill(*store, make_roster(config), priority, std::chrono::minutes{options.wait_minutes})
               ? kDone
               : kFoundWrong;
}

int report(const Options& options, const Config& config) {
    const auto from = time_of(config, options.from);
    const auto until = time_of(config, options.until);
    if (!from || !until || *until <= *from) {
        std::fprintf(stderr,
                     "--from and --to must be local times like 2026-01-05T09:00, one after the other\n");
        return kBadUsage;
    }
    const auto store = open_existing(config.store);
    const auto cases = oncall::shift_report(*store, config.oncall, *from, *until);
    std::printf("%s", describe_shift(config, cases, *from, *until).c_str());
    return kDone;
}

using Run = int (*)(const Options&, const Config&);

CLI::App* add(CLI::App* parent, const char* name, const char* help, const std::shared_ptr<Options>& options,
              Run run, int& exit_code) {
    CLI::App* command = parent->add_subcommand(name, help);
    command->add_option("--config", options->config, "The configuration file")->capture_default_str();
    command->callback([options, run, &exit_code] {
        exit_code = with_config("oncall", options->config,
                                [&](const Config& config) { return run(*options, config); });
    });
    return command;
}

}  // namespace

void add_oncall(CLI::App& app, int& exit_code) {
    CLI::App* parent = app.add_subcommand("oncall", "Who is on call, and whether pages would wake them");
    parent->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    add(parent, "show", "Who is on call and what the ladders are", options, show, exit_code)
        ->add_option("--at", options->at, "A local time of the line, like 2026-01-05T09:00; default: now");
    add(parent, "check", "Find gaps ahead; exit status 1 when there are any", options, check, exit_code)
        ->add_option("--days", options->days, "How far")
        ->check(CLI::Range(1, 366))
        ->capture_default_str();
    add(parent, "test", "Page one person in every way of theirs, as a test", options, test, exit_code)
        ->add_option("name", options->name, "The person")
        ->required();
    CLI::App* other =
        add(parent, "override", "Put somebody else on call for a time", options, add_override, exit_code);
    other->add_option("schedule", options->schedule, "The schedule")->required();
    other->add_option("person", options->name, "Who is on call then")->required();
    other->add_option("--from", options->from, "Local time of the schedule")->required();
    other->add_option("--until", options->until, "Local time of the schedule")->required();
    other->add_option("--instead-of", options->instead_of, "Whom they replace; default: everybody");
    CLI::App* shift =
        add(parent, "report", "What a shift was: who was paged by what, who took it, how long it took",
            options, report, exit_code);
    shift->add_option("--from", options->from, "A local time of the line, like 2026-01-05T18:00")->required();
    shift->add_option("--to", options->until, "The same; default: now");
    CLI::App* rehearsal =
        add(parent, "drill", "Run the ladder with the real phones, measured, without a texter", options,
            drill, exit_code);
    rehearsal->add_option("--priority", options->priority, "Whose ladder")
        ->check(CLI::IsMember({"P0", "P1", "P2", "P3"}))
        ->capture_default_str();
    rehearsal->add_option("--wait", options->wait_minutes, "Give up after so many minutes")
        ->check(CLI::Range(1, 240))
        ->capture_default_str();
}

}  // namespace webhooks::cli
