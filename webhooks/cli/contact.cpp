#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>

#include "bot/conversation.hpp"
#include "bot/redact.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/store_beside.hpp"
#include "webhooks/inbound/erase.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/export.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::cli {

namespace {

using nlohmann::json;

struct Options {
    std::string config = "handrail.toml";
    std::string number = "-";
    bool confirmed = false;
};

/// Read from standard input unless given: a command line is seen by every user of the machine and kept by the
/// shell.
std::optional<std::string> number_asked(const Options& options) {
    std::string number = options.number;
    if (number == "-") std::getline(std::cin, number);
    if (bot::is_e164(number)) return number;
    std::fprintf(stderr, "a number in E.164 form is needed, like +15550100\n");
    return std::nullopt;
}

std::optional<store::ContactId> find(store::Store& store, const std::string& number) {
    std::optional<store::ContactId> found;
    const auto failed = store.transact([&](store::StoreTx& tx) -> store::error_code {
        found = tx.find_contact(number);
        return {};
    });
    if (failed) throw std::runtime_error("the store cannot be read: " + failed.message());
    if (!found) std::fprintf(stderr, "nobody has texted from this number\n");
    return found;
}

json all_of(store::StoreReader& reader, store::ContactId id) {
    const auto contact = reader.contact(id);
    json document = staff::export_of(reader, *contact, net::now());
    document["contact"] = staff::render(*contact, true);
    if (const auto state = bot::parse_conversation(contact->conversation.state))
        document["answers"] = state->facts;
    return document;
}

int export_contact(const Options& options, const Config& config) {
    const auto number = number_asked(options);
    if (!number) return kBadUsage;
    const auto store = open_existing(config.store);
    const auto id = find(*store, *number);
    if (!id) return kFoundWrong;
    json document;
    const auto failed = store->read([&](store::StoreReader& reader) -> store::error_code {
        document = all_of(reader, *id);
        return {};
    });
    if (failed) throw std::runtime_error("the store cannot be read: " + failed.message());
    std::printf("%s\n", document.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    return kDone;
}

const char* in_words(inbound::Erased outcome) {
    switch (outcome) {
        case inbound::Erased::done:
            return "erased: texts, answers and timers; consent ledger and escalations are kept";
        case inbound::Erased::unknown:
            return "there is no conversation with this number";
        case inbound::Erased::open_case:
            return "not erased: an escalation is open, somebody may be on the way to them; resolve it first";
        case inbound::Erased::on_its_way:
            return "not erased: a text to them is being sent; try again";
    }
    return "";
}

int erase_contact(const Options& options, const Config& config) {
    if (!options.confirmed) {
        std::fprintf(stderr, "this cannot be undone: export first if you must, then say --yes\n");
        return kBadUsage;
    }
    const auto number = number_asked(options);
    if (!number) return kBadUsage;
    const auto store = open_existing(config.store);
    const auto id = find(*store, *number);
    if (!id) return kFoundWrong;
    auto outcome = inbound::Erased::unknown;
    const auto failed = store->transact([&](store::StoreTx& tx) -> store::error_code {
        outcome = inbound::erase(tx, *id, net::now());
        return {};
    });
    if (failed) throw std::runtime_error("not erased: " + failed.message());
    const bool done = outcome == inbound::Erased::done;
    std::fprintf(done ? stdout : stderr, "%s\n", in_words(outcome));
    return done ? kDone : kFoundWrong;
}

}  // namespace

void add_contact(CLI::App& app, int& exit_code) {
    CLI::App* contact =
        app.add_subcommand("contact", "What the line knows of a texter: hand it out, forget it");
    contact->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* show = contact->add_subcommand("export", "Everything about a number, as JSON");
    CLI::App* forget =
        contact->add_subcommand("erase", "Forget the words and answers of a number; an opt-out stays kept");
    for (CLI::App* command : {show, forget}) {
        command->add_option("--config", options->config, "The configuration file")->capture_default_str();
        command->add_option("NUMBER", options->number, "E.164; - or nothing: read from standard input");
        command->footer("Works beside a running server.");
    }
    forget->add_flag("--yes", options->confirmed, "Really: it cannot be undone");
    show->callback([options, &exit_code] {
        exit_code = with_config("contact", options->config,
                                [&](const Config& config) { return export_contact(*options, config); });
    });
    forget->callback([options, &exit_code] {
        exit_code = with_config("contact", options->config,
                                [&](const Config& config) { return erase_contact(*options, config); });
    });
}

}  // namespace webhooks::cli
