#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/store_beside.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/rendering.hpp"
#include "webhooks/staff/roles.hpp"
#include "webhooks/staff/session_api.hpp"

namespace webhooks::cli {

namespace {

using store::AccountRow;
using store::StoreTx;

struct Options {
    std::string config = "handrail.toml";
    std::string name;
    std::vector<std::string> roles;
};

/// @throws std::runtime_error when the work does, or the store fails
void change(store::Store& store, const std::function<void(StoreTx&)>& work) {
    std::string refused;
    const auto failed = store.transact([&](StoreTx& tx) -> store::error_code {
        try {
            work(tx);
        } catch (const std::invalid_argument& why) {
            refused = why.what();
        }
        return {};
    });
    if (failed) throw std::runtime_error("the store: " + failed.message());
    if (!refused.empty()) throw std::runtime_error(refused);
}

void audit(StoreTx& tx, std::string_view what, const std::string& name) {
    tx.staff().add_audit({0, std::nullopt, "command line", std::string(what), name, {}, net::now()});
}

AccountRow named(StoreTx& tx, const std::string& name) {
    auto account = tx.staff().account_named(name);
    if (!account) throw std::invalid_argument("there is no account " + name);
    return *account;
}

void print_link(const Config& config, const std::string& name, const std::string& link) {
    std::printf("%s sets the password with this link, once, within 24 hours:\n%s/dashboard/#welcome=%s\n",
                name.c_str(), config.public_url.c_str(), link.c_str());
}

int add(const Options& options, const Config& config) {
    if (!staff::is_staff_name(options.name)) {
        std::fprintf(stderr, "a name has 1 to 12 letters, digits, blanks, dots or hyphens: texters see it\n");
        return kBadUsage;
    }
    AccountRow account;
    account.name = options.name;
    account.created_at = net::now();
    for (const std::string& role : options.roles) account.roles |= staff::bit_of(*staff::parse_role(role));
    std::string link;
    const auto store = open_existing(config.store);
    change(*store, [&](StoreTx& tx) {
        const auto id = tx.staff().add_account(account);
        if (!id) throw std::invalid_argument("there is an account " + options.name + " already");
        audit(tx, "account_made", options.name);
        link = staff::give_link(tx, *tx.staff().account(*id), net::now());
    });
    print_link(config, options.name, link);
    return kDone;
}

int list(const Config& config) {
    const auto store = open_existing(config.store);
    std::vector<AccountRow> accounts;
    const auto failed = store->read([&](store::StoreReader& reader) -> store::error_code {
        accounts = reader.staff().accounts();
        return {};
    });
    if (failed) throw std::runtime_error("the store: " + failed.message());
    if (accounts.empty()) std::printf("no accounts (handrail staff add)\n");
    for (const AccountRow& account : accounts) {
        std::string roles;
        for (const std::string_view role : staff::role_words(account.roles)) roles.append(" ").append(role);
        std::printf("%s:%s%s%s\n", account.name.c_str(), roles.c_str(), account.disabled ? ", disabled" : "",
                    account.password.empty() ? ", no password yet" : "");
    }
    return kDone;
}

int disable(const Options& options, const Config& config) {
    const auto store = open_existing(config.store);
    change(*store, [&](StoreTx& tx) {
        AccountRow account = named(tx, options.name);
        account.disabled = true;
        tx.staff().save_account(account);
        tx.staff().end_sessions(account.id);
        audit(tx, "account_disabled", options.name);
    });
    std::printf("%s can no longer sign in\n", options.name.c_str());
    return kDone;
}

int relink(const Options& options, const Config& config) {
    std::string link;
    const auto store = open_existing(config.store);
    change(*store, [&](StoreTx& tx) {
        AccountRow account = named(tx, options.name);
        account.disabled = false;
        audit(tx, "account_reset", options.name);
        link = staff::give_link(tx, account, net::now());
    });
    print_link(config, options.name, link);
    return kDone;
}

}  // namespace

void add_staff(CLI::App& app, int& exit_code) {
    CLI::App* staff = app.add_subcommand("staff", "Who may sign in to the dashboard");
    staff->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* make = staff->add_subcommand("add", "Make an account; prints a link that sets its password");
    CLI::App* show = staff->add_subcommand("list", "Names and roles");
    CLI::App* end = staff->add_subcommand("disable", "Sign them out, and let them in no more");
    CLI::App* again = staff->add_subcommand(
        "link", "A new link: takes password, code and sessions away, and lets a disabled account in again");
    for (CLI::App* command : {make, show, end, again})
        command->add_option("--config", options->config, "The configuration file")->capture_default_str();
    for (CLI::App* command : {make, end, again})
        command->add_option("NAME", options->name, "As texters see it")->required();
    make->add_option("--role", options->roles, "Once for each role")
        ->required()
        ->check(CLI::IsMember({"counsellor", "supervisor", "administrator", "auditor"}));
    make->callback([options, &exit_code] {
        exit_code = with_config("staff", options->config,
                                [&](const Config& config) { return add(*options, config); });
    });
    show->callback([options, &exit_code] { exit_code = with_config("staff", options->config, list); });
    end->callback([options, &exit_code] {
        exit_code = with_config("staff", options->config,
                                [&](const Config& config) { return disable(*options, config); });
    });
    again->callback([options, &exit_code] {
        exit_code = with_config("staff", options->config,
                                [&](const Config& config) { return relink(*options, config); });
    });
}

}  // namespace webhooks::cli
