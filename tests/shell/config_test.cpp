#include "webhooks/config.hpp"

#include <doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/shell/config_fixture.hpp"
#include "tests/shell/example_config.hpp"
#include "webhooks/config_values.hpp"

using namespace config_test;
using namespace std::chrono_literals;
using webhooks::Config;

TEST_CASE("config: the good one is taken as written") {
    const LoadedConfig loaded = parse(std::string(kGood));
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    const Config& config = *loaded.config;
    CHECK_FALSE(config.demo);
    CHECK(config.public_url == "https://text.example.org");
    CHECK(config.admin.port == 8081);
    CHECK(config.server.limits.idle_timeout == 60s);
    CHECK(config.line.placeholders.at("org") == "Riverside Recovery");
    CHECK(config.line.placeholders.at("spot") == "877-696-1996");
    CHECK(config.line.time_zone == "America/Chicago");
    CHECK(config.gather == 400ms);
    REQUIRE(config.gateways.size() == 2);
    CHECK(config.gateways[0].token == kEnvironment.at("TWILIO_AUTH_TOKEN"));
    CHECK(config.gateways[0].answers_keywords_itself);
    CHECK_FALSE(config.gateways[1].answers_keywords_itself);
    CHECK(config.oncall.page_channel == "+15550111");
    const bot::EscalationPolicy& p0 = config.oncall.policies[0];
    REQUIRE(p0.rungs.size() == 2);
    CHECK(p0.rungs[1].after == 90s);
    CHECK(p0.rungs[1].tell_texter == "NOA.2");
    CHECK(p0.repeat_every == 5min);
    CHECK(config.quarantine_keep == 100);
}

TEST_CASE("config: the example as it is shipped starts no line: each value to put in is named") {
    const LoadedConfig loaded = parse(support::read_source_file("deploy/handrail.toml"));
    CHECK_FALSE(loaded.config.has_value());
    const std::string all = all_of(loaded.problems);
    CAPTURE(all);
    for (const char* key : {"server.public_url", "line.organisation", "line.short_name", "line.helpline",
                            "line.url", "gateway[0].numbers[0]", "gateway[0].account_sid",
                            "oncall.person[0].name", "oncall.person[0].phone", "oncall.person[1].phone"}) {
        CAPTURE(std::string(key));
        CHECK(all.find(std::string(key) + ": still holds the example's placeholder") != std::string::npos);
    }
}

TEST_CASE("config: placeholders are known by their looks") {
    for (const char* text : {"CHANGE-ME", "change_me", "https://ChangeMe.example.org", "<your number>",
                             "REPLACE-ME", "your-token-here", "xxxxxxxxxxxxxxxx"}) {
        CAPTURE(std::string(text));
        CHECK(webhooks::is_placeholder(text));
    }
    for (const char* text :
         {"Riverside Recovery", "Todos Unidos", "Your Way Home", "+15550110", "Exchange Men", ""}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(webhooks::is_placeholder(text));
    }
}

TEST_CASE("config: health and metrics are open to other machines only when that is said") {
    const LoadedConfig open = parse(with("[admin]", "[admin]\nlisten = \"0.0.0.0\""));
    CHECK_FALSE(open.config.has_value());
    CHECK(all_of(open.problems).find("t.toml:10: admin.listen: opens health and metrics") !=
          std::string::npos);
    CHECK(parse(with("[admin]", "[admin]\nlisten = \"0.0.0.0\"\nreachable_from_outside = true"))
              .config.has_value());
    for (const char* inside : {"127.0.0.1", "127.0.0.2", "::1"}) {
        CAPTURE(std::string(inside));
        CHECK(parse(with("[admin]", "[admin]\nlisten = \"" + std::string(inside) + "\"")).config.has_value());
    }
}

TEST_CASE("config: the example shipped is a good one, also with everything in it switched on") {
    const std::string example = test::filled_example();
    const LoadedConfig loaded = parse(example);
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    CHECK(loaded.config->line.placeholders == webhooks::demo_config().line.placeholders);

    std::string all_on;
    std::istringstream lines(example);
    for (std::string line; std::getline(lines, line);) {
        const bool is_setting = line.starts_with("# ") && line.find_first_of("=[]{}") < 40 &&
                                line.find("tls_") != 2 && line.find("flows") != 2;
        all_on += (is_setting ? line.substr(2) : line) + "\n";
    }
    CAPTURE(all_on);
    const LoadedConfig full = parse(all_on);
    CAPTURE(all_of(full.problems));
    REQUIRE(full.config.has_value());
    CHECK(full.config->gateways.size() == 11);
    CHECK(full.config->sending.allowed_prefixes == std::vector<std::string>{"+1"});
    CHECK(full.config->sending.automatic_a_day == loaded.config->sending.automatic_a_day);
    CHECK_FALSE(loaded.config->fallback.enabled());
    CHECK(full.config->fallback.enabled());
    CHECK(full.config->fallback.port == 8082);
    CHECK(full.config->oncall.endpoints.size() == 1);
    CHECK(full.config->api_tokens.size() == 1);
    CHECK(full.config->oncall.webhooks.give_up_after == loaded.config->oncall.webhooks.give_up_after);
    CHECK(full.config->oncall.webhooks.old_secret_signs == loaded.config->oncall.webhooks.old_secret_signs);
}

TEST_CASE("config: webhooks of administrators stay on the public internet unless that is written") {
    CHECK_FALSE(parse(std::string(kGood)).config->oncall.webhooks.allow_private);
    const LoadedConfig open = parse(std::string(kGood) +
                                    "\n[webhooks]\nallow_private = true\n"
                                    "give_up_after = \"2d\"\n");
    REQUIRE(open.config.has_value());
    CHECK(open.config->oncall.webhooks.allow_private);
    CHECK(open.config->oncall.webhooks.give_up_after == std::chrono::hours{48});
    CHECK_FALSE(parse(std::string(kGood) + "\n[webhooks]\ngive_up_after = \"0s\"\n").config.has_value());
}

TEST_CASE("config: sign-up is off unless it is written, and then from our first number") {
    const Config config = *parse(std::string(kGood)).config;
    CHECK(config.sign_up.enabled);
    CHECK(config.sign_up.countries == std::vector<std::string>{"US", "CA"});
    CHECK(config.sign_up.channel == "+15550112");
    CHECK(config.trusted_proxies == std::vector<std::string>{"127.0.0.1", "::1"});

    std::string text(kGood);
    const std::size_t from = text.find("[signup]");
    text.erase(from, text.find("[quarantine]") - from);
    CHECK_FALSE(parse(text).config->sign_up.enabled);
    text += "[signup]\n";
    const Config bare = *parse(text).config;
    CHECK(bare.sign_up.enabled);
    CHECK_FALSE(bare.sign_up.fictional);
    CHECK(bare.sign_up.account == "clinic");
    CHECK(bare.sign_up.channel == "+15550110");
    CHECK(bare.sign_up.countries == std::vector<std::string>{"US"});
    CHECK(bare.sign_up.frame_ancestors.empty());
}

TEST_CASE("config: ladders not written out are those of the content brief") {
    const Config config = *parse(std::string(kGood)).config;
    const bot::EscalationPolicy& p1 = config.oncall.policies[1];
    REQUIRE(p1.rungs.size() == 4);
    CHECK(p1.rungs[0].page == std::vector<std::string>{"Maya"});
    CHECK(p1.rungs[1].after == 5min);
    CHECK(p1.rungs[1].page == std::vector<std::string>{"Maya", "Luis"});
    CHECK(p1.rungs[1].tell_texter == "NOA.2");
    CHECK(p1.rungs[3].tell_texter == "NOA.3");
    CHECK(config.oncall.policies[2].calm_every == 4h);
    for (const std::size_t urgent : {0U, 1U}) CHECK(config.oncall.policies[urgent].calm_every == 0h);
}

TEST_CASE("config: a repeat written out holds day and night") {
    const Config config =
        *parse(with("[oncall.p0]", "[oncall.p2]\nrepeat_every = \"30m\"\n[oncall.p0]")).config;
    CHECK(config.oncall.policies[2].repeat_every == 30min);
    CHECK(config.oncall.policies[2].calm_every == 0h);
}

TEST_CASE("config: an empty file is told everything it lacks") {
    const std::string messages = all_of(parse("").problems);
    for (const char* want : {"t.toml: server: is missing", "t.toml: line: is missing",
                             "t.toml: gateway: is missing", "t.toml: server.public_url: is missing",
                             "t.toml: line.helpline: is missing", "t.toml: oncall.person: nobody is on call"})
        CHECK_MESSAGE(messages.find(want) != std::string::npos, "wanted: ", std::string(want), "\n",
                      messages);
}

TEST_CASE("config: all defects at once, in the order of the file") {
    std::string text = with("port = 8080", "port = 0");
    text.replace(text.find("\"warning\""), 9, "\"loud\"");
    text.replace(text.find("\"400ms\""), 7, "\"4y\"");
    const LoadedConfig loaded = parse(text);
    REQUIRE(loaded.problems.size() == 3);
    CHECK(loaded.problems[0].where == "server.port");
    CHECK(loaded.problems[1].where == "replies.gather");
    CHECK(loaded.problems[2].where == "log.level");
}

TEST_CASE("config: a file cut off anywhere, or with any byte spoilt, gives defects and never more") {
    const std::string good(kGood);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        CAPTURE(at);
        if (!parse(good.substr(0, at)).config) ++refused;
        for (const char spoilt : {'\0', '\xff', '"', '[', '='}) {
            std::string text = good;
            text[at] = spoilt;
            const LoadedConfig loaded = parse(text);
            CHECK(loaded.config.has_value() == loaded.problems.empty());
            CHECK(all_of(loaded.problems).find(kCanary) == std::string::npos);
        }
    }
    CHECK(refused > good.size() / 2);
}

TEST_CASE("config: a secret in a file is taken without its line end, and only when others cannot read it") {
    const auto path =
        std::filesystem::temp_directory_path() / ("handrail-secret-" + std::to_string(::getpid()));
    std::ofstream(path) << "CANARY0123456789abcdef\n";
    const std::string text = with("env:TWILIO_AUTH_TOKEN", "file:" + path.string());
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    CHECK(all_of(parse(text).problems).find("everybody on this machine can read") != std::string::npos);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    const LoadedConfig loaded = parse(text);
    REQUIRE(loaded.config.has_value());
    CHECK(loaded.config->gateways[0].token == "CANARY0123456789abcdef");
    std::filesystem::remove(path);
}

TEST_CASE("config: nobody on call is allowed when the line says so") {
    std::string text = with("staffed = true", "staffed = false");
    const std::size_t from = text.find("[[oncall.person]]");
    text.erase(from, text.find("[[hook]]") - from);
    CAPTURE(all_of(parse(text).problems));
    CHECK(parse(text).config.has_value());
}

TEST_CASE("config: a file that cannot be read is a defect, not a default") {
    const LoadedConfig loaded = webhooks::load_config("/nowhere/handrail.toml");
    CHECK_FALSE(loaded.config.has_value());
    REQUIRE(loaded.problems.size() == 1);
    CHECK(bot::to_string(loaded.problems[0]) == "/nowhere/handrail.toml: file: cannot be read");
    CHECK_FALSE(webhooks::load_config("/").config.has_value());
}

TEST_CASE("config: the summary shows no secret and no staff number") {
    const LoadedConfig loaded = parse(std::string(kGood));
    REQUIRE(loaded.config.has_value());
    const std::string summary = webhooks::summarize(*loaded.config);
    CHECK(summary.find("https://text.example.org/webhooks/twilio/clinic/sms") != std::string::npos);
    CHECK(summary.find("Maya") != std::string::npos);
    CHECK(summary.find(kCanary) == std::string::npos);
    CHECK(summary.find("+1555010") == std::string::npos);
}

TEST_CASE("config: demo settings stay on this machine and have a fresh secret each time") {
    const Config config = webhooks::demo_config();
    CHECK(config.demo);
    CHECK(config.server.address == "127.0.0.1");
    CHECK(config.admin.address == "127.0.0.1");
    CHECK(config.server.port != config.admin.port);
    REQUIRE(config.gateways.size() == 1);
    CHECK(webhooks::kWebhookSecret.fits(config.gateways[0].secret));
    CHECK(config.gateways[0].secret != webhooks::demo_config().gateways[0].secret);
    CHECK(config.oncall.people.size() == 2);
}

TEST_CASE("config: durations") {
    struct Row {
        const char* text;
        std::optional<std::chrono::milliseconds> want;
    };
    const Row rows[]{
        {"400ms", 400ms},
        {"90s", 90s},
        {"5m", 5min},
        {"24h", 24h},
        {"0s", 0ms},
        {"7d", 168h},
        {"", std::nullopt},
        {"5", std::nullopt},
        {"m", std::nullopt},
        {"5 m", std::nullopt},
        {"1.5s", std::nullopt},
        {"-5s", std::nullopt},
        {"5M", std::nullopt},
        {"5mm", std::nullopt},
        {"99999999999999999999s", std::nullopt},
        {"9223372036854775807d", std::nullopt},
        {"+5s", std::nullopt},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.text));
        CHECK((webhooks::parse_duration(row.text) == row.want));
    }
    CHECK(webhooks::to_text(90s) == "90s");
    CHECK(webhooks::to_text(300s) == "5m");
    CHECK(webhooks::to_text(24h) == "24h");
    CHECK(webhooks::to_text(1min) == "60s");
}
