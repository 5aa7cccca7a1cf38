#include "webhooks/config.hpp"

#include <doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/shell/example_config.hpp"
#include "webhooks/config_values.hpp"

using namespace std::chrono_literals;
using webhooks::Config;
using webhooks::LoadedConfig;

namespace {

// Whatever is secret, or stands where a secret might by mistake, holds this word: no message may repeat it.
constexpr const char* kCanary = "CANARY";

const std::map<std::string, std::string> kEnvironment{
    {"TWILIO_AUTH_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"HOOK_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"GENERIC_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"API_TOKEN", "CANARY-api-token-0123456789"},
    {"TWILIO_AUTH_TOKEN_OLD", "CANARYabcdef0123456789abcdef012345"},
    {"MODEM_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"PAGER_SECRET", "whsec_CANARYCANARYCANARYCANARYCANARYCANARYCANA"},
    {"REPORTS_TOKEN", "CANARY-api-token-0123456789"},
    {"MAIL_PASSWORD", "CANARY-mail-password"},
    {"PAGERDUTY_KEY", "CANARY-routing-key-0123456789"},
    {"SHORT", "CANARY"},
    {"EMPTY", ""},
    {"SIGNALWIRE_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"SIGNALWIRE_SIGNING_KEY", "CANARY0123456789abcdef0123456789"},
    {"TELNYX_API_KEY", "CANARY0123456789abcdef0123456789"},
    {"VONAGE_API_SECRET", "CANARY0123456789abcdef0123456789"},
    {"VONAGE_SIGNATURE_SECRET", "CANARY0123456789abcdef0123456789"},
    {"PLIVO_AUTH_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"BANDWIDTH_API_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"BANDWIDTH_WEBHOOK_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"SINCH_API_TOKEN", "CANARY0123456789abcdef0123456789"},
    {"SINCH_WEBHOOK_SECRET", "CANARY0123456789abcdef0123456789"},
    {"INFOBIP_API_KEY", "CANARY0123456789abcdef0123456789"},
    {"INFOBIP_WEBHOOK_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"MESSAGEBIRD_ACCESS_KEY", "CANARY0123456789abcdef0123456789"},
    {"MESSAGEBIRD_SIGNING_KEY", "CANARY0123456789abcdef0123456789"},
    {"KANNEL_PASSWORD", "CANARY0123456789abcdef0123456789"},
    {"KANNEL_WEBHOOK_KEY", "CANARY0123456789abcdef0123456789"},
};

std::optional<std::string> test_environment(const std::string& name) {
    const auto found = kEnvironment.find(name);
    return found == kEnvironment.end() ? std::nullopt : std::optional(found->second);
}

// The line numbers count: rows below expect them.
constexpr std::string_view kGood = R"([server]
listen = "127.0.0.1"
port = 8080
public_url = "https://text.example.org/"
drain = "10s"
[server.limits]
body_bytes = 65536
idle_timeout = "60s"
[admin]
port = 8081
[store]
path = "handrail.db"
key_file = "handrail.key"
[line]
organisation = "Riverside Recovery"
short_name = "Riverside"
helpline = "800-555-0142"
url = "riverside.example"
time_zone = "America/Chicago"
usual_answer_minutes = 20
quiet_from = 20
quiet_until = 9
staffed = true
[replies]
gather = "400ms"
[[gateway]]
kind = "twilio"
name = "clinic"
numbers = ["+15550110", "+15550111"]
account_sid = "AC0123456789abcdef0123456789abcdef"
auth_token = "env:TWILIO_AUTH_TOKEN"
who_answers_keywords = "gateway"
[[gateway]]
kind = "generic"
name = "modem"
numbers = ["+15550112"]
secret = "env:GENERIC_SECRET"
send_url = "http://127.0.0.1:9000/send"
[oncall]
page_from = { gateway = "clinic", number = "+15550111" }
[[oncall.person]]
name = "Maya"
phone = "+15550101"
[[oncall.person]]
name = "Luis"
phone = "+15550102"
[oncall.p0]
repeat_every = "5m"
rungs = [
  { after = "0s", page = ["Maya", "Luis"] },
  { after = "90s", page = ["Luis"], tell_texter = "NOA.2" },
]
[[hook]]
name = "pager"
url = "https://pager.example.org/in"
secret = "env:HOOK_SECRET"
events = ["escalation.opened"]
[[api.token]]
name = "reports"
token = "env:API_TOKEN"
sees_numbers = false
[signup]
countries = ["US", "CA"]
text_from = { gateway = "modem", number = "+15550112" }
frame_ancestors = ["https://www.centre.example"]
proof_bits = 16
per_address_an_hour = 4
[quarantine]
keep = 100
[log]
level = "warning"
)";

std::string with(std::string_view from, std::string_view to) {
    std::string text(kGood);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

LoadedConfig parse(const std::string& text) {
    return webhooks::parse_config(text, "t.toml", test_environment);
}

std::string all_of(const bot::Problems& problems) {
    std::string text;
    for (const bot::Problem& problem : problems) text += bot::to_string(problem) + "\n";
    return text;
}

struct Broken {
    const char* why;
    std::string_view from;
    std::string_view to;
    const char* want;  ///< start of one of the messages
};

const Broken kBroken[]{
    {"a proxy by its name", "drain = \"10s\"", "trusted_proxies = [\"proxy.example.org\"]",
     "t.toml:5: server.trusted_proxies[0]: must be an IP address"},
    {"a country that is none", "\"CA\"", "\"ca\"",
     "t.toml:63: signup.countries[1]: must be a country in two letters"},
    {"sign-ups from a number that is not ours", "modem\", number = \"+15550112\"",
     "modem\", number = \"+15550110\"", "t.toml:64: signup.text_from: must name a [[gateway]]"},
    {"a path where an origin belongs", "https://www.centre.example", "https://www.centre.example/page",
     "t.toml:65: signup.frame_ancestors[0]: must be an origin"},
    {"another policy smuggled in", "https://www.centre.example", "https://a.example;script-src",
     "t.toml:65: signup.frame_ancestors[0]: must be an origin"},
    {"framed by everybody", "https://www.centre.example", "*",
     "t.toml:65: signup.frame_ancestors[0]: must be an origin"},
    {"a proof no browser finds", "proof_bits = 16", "proof_bits = 40",
     "t.toml:66: signup.proof_bits: must be a whole number from 0 to 24"},
    {"no sign-up at all", "per_address_an_hour = 4", "per_address_an_hour = 0",
     "t.toml:67: signup.per_address_an_hour: must be a whole number from 1"},
    {"not TOML", "port = 8080", "port = = 8080", "t.toml:3: syntax: is not TOML"},
    {"a key twice", "drain = \"10s\"", "port = 1", "t.toml:5: syntax: is not TOML"},
    {"unknown key",
     "drain =", "drian =", "t.toml:5: server.drian: is not a key known here; allowed: drain, hosts"},
    {"unknown section", "[log]", "[logging]", "t.toml:70: logging: is not a key known here"},
    {"unknown key deep inside", "{ after = \"0s\",", "{ after = \"0s\", when = \"now\",",
     "t.toml:50: oncall.p0.rungs[0].when: is not a key known here; allowed: after, need, page, tell_texter"},
    {"required key missing", "public_url = \"https://text.example.org/\"", "",
     "t.toml:1: server.public_url: is missing"},
    {"table where a value belongs", "port = 8081", "port = { a = 1 }",
     "t.toml:10: admin.port: must be a whole number"},
    {"value where a table belongs", "[log]\nlevel = \"warning\"", "log = 3",
     "t.toml:70: quarantine.log: is not a key"},
    {"number as text", "port = 8080", "port = \"8080\"",
     "t.toml:3: server.port: must be a whole number from 1 to 65535"},
    {"port too high", "port = 8080", "port = 70000",
     "t.toml:3: server.port: must be a whole number from 1 to 65535"},
    {"port zero", "port = 8080", "port = 0", "t.toml:3: server.port:"},
    {"admin on the same port", "port = 8081", "port = 8080",
     "t.toml:10: admin.port: must differ from server.port"},
    {"body limit too small", "body_bytes = 65536", "body_bytes = 12",
     "t.toml:7: server.limits.body_bytes: must be a whole number from 4096 to 1048576"},
    {"a time without unit", "drain = \"10s\"", "drain = \"10\"",
     "t.toml:5: server.drain: must be a time like \"400ms\""},
    {"a time as number", "gather = \"400ms\"", "gather = 400",
     "t.toml:25: replies.gather: must be a time like"},
    {"a time out of bounds", "gather = \"400ms\"", "gather = \"6s\"",
     "t.toml:25: replies.gather: must be a time like \"400ms\", \"90s\", \"5m\" or \"24h\", from 0s to 5s"},
    {"negative time", "gather = \"400ms\"", "gather = \"-1s\"", "t.toml:25: replies.gather:"},
    {"http to the world", "https://text.example.org/", "http://text.example.org",
     "t.toml:4: server.public_url: must be the https URL"},
    {"user name in the URL", "https://text.example.org/", "https://CANARY:CANARY@text.example.org",
     "t.toml:4: server.public_url:"},
    {"query in the public URL", "https://text.example.org/", "https://text.example.org/?a=1",
     "t.toml:4: server.public_url:"},
    {"underscore in the host: no status callbacks", "https://text.example.org/",
     "https://my_line.example.org", "t.toml:4: server.public_url:"},
    {"not a URL", "https://text.example.org/", "text.example.org", "t.toml:4: server.public_url:"},
    {"certificate without key", "drain = \"10s\"", "tls_certificate = \"/nowhere/c.pem\"",
     "t.toml:1: server: tls_certificate and tls_key go together"},
    {"certificate that is not there", "drain = \"10s\"", "tls_certificate = \"/nowhere/c.pem\"",
     "t.toml:5: server.tls_certificate: there is no such file"},
    {"directory of the store missing", "\"handrail.db\"", "\"/nowhere/at/all/handrail.db\"",
     "t.toml:12: store.path: must be a file in a directory that exists"},
    {"organisation too long for its texts", "Riverside Recovery", "Riverside Recovery Centre",
     "t.toml:15: line.organisation: must be 1 to 20 characters"},
    {"short name too long", "\"Riverside\"", "\"Riverside Rec\"",
     "t.toml:16: line.short_name: must be 1 to 12 characters"},
    {"a placeholder in a value", "\"Riverside\"", "\"{org}\"", "t.toml:16: line.short_name:"},
    {"an emoji turns every text into UCS-2", "\"Riverside\"", "\"Riverside \xF0\x9F\x8C\x8A\"",
     "t.toml:16: line.short_name:"},
    {"time zone that does not exist", "America/Chicago", "America/Springfield",
     "t.toml:19: line.time_zone: must be a time zone like"},
    {"a promise of no time", "usual_answer_minutes = 20", "usual_answer_minutes = 0",
     "t.toml:20: line.usual_answer_minutes: must be a whole number from 1 to 120"},
    {"a number twice", "[\"+15550110\", \"+15550111\"]", "[\"+15550110\", \"+15550110\"]",
     "t.toml:29: gateway[0].numbers[1]: stands twice"},
    {"a gateway without numbers", "[\"+15550112\"]", "[]",
     "t.toml:36: gateway[1].numbers: must be a list of 1 to 100 texts"},
    {"no hour left to send in", "quiet_until = 9", "quiet_until = 21",
     "t.toml:22: line.quiet_until: must be an hour before quiet_from"},
    {"flag as text", "staffed = true", "staffed = \"yes\"",
     "t.toml:23: line.staffed: must be true or false, without quotes"},
    {"nobody on call",
     "[[oncall.person]]\nname = \"Maya\"\nphone = \"+15550101\"\n[[oncall.person]]\nname = \"Luis\"\nphone = "
     "\"+15550102\"\n",
     "", "t.toml:39: oncall.person: nobody is on call"},
    {"unknown gateway kind", "kind = \"twilio\"", "kind = \"pigeon\"",
     "t.toml:27: gateway[0].kind: must be one of \"twilio\", \"signalwire\", \"telnyx\""},
    {"a gateway name that is no part of a URL", "name = \"clinic\"", "name = \"My Clinic\"",
     "t.toml:28: gateway[0].name: must be 1 to 32 of a-z"},
    {"two gateways of one name", "name = \"modem\"", "name = \"clinic\"",
     "t.toml:35: gateway[1].name: is the name of another gateway"},
    {"one number, two gateways", "[\"+15550112\"]", "[\"+15550110\"]",
     "t.toml:36: gateway[1].numbers: holds a number that another gateway has"},
    {"number not E.164", "[\"+15550112\"]", "[\"555 0112\"]",
     "t.toml:36: gateway[1].numbers[0]: must be a number in E.164 form"},
    {"account SID mistyped", "AC0123456789abcdef", "AC012345678",
     "t.toml:30: gateway[0].account_sid: must be an account SID"},
    {"literal secret", "env:TWILIO_AUTH_TOKEN", "CANARY0123456789abcdef",
     "t.toml:31: gateway[0].auth_token: a secret must not stand in this file: write \"env:NAME\" or "
     "\"file:/path\""},
    {"secret written behind env:", "env:TWILIO_AUTH_TOKEN", "env:CANARY0123456789abcdef",
     "t.toml:31: gateway[0].auth_token: the environment variable named here is not set"},
    {"empty variable", "env:TWILIO_AUTH_TOKEN", "env:EMPTY",
     "t.toml:31: gateway[0].auth_token: the environment variable named here is not set"},
    {"secret too short", "env:TWILIO_AUTH_TOKEN", "env:SHORT",
     "t.toml:31: gateway[0].auth_token: the secret named here must be 16 to 200"},
    {"secret file missing", "env:TWILIO_AUTH_TOKEN", "file:/nowhere/CANARY",
     "t.toml:31: gateway[0].auth_token: the file named here cannot be found"},
    {"secret as number", "\"env:TWILIO_AUTH_TOKEN\"", "12345",
     "t.toml:31: gateway[0].auth_token: must be \"env:NAME\""},
    {"unquoted secret", "\"env:TWILIO_AUTH_TOKEN\"", "CANARY0123456789", "t.toml:31: syntax: is not TOML"},
    {"webhook secret of another form", "env:HOOK_SECRET", "env:TWILIO_AUTH_TOKEN",
     "t.toml:56: hook[0].secret: the secret named here must be \"whsec_\""},
    {"key of the other gateway kind", "send_url =", "account_sid = \"CANARY\"\nsend_url =",
     "t.toml:38: gateway[1].account_sid: is not a key known here"},
    {"who answers", "who_answers_keywords = \"gateway\"", "who_answers_keywords = \"both\"",
     "t.toml:32: gateway[0].who_answers_keywords: must be one of \"gateway\", \"handrail\""},
    {"pages from a number that is not ours", "number = \"+15550111\"", "number = \"+15550199\"",
     "t.toml:40: oncall.page_from: must name a [[gateway]]"},
    {"a person's name too long to be said", "\"Maya\"\nphone", "\"Maya Bartholomew\"\nphone",
     "t.toml:42: oncall.person[0].name: must be 1 to 12"},
    {"two people of one name", "name = \"Luis\"", "name = \"Maya\"",
     "t.toml:45: oncall.person[1].name: is the name of another person"},
    {"two people of one number", "+15550102", "+15550101",
     "t.toml:46: oncall.person[1].phone: is the number of another person"},
    {"the line would page itself", "+15550102", "+15550110",
     "t.toml:46: oncall.person[1].phone: is a number of this line"},
    {"nobody of that name", "page = [\"Luis\"]", "page = [\"Louis\"]",
     "t.toml:51: oncall.p0.rungs[1].page: names somebody who is not"},
    {"a text on the first rung", "after = \"0s\"", "after = \"0s\", tell_texter = \"NOA.1\"",
     "t.toml:50: oncall.p0.rungs[0].tell_texter: is not for the first rung"},
    {"ladder starts late", "after = \"0s\"", "after = \"5s\"",
     "t.toml:50: oncall.p0.rungs[0]: the first rung must page somebody after \"0s\""},
    {"ladder steps back", "after = \"90s\"", "after = \"0s\"",
     "t.toml:51: oncall.p0.rungs[1].after: must be later"},
    {"text id of no form", "\"NOA.2\"", "\"noa2\"",
     "t.toml:51: oncall.p0.rungs[1].tell_texter: must be the id of a text"},
    {"repeating too fast", "repeat_every = \"5m\"", "repeat_every = \"0s\"",
     "t.toml:48: oncall.p0.repeat_every: must be a time like"},
    {"hook over plain http", "https://pager.example.org/in", "http://pager.example.org/in",
     "t.toml:55: hook[0].url: must be an https URL"},
    {"event that does not exist", "escalation.opened", "escalation.begun",
     "t.toml:57: hook[0].events[0]: must be one of escalation.opened"},
    {"token without value", "token = \"env:API_TOKEN\"\n", "", "t.toml:58: api.token[0]: needs either token"},
    {"flag as number", "sees_numbers = false", "sees_numbers = 0",
     "t.toml:61: api.token[0].sees_numbers: must be true or false"},
    {"hash in capitals", "token = \"env:API_TOKEN\"", "sha256 = \"ABCD\"",
     "t.toml:60: api.token[0].sha256: must be 64 lower-case hex digits"},
    {"quarantine without bound", "keep = 100", "keep = 1000000",
     "t.toml:69: quarantine.keep: must be a whole number from 10 to 10000"},
    {"log level", "\"warning\"", "\"loud\"",
     "t.toml:71: log.level: must be one of \"debug\", \"info\", \"warning\", \"error\""},
};

}  // namespace

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
    CHECK(full.config->oncall.endpoints.size() == 1);
    CHECK(full.config->api_tokens.size() == 1);
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

TEST_CASE("config: every broken one is refused with line, key and what is allowed; no value is repeated") {
    for (const Broken& row : kBroken) {
        CAPTURE(std::string(row.why));
        const LoadedConfig loaded = parse(with(row.from, row.to));
        CHECK_FALSE(loaded.config.has_value());
        const std::string messages = all_of(loaded.problems);
        CAPTURE(messages);
        const bool found =
            std::any_of(loaded.problems.begin(), loaded.problems.end(),
                        [&](const bot::Problem& p) { return bot::to_string(p).starts_with(row.want); });
        CHECK_MESSAGE(found, "wanted: ", std::string(row.want));
        CHECK(messages.find(kCanary) == std::string::npos);
    }
    CHECK(std::size(kBroken) >= 40);
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
