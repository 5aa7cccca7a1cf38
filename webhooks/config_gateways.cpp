#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

void read_twilio(ConfigTable& table, gateways::AccountSettings& gateway) {
    gateway.answers_keywords_itself = true;
    table.require({"account_sid", "auth_token"});
    table.text("account_sid", gateway.account_sid, kAccountSid);
    table.secret("auth_token", gateway.auth_token, kToken);
    table.secret("auth_token_previous", gateway.auth_token_previous, kToken);
    table.text("api_base", gateway.api_base, kOutgoingUrl);
    while (gateway.api_base.ends_with('/')) gateway.api_base.pop_back();
}

void read_generic(ConfigTable& table, gateways::AccountSettings& gateway) {
    table.require({"secret", "send_url"});
    table.secret("secret", gateway.secret, kWebhookSecret);
    table.secret("secret_previous", gateway.secret_previous, kWebhookSecret);
    table.text("send_url", gateway.send_url, kOutgoingUrl);
}

gateways::AccountSettings read_gateway(ConfigTable& table) {
    gateways::AccountSettings gateway;
    table.require({"kind", "name", "numbers"});
    table.choice<std::string>("kind", gateway.kind, {{"twilio", "twilio"}, {"generic", "generic"}});
    table.text("name", gateway.name, kAccountName);
    table.texts("numbers", gateway.numbers, kOurNumber);
    table.number("messages_per_second", gateway.messages_per_second, 1, 10'000);
    if (gateway.kind == "twilio") read_twilio(table, gateway);
    if (gateway.kind == "generic") read_generic(table, gateway);
    table.choice<bool>("who_answers_keywords", gateway.answers_keywords_itself,
                       {{"gateway", true}, {"handrail", false}});
    if (!gateway.kind.empty()) table.refuse_unknown_keys();
    return gateway;
}

/// Account names are the keys of the store and part of the webhook path; a number belongs to one account.
void check_unique(ConfigTable& table, const gateways::AccountSettings& gateway,
                  const std::vector<gateways::AccountSettings>& others) {
    for (const gateways::AccountSettings& other : others) {
        if (!gateway.name.empty() && other.name == gateway.name)
            table.complain("name", "is the name of another gateway");
        for (const std::string& number : gateway.numbers)
            if (std::find(other.numbers.begin(), other.numbers.end(), number) != other.numbers.end())
                table.complain("numbers", "holds a number that another gateway has too");
    }
}

}  // namespace

void read_own_number(ConfigTable table, const Config& config, std::string& account, std::string& channel) {
    if (!config.gateways.empty() && !config.gateways[0].numbers.empty()) {
        account = config.gateways[0].name;
        channel = config.gateways[0].numbers[0];
    }
    table.text("gateway", account, kAccountName);
    table.text("number", channel, kOurNumber);
    table.refuse_unknown_keys();
    const bool ours =
        std::any_of(config.gateways.begin(), config.gateways.end(), [&](const gateways::AccountSettings& g) {
            return g.name == account &&
                   std::find(g.numbers.begin(), g.numbers.end(), channel) != g.numbers.end();
        });
    if (!config.gateways.empty() && !ours)
        table.complain("", "must name a [[gateway]] and one of its numbers");
}

void read_gateways(ConfigTable& root, Config& config) {
    for (ConfigTable& table : root.tables("gateway")) {
        gateways::AccountSettings gateway = read_gateway(table);
        check_unique(table, gateway, config.gateways);
        config.gateways.push_back(std::move(gateway));
    }
}

}  // namespace webhooks
