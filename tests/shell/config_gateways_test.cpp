// A [[gateway]] of every kind, as deploy/handrail.toml shows them.
#include <doctest.h>

#include <map>

#include "webhooks/config.hpp"
#include "webhooks/gateways/registry.hpp"

using namespace webhooks;

namespace {

constexpr const char* kRest = R"(
[server]
public_url = "https://sms.example.org"
[line]
organisation = "Riverside"
short_name = "Riverside"
helpline = "800-555-0142"
url = "riverside.example"
time_zone = "America/Chicago"
staffed = false
[[gateway]]
name = "main"
numbers = ["+15550110"]
)";

struct Kind {
    const char* name;
    const char* keys;
    bool gateway_answers;
};
constexpr Kind kKinds[]{
    {"twilio", "account_sid = \"AC0123456789abcdef0123456789abcdef\"\nauth_token = \"env:TOKEN\"", true},
    {"signalwire",
     "api_base = \"https://x.signalwire.com/api/laml\"\nproject_id = \"b08dacad-d7e6\"\n"
     "api_token = \"env:TOKEN\"\nsigning_key = \"env:SECRET\"",
     false},
    {"telnyx", "api_key = \"env:TOKEN\"\npublic_key = \"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"",
     true},
    {"vonage", "api_key = \"a1b2c3d\"\napi_secret = \"env:SHORT\"\nsignature_secret = \"env:SECRET\"", false},
    {"plivo", "auth_id = \"MAXXXX\"\nauth_token = \"env:TOKEN\"", true},
    {"bandwidth",
     "account_id = \"5500001\"\napplication_id = \"93de2206\"\napi_user = \"u\"\napi_password = "
     "\"env:SHORT\"\n"
     "webhook_user = \"bw\"\nwebhook_password = \"env:SECRET\"",
     false},
    {"sinch", "service_plan_id = \"plan123\"\napi_token = \"env:TOKEN\"\nwebhook_secret = \"env:SECRET\"",
     false},
    {"infobip",
     "api_base = \"https://x.api.infobip.com\"\napi_key = \"env:TOKEN\"\nwebhook_user = \"ib\"\n"
     "webhook_password = \"env:SECRET\"",
     false},
    {"messagebird", "access_key = \"env:TOKEN\"\nsigning_key = \"env:SECRET\"", true},
    {"kannel",
     "send_url = \"http://127.0.0.1:13013/cgi-bin/sendsms\"\nusername = \"bot\"\npassword = \"env:SHORT\"\n"
     "webhook_key = \"env:SECRET\"",
     false},
};

std::optional<std::string> environment(const std::string& name) {
    static const std::map<std::string, std::string> kValues{
        {"TOKEN", "0123456789abcdef0123"}, {"SECRET", "fedcba98765432100123"}, {"SHORT", "pw"}};
    const auto found = kValues.find(name);
    return found == kValues.end() ? std::nullopt : std::optional(found->second);
}

LoadedConfig load(const Kind& kind, const std::string& keys) {
    return parse_config(std::string(kRest) + "kind = \"" + kind.name + "\"\n" + keys + "\n", "t.toml",
                        environment);
}

}  // namespace

TEST_CASE("config: a gateway of each kind, and who answers STOP there when nothing is said") {
    for (const Kind& kind : kKinds) {
        CAPTURE(kind.name);
        const LoadedConfig loaded = load(kind, kind.keys);
        for (const bot::Problem& problem : loaded.problems) MESSAGE(problem.where, ": ", problem.what);
        REQUIRE(loaded.config);
        const auto& settings = loaded.config->gateways.at(0);
        CHECK(settings.answers_keywords_itself == kind.gateway_answers);
        CHECK(gateways::make_gateway(settings, "https://sms.example.org")->kind() == kind.name);
        const LoadedConfig said = load(kind, std::string(kind.keys) + "\nwho_answers_keywords = \"" +
                                                 (kind.gateway_answers ? "handrail" : "gateway") + "\"");
        REQUIRE(said.config);
        CHECK(said.config->gateways.at(0).answers_keywords_itself != kind.gateway_answers);
    }
}

TEST_CASE("config: each key of a gateway that is missing is named") {
    for (const Kind& kind : kKinds) {
        const std::string all = kind.keys;
        for (std::size_t begin = 0; begin < all.size();) {
            const std::size_t end = std::min(all.find('\n', begin), all.size());
            const std::string key = all.substr(begin, all.find(' ', begin) - begin);
            std::string without = all;
            without.erase(begin, end + 1 - begin);
            begin = end + 1;
            CAPTURE(kind.name);
            CAPTURE(key);
            const LoadedConfig loaded = load(kind, without);
            CHECK_FALSE(loaded.config);
            REQUIRE(loaded.problems.size() == 1);
            CHECK(loaded.problems[0].where == "gateway[0]." + key);
        }
    }
}

TEST_CASE("config: a secret that could be anything else is refused") {
    struct Row {
        const char* why;
        std::size_t kind;
        const char* key;
        const char* value;
    };
    static constexpr Row kRows[]{
        {"a public key that is none", 2, "public_key", "MCowBQYDK2VwAyEA"},
        {"an API of Vonage that there is not", 3, "api", "voice"},
        {"a signature method that there is not", 3, "signature_method", "sha3"},
        {"Infobip's host over plain http", 7, "api_base", "http://x.api.infobip.com"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        std::string keys;
        const std::string all = std::string(kKinds[row.kind].keys) + "\n";
        for (std::size_t begin = 0; begin < all.size(); begin = all.find('\n', begin) + 1) {
            const std::string line = all.substr(begin, all.find('\n', begin) + 1 - begin);
            if (!line.starts_with(std::string(row.key) + " ")) keys += line;
        }
        keys += std::string(row.key) + " = \"" + row.value + "\"";
        const LoadedConfig loaded = load(kKinds[row.kind], keys);
        CHECK_FALSE(loaded.config);
        REQUIRE(loaded.problems.size() == 1);
        CHECK(loaded.problems[0].where == "gateway[0]." + std::string(row.key));
    }
}

TEST_CASE("config: pictures come from origins, over https or from this machine") {
    struct Row {
        const char* why;
        const char* list;
        bool good;
    };
    static constexpr Row kRows[]{
        {"a host", R"(["https://api.twilio.com"])", true},
        {"several, and this machine", R"(["https://a.example", "http://127.0.0.1:9000"])", true},
        {"without encryption", R"(["http://cdn.example.org"])", false},
        {"a path", R"(["https://cdn.example.org/mms"])", false},
        {"a name alone", R"(["cdn.example.org"])", false},
        {"any host", R"(["https://*"])", false},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto loaded = load(kKinds[0], std::string(kKinds[0].keys) + "\npictures_from = " + row.list);
        CHECK(loaded.config.has_value() == row.good);
    }
}
