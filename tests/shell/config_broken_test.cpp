// What an operator may get wrong, one mistake at a time.
#include <algorithm>

#include "tests/shell/config_fixture.hpp"

using namespace config_test;

namespace {

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
