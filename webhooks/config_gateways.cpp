#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

using gateways::AccountSettings;

/// One key of a `[[gateway]]`, in the words of that gateway's own console.
struct Key {
    const char* name;
    std::string AccountSettings::*member;
    const TextRule& rule;
    enum Need { required, optional, secret, optional_secret } need = required;
    std::vector<std::string_view> choices = {};  ///< instead of the rule
};

/// What a kind of gateway is told beside name, numbers and rate. Whoever answers STOP and HELP where nothing
/// is said: the gateway itself, if it does so without being asked to.
struct Kind {
    std::string_view name;
    bool answers_keywords;
    const char* api_base;  ///< null: the operator has to say; empty: it has none
    std::vector<Key> keys;
};

using Settings = AccountSettings;

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> kAll{
        {"twilio",
         true,
         "https://api.twilio.com",
         {{"account_sid", &Settings::account_id, kAccountSid},
          {"auth_token", &Settings::token, kToken, Key::secret},
          {"auth_token_previous", &Settings::token_previous, kToken, Key::optional_secret}}},
        {"signalwire",
         false,
         nullptr,
         {{"project_id", &Settings::account_id, kId},
          {"api_token", &Settings::token, kToken, Key::secret},
          {"signing_key", &Settings::secret, kToken, Key::secret},
          {"signing_key_previous", &Settings::secret_previous, kToken, Key::optional_secret}}},
        {"telnyx",
         true,
         "https://api.telnyx.com",
         {{"api_key", &Settings::token, kToken, Key::secret},
          {"public_key", &Settings::secret, kPublicKey, Key::required},
          {"public_key_previous", &Settings::secret_previous, kPublicKey, Key::optional},
          {"messaging_profile_id", &Settings::profile, kId, Key::optional}}},
        {"vonage",
         false,
         "",
         {{"api", &Settings::api, kAnyText, Key::optional, {"messages", "sms"}},
          {"api_key", &Settings::account_id, kId},
          {"api_secret", &Settings::token, kPassword, Key::secret},
          {"signature_secret", &Settings::secret, kToken, Key::secret},
          {"signature_secret_previous", &Settings::secret_previous, kToken, Key::optional_secret},
          {"signature_method",
           &Settings::signature_method,
           kAnyText,
           Key::optional,
           {"md5hash", "md5", "sha1", "sha256", "sha512"}}}},
        {"plivo",
         true,
         "https://api.plivo.com",
         {{"auth_id", &Settings::account_id, kId},
          {"auth_token", &Settings::token, kToken, Key::secret},
          {"auth_token_previous", &Settings::token_previous, kToken, Key::optional_secret}}},
        {"bandwidth",
         false,
         "https://messaging.bandwidth.com",
         {{"account_id", &Settings::account_id, kId},
          {"application_id", &Settings::profile, kId},
          {"api_user", &Settings::api_user, kUser},
          {"api_password", &Settings::token, kPassword, Key::secret},
          {"webhook_user", &Settings::webhook_user, kUser},
          {"webhook_password", &Settings::secret, kToken, Key::secret},
          {"webhook_password_previous", &Settings::secret_previous, kToken, Key::optional_secret}}},
        {"sinch",
         false,
         "https://us.sms.api.sinch.com",
         {{"service_plan_id", &Settings::account_id, kId},
          {"api_token", &Settings::token, kToken, Key::secret},
          {"webhook_secret", &Settings::secret, kToken, Key::secret},
          {"webhook_secret_previous", &Settings::secret_previous, kToken, Key::optional_secret}}},
        {"infobip",
         false,
         nullptr,
         {{"api_key", &Settings::token, kToken, Key::secret},
          {"webhook_user", &Settings::webhook_user, kUser},
          {"webhook_password", &Settings::secret, kToken, Key::secret},
          {"webhook_password_previous", &Settings::secret_previous, kToken, Key::optional_secret}}},
        {"messagebird",
         true,
         "https://rest.messagebird.com",
         {{"access_key", &Settings::token, kToken, Key::secret},
          {"signing_key", &Settings::secret, kToken, Key::secret},
          {"signing_key_previous", &Settings::secret_previous, kToken, Key::optional_secret}}},
        {"kannel",
         false,
         "",
         {{"send_url", &Settings::send_url, kOutgoingUrl},
          {"username", &Settings::api_user, kUser},
          {"password", &Settings::token, kPassword, Key::secret},
          {"webhook_key", &Settings::secret, kUrlToken, Key::secret},
          {"webhook_key_previous", &Settings::secret_previous, kUrlToken, Key::optional_secret},
          {"smsc", &Settings::profile, kId, Key::optional}}},
        {"generic",
         false,
         "",
         {{"secret", &Settings::secret, kWebhookSecret, Key::secret},
          {"secret_previous", &Settings::secret_previous, kWebhookSecret, Key::optional_secret},
          {"send_url", &Settings::send_url, kOutgoingUrl}}},
    };
    return kAll;
}

void read_key(ConfigTable& table, const Key& key, AccountSettings& gateway) {
    std::string& value = gateway.*key.member;
    if (key.need == Key::required || key.need == Key::secret) table.require({key.name});
    if (key.need == Key::secret || key.need == Key::optional_secret) {
        table.secret(key.name, value, key.rule);
    } else if (!key.choices.empty()) {
        table.word(key.name, value, key.choices);
    } else {
        table.text(key.name, value, key.rule);
    }
}

/// The two APIs of Vonage live at different hosts.
const char* api_base_of(const Kind& kind, const AccountSettings& gateway) {
    if (kind.name != "vonage") return kind.api_base;
    return gateway.api == "sms" ? "https://rest.nexmo.com" : "https://api.nexmo.com";
}

void read_kind(ConfigTable& table, const Kind& kind, AccountSettings& gateway) {
    gateway.answers_keywords_itself = kind.answers_keywords;
    if (kind.name == "vonage") {
        gateway.api = "messages";
        gateway.signature_method = "sha256";
    }
    for (const Key& key : kind.keys) read_key(table, key, gateway);
    const char* const base = api_base_of(kind, gateway);
    if (base != nullptr && *base == '\0') return;
    if (base == nullptr)
        table.require({"api_base"});
    else
        gateway.api_base = base;
    table.text("api_base", gateway.api_base, kOutgoingUrl);
    while (gateway.api_base.ends_with('/')) gateway.api_base.pop_back();
}

AccountSettings read_gateway(ConfigTable& table) {
    AccountSettings gateway;
    table.require({"kind", "name", "numbers"});
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds()) names.push_back(kind.name);
    table.word("kind", gateway.kind, names);
    table.text("name", gateway.name, kAccountName);
    table.texts("numbers", gateway.numbers, kOurNumber);
    table.texts("pictures_from", gateway.pictures_from, kOrigin);
    table.number("messages_per_second", gateway.messages_per_second, 1, 10'000);
    for (const Kind& kind : kinds())
        if (kind.name == gateway.kind) read_kind(table, kind, gateway);
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
