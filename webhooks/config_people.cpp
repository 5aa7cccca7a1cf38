#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLongestName = 12;  ///< content brief 2A: it is said to the texter
constexpr std::size_t kMostRules = 10;

bool is_address(std::string_view text) {
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>'; });
}
const TextRule kAddress{is_address, "an e-mail address, without a name beside it"};

bot::NotificationRule read_rule(ConfigTable& table) {
    bot::NotificationRule rule;
    table.require({"by"});
    table.choice<bot::PageBy>("by", rule.by,
                              {{"sms", bot::PageBy::sms},
                               {"voice", bot::PageBy::voice},
                               {"email", bot::PageBy::email},
                               {"webhook", bot::PageBy::hook}});
    table.duration("after", rule.after, 0s, 1h);
    table.text("hook", rule.hook, kAccountName);
    if (rule.by == bot::PageBy::hook && rule.hook.empty())
        table.complain("hook", "must name the [[hook]] that is called");
    table.refuse_unknown_keys();
    return rule;
}

void read_rules(ConfigTable& table, bot::Responder& person) {
    if (!table.has("notify")) return;
    person.rules.clear();
    for (ConfigTable& rule : table.tables("notify")) person.rules.push_back(read_rule(rule));
    if (person.rules.empty() || person.rules.size() > kMostRules)
        table.complain("notify", "must have from 1 to " + std::to_string(kMostRules) + " ways");
    const bool at_once = std::any_of(person.rules.begin(), person.rules.end(),
                                     [](const bot::NotificationRule& rule) { return rule.after == 0s; });
    if (!person.rules.empty() && !at_once)
        table.complain("notify", "must have one way without \"after\": a page waits for nothing");
    const bool mails = std::any_of(person.rules.begin(), person.rules.end(),
                                   [](const bot::NotificationRule& r) { return r.by == bot::PageBy::email; });
    if (mails && person.email.empty()) table.complain("email", "is missing: a way of notify needs it");
}

void check_unique(ConfigTable& table, const bot::Responder& person, const Config& config) {
    for (const bot::Responder& other : config.oncall.people) {
        if (!person.name.empty() && other.name == person.name)
            table.complain("name", "is the name of another person");
        if (!person.phone.empty() && other.phone == person.phone)
            table.complain("phone",
                           "is the number of another person: an answer from it must name one person");
    }
    for (const gateways::AccountSettings& gateway : config.gateways)
        if (std::find(gateway.numbers.begin(), gateway.numbers.end(), person.phone) != gateway.numbers.end())
            table.complain("phone", "is a number of this line: pages would come back as texts");
}

bool uses(const Config& config, bot::PageBy by) {
    return std::any_of(
        config.oncall.people.begin(), config.oncall.people.end(), [&](const bot::Responder& person) {
            return std::any_of(person.rules.begin(), person.rules.end(),
                               [&](const bot::NotificationRule& rule) { return rule.by == by; });
        });
}

void read_voice(ConfigTable table, ConfigTable& oncall, Config& config) {
    oncall::VoiceSettings& voice = config.oncall.voice;
    for (const gateways::AccountSettings& gateway : config.gateways) {
        if (gateway.kind != "twilio" || gateway.numbers.empty() || !voice.account.empty()) continue;
        voice.account = gateway.name;
        voice.number = gateway.numbers.front();
    }
    table.text("gateway", voice.account, kAccountName);
    table.text("number", voice.number, kPhone);
    table.duration("ring_for", voice.ring_for, 10s, 120s);
    table.refuse_unknown_keys();
    const bool known = std::any_of(config.gateways.begin(), config.gateways.end(), [&](const auto& gateway) {
        return gateway.name == voice.account && gateway.kind == "twilio" &&
               std::find(gateway.numbers.begin(), gateway.numbers.end(), voice.number) !=
                   gateway.numbers.end();
    });
    if (known) return;
    voice.account.clear();
    if (uses(config, bot::PageBy::voice))
        oncall.complain("voice",
                        "must name a [[gateway]] of kind \"twilio\" and one of its numbers: somebody "
                        "is to be called");
}

bool is_mail_server(std::string_view text) {
    return (text.starts_with("smtp://") || text.starts_with("smtps://")) && text.size() <= 200 &&
           text.find_first_of(" \t@") == std::string_view::npos;
}
const TextRule kMailServer{is_mail_server, "smtp://host:port or smtps://host:port"};

void read_mail(ConfigTable table, ConfigTable& oncall, Config& config) {
    oncall::MailSettings& mail = config.oncall.mail;
    table.text("server", mail.server, kMailServer);
    table.text("from", mail.from, kAddress);
    table.text("user", mail.user, kAnyText);
    table.secret("password", mail.password, kAnyText);
    table.refuse_unknown_keys();
    if (!mail.server.empty() && mail.from.empty()) table.complain("from", "is missing");
    if (mail.server.empty() && uses(config, bot::PageBy::email))
        oncall.complain("email",
                        "is missing: somebody is to be sent e-mail, and [oncall.email] names no server");
}

}  // namespace

void read_people(ConfigTable& oncall, Config& config) {
    for (ConfigTable& table : oncall.tables("person")) {
        bot::Responder person;
        table.require({"name", "phone"});
        table.said("name", person.name, kLongestName);
        table.text("phone", person.phone, kPhone);
        table.text("email", person.email, kAddress);
        table.text("deputy", person.deputy, kAnyText);
        read_rules(table, person);
        table.refuse_unknown_keys();
        check_unique(table, person, config);
        config.oncall.people.push_back(std::move(person));
    }
    for (const bot::Responder& person : config.oncall.people)
        if (!person.deputy.empty() &&
            (config.oncall.by_name(person.deputy) == nullptr || person.deputy == person.name))
            oncall.complain("person", "a deputy must be another [[oncall.person]]");
    read_voice(oncall.table("voice"), oncall, config);
    read_mail(oncall.table("email"), oncall, config);
}

}  // namespace webhooks
