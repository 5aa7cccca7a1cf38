#include <sodium.h>

#include <array>
#include <stdexcept>

#include "bot/redact.hpp"
#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

constexpr const char* kPriorityNames[]{"P0", "P1", "P2", "P3"};

std::string fresh_secret() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    std::array<unsigned char, 32> key{};
    randombytes_buf(key.data(), key.size());
    std::array<char, 64> text{};
    sodium_bin2base64(text.data(), text.size(), key.data(), key.size(), sodium_base64_VARIANT_ORIGINAL);
    return std::string("whsec_") + text.data();
}

std::string address_of(const http::Listen& listen) {
    return listen.address + ":" + std::to_string(listen.port);
}

std::string ladder_of(const bot::EscalationPolicy& policy) {
    std::string text;
    for (const bot::Rung& rung : policy.rungs) {
        text += (text.empty() ? "" : ", then after ") + to_text(rung.after) + " ";
        for (const std::string& name : rung.page) text += name + (&name == &rung.page.back() ? "" : "+");
    }
    text += ", repeated every " + to_text(policy.repeat_every);
    if (policy.calm_every.count() > 0) text += ", every " + to_text(policy.calm_every) + " once it is 4h old";
    return text;
}

}  // namespace

Config demo_config(std::uint16_t port, std::uint16_t admin_port) {
    Config config;
    config.demo = true;
    config.server.port = port;
    config.admin.port = admin_port;
    config.public_url = "http://" + address_of(config.server);
    // A page of elsewhere whose name was made to point to this machine must not reach the demo.
    config.server.hosts = {"127.0.0.1", "localhost"};
    config.line.placeholders = {{"org", "Riverside Recovery"}, {"short", "Riverside"},
                                {"helpline", "800-555-0142"},  {"url", "riverside.example/help"},
                                {"spot", "877-696-1996"},      {"n", "15"}};
    gateways::AccountSettings gateway;
    gateway.kind = "generic";
    gateway.name = "demo";
    gateway.numbers = {"+15550199"};
    gateway.secret = config.demo_secret = fresh_secret();
    gateway.send_url = config.public_url + "/demo/gateway";
    config.gateways.push_back(std::move(gateway));
    config.oncall.people = {{"Maya", "+15550101"}, {"Luis", "+15550102"}};
    config.oncall.policies = default_policies(config.oncall);
    config.oncall.page_account = "demo";
    config.oncall.page_channel = "+15550199";
    config.sign_up.enabled = true;
    config.sign_up.account = "demo";
    config.sign_up.channel = "+15550199";
    config.sign_up.fictional = true;
    config.sign_up.frame_ancestors = {config.public_url};
    return config;
}

std::string summarize(const Config& config) {
    std::string text = "server    " + address_of(config.server) +
                       (config.server.tls.private_key.empty() ? "" : " (TLS)") + ", public " +
                       config.public_url + "\n";
    text += "admin     " + address_of(config.admin) + "\n";
    text += "store     " + config.store.path + ", key " + config.store.key_file + "\n";
    text += "line      " + config.line.placeholders.at("org") + ", " + config.line.time_zone + "\n";
    for (const gateways::AccountSettings& gateway : config.gateways) {
        text += "gateway   " + gateway.name + " (" + gateway.kind + "), STOP and HELP answered by " +
                (gateway.answers_keywords_itself ? "the gateway" : "handrail") + ":";
        for (const std::string& number : gateway.numbers) text += " " + number;
        text += "\n          webhook " + config.public_url + "/webhooks/" + gateway.kind + "/" +
                gateway.name + "/sms\n";
    }
    if (config.sign_up.enabled)
        text += "sign-up   " + config.public_url + "/signup, asks from " + config.sign_up.channel + "\n";
    for (const bot::Responder& person : config.oncall.people)
        text += "on call   " + person.name + " " + bot::mask_number(person.phone) + "\n";
    if (config.oncall.people.empty()) text += "on call   nobody: texters get the no-staff wording\n";
    for (std::size_t i = 0; i < 4 && !config.oncall.people.empty(); ++i)
        text +=
            std::string("          ") + kPriorityNames[i] + " " + ladder_of(config.oncall.policies[i]) + "\n";
    for (const oncall::Endpoint& hook : config.oncall.endpoints) text += "hook      " + hook.name + "\n";
    for (const staff::ApiToken& token : config.api_tokens) text += "api token " + token.name + "\n";
    return text;
}

}  // namespace webhooks
