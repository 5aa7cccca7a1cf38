#include <doctest.h>

#include <algorithm>

#include "tests/shell/config_fixture.hpp"
#include "tests/shell/example_config.hpp"

// [oncall]: people and their ways, turns, schedules, ladders, hooks.

namespace {

using namespace std::chrono_literals;
using config_test::all_of;
using webhooks::LoadedConfig;
using webhooks::oncall::HookFormat;

std::optional<std::string> environment(const std::string& name) {
    if (name == "TWILIO_AUTH_TOKEN") return "0123456789abcdef0123456789abcdef";
    if (name == "SLACK_URL") return "https://hooks.slack.example/services/T0/B0/secret";
    if (name == "PAGERDUTY_KEY") return "0123456789abcdef0123456789abcdef";
    if (name == "PAGER_ANSWERS") return "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    if (name == "MAIL_PASSWORD") return "mail-password";
    return std::nullopt;
}

/// The shipped example with this in the place of its second person and what follows up to the tokens.
LoadedConfig parse(const std::string& people) {
    std::string text = test::filled_example();
    const std::size_t begin = text.find("[[oncall.person]]");
    text.replace(begin, text.find("# [[api.token]]") - begin, people + "\n");
    return webhooks::parse_config(text, "t.toml", environment);
}

const std::string kPeople = R"([[oncall.person]]
name = "Maya"
phone = "+15550101"
email = "maya@example.org"
deputy = "Luis"
notify = [ { by = "sms" }, { by = "voice", after = "1m" }, { by = "email", after = "90s" } ]
[[oncall.person]]
name = "Luis"
phone = "+15550102"
[oncall.email]
server = "smtps://mail.example.org"
from = "line@example.org"
password = "env:MAIL_PASSWORD"
)";
const std::string kRota = R"([[oncall.rotation]]
name = "weeks"
people = ["Maya", "Luis"]
hand_over = "2026-01-05T09:00"
[[oncall.schedule]]
name = "primary"
time_zone = "Europe/Madrid"
hours = [ { on_call = "weeks", days = ["mon", "sun"], from = "08:00", until = "20:30" } ]
[[oncall.override]]
schedule = "primary"
from = "2026-07-01T00:00"
until = "2026-07-02T00:00"
person = "Luis"
)";

}  // namespace

TEST_CASE("oncall config: working hours are those of the line's zone, by day unless something else is said") {
    const LoadedConfig plain = parse(kPeople);
    REQUIRE(plain.config.has_value());
    const bot::WorkingHours& usual = plain.config->oncall.working_hours.value();
    CHECK(usual.days == 0x1f);
    CHECK(usual.from == 9h);
    CHECK(usual.until == 17h);
    CHECK(usual.zone == plain.config->line.time_zone);

    const LoadedConfig said = parse(
        "working_hours = { days = [\"mon\", \"sat\"], from = \"08:30\", until = \"12:00\" }\n" + kPeople);
    CAPTURE(all_of(said.problems));
    REQUIRE(said.config.has_value());
    for (const bot::WorkingHours* hours :
         {&said.config->oncall.working_hours.value(), &said.config->line.working_hours}) {
        CHECK(hours->days == 0b100001);
        CHECK(hours->from == 8h + 30min);
        CHECK(hours->until == 12h);
    }
}

TEST_CASE("oncall config: a tool is listened to only with a secret of its own") {
    const std::string hook =
        "[[hook]]\nname = \"h\"\nurl = \"https://h.example.org\"\nsecret = \"env:PAGER_ANSWERS\"\n";
    const LoadedConfig deaf = parse(kPeople + hook);
    REQUIRE(deaf.config.has_value());
    CHECK(deaf.config->oncall.endpoints.at(0).answer_secret.empty());
    const LoadedConfig heard = parse(kPeople + hook + "answer_secret = \"env:PAGER_ANSWERS\"\n");
    REQUIRE(heard.config.has_value());
    CHECK(heard.config->oncall.endpoints.at(0).answer_secret.starts_with("whsec_"));
}

TEST_CASE("oncall config: people with their ways, turns and schedules are taken as written") {
    const LoadedConfig loaded = parse(kPeople + kRota);
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    const webhooks::oncall::Roster& roster = loaded.config->oncall;
    REQUIRE(roster.people[0].rules.size() == 3);
    CHECK(roster.people[0].rules[1].by == bot::PageBy::voice);
    CHECK(roster.people[0].rules[1].after == 60s);
    CHECK(roster.people[1].rules.size() == 1);  // a text at once
    CHECK(roster.deputy_of(roster.people[0])->name == "Luis");
    CHECK(roster.deputy_of(roster.people[1])->name == "Maya");  // nobody named: the next
    CHECK(roster.voice.account == "clinic");
    CHECK(roster.mail.password == "mail-password");
    const bot::Schedule* primary = roster.rota.schedule("primary");
    REQUIRE(primary != nullptr);
    CHECK(primary->rules[0].days == 0x41);
    CHECK(primary->rules[0].until == 20h + 30min);
    CHECK(roster.rota.overrides[0].until - roster.rota.overrides[0].from == 24h);
    CHECK(roster.rota.overrides[0].from ==
          bot::TimePoint{std::chrono::sys_days{std::chrono::year{2026} / 6 / 30} + 22h});
    // Without rungs of their own the ladders name the schedules.
    CHECK(roster.policies[0].rungs[0].page == std::vector<std::string>{"primary"});
    CHECK(roster.policies[0].catch_all == std::vector<std::string>{"Maya", "Luis"});
    CHECK(roster.policies[0].lease == 2min);
    CHECK(roster.policies[3].lease == 24h);
    CHECK(roster.reach()("primary", roster.rota.overrides[0].from + 1h) == std::vector<std::string>{"Luis"});
}

TEST_CASE(
    "oncall config: rungs name people or schedules, how many are needed, and how long a word may take") {
    const LoadedConfig loaded = parse(kPeople + kRota + R"([oncall.p0]
lease = "90s"
talk_lease = "10m"
rungs = [ { after = "0s", page = ["primary"] }, { after = "2m", page = ["Maya", "primary"], need = 2 } ]
)");
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    const bot::EscalationPolicy& p0 = loaded.config->oncall.policies[0];
    CHECK(p0.rungs[1].need == 2);
    CHECK(p0.lease == 90s);
    CHECK(p0.talk_lease == 10min);
}

TEST_CASE("oncall config: hooks in other systems' formats need what those need, and no more") {
    const LoadedConfig loaded = parse(kPeople + R"([[hook]]
name = "chat"
format = "slack"
secret_url = "env:SLACK_URL"
[[hook]]
name = "pd"
format = "pagerduty"
routing_key = "env:PAGERDUTY_KEY"
)");
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    const auto& hooks = loaded.config->oncall.endpoints;
    REQUIRE(hooks.size() == 2);
    CHECK(hooks[0].format == HookFormat::slack);
    CHECK(hooks[0].url == "https://hooks.slack.example/services/T0/B0/secret");
    CHECK(hooks[1].url == "https://events.pagerduty.com/v2/enqueue");
}

TEST_CASE("oncall config: what would leave a texter waiting is refused, and said where") {
    struct Row {
        const char* why;
        std::string text;
        const char* complaint;
    };
    const Row rows[]{
        {"deputy of nobody",
         kPeople + "[[oncall.person]]\nname = \"Ana\"\nphone = \"+15550103\"\ndeputy = \"Zoe\"\n",
         "a deputy must be another [[oncall.person]]"},
        {"a way that waits only", R"([[oncall.person]]
name = "Maya"
phone = "+15550101"
notify = [ { by = "voice", after = "1m" } ])",
         "must have one way without \"after\""},
        {"e-mail to no address", R"([[oncall.person]]
name = "Maya"
phone = "+15550101"
notify = [ { by = "email" } ])",
         "oncall.person[0].email: is missing"},
        {"e-mail by no server", R"([[oncall.person]]
name = "Maya"
phone = "+15550101"
email = "maya@example.org"
notify = [ { by = "email" } ])",
         "[oncall.email] names no server"},
        {"hook that is not there", R"([[oncall.person]]
name = "Maya"
phone = "+15550101"
notify = [ { by = "webhook", hook = "pager" } ])",
         "notify names a hook that is not a [[hook]]"},
        {"rotation of a stranger",
         kPeople +
             "[[oncall.rotation]]\nname = \"r\"\npeople = [\"Zoe\"]\nhand_over = \"2026-01-05T09:00\"\n",
         "names somebody who is not an [[oncall.person]]"},
        {"hand-over without a time",
         kPeople + "[[oncall.rotation]]\nname = \"r\"\npeople = [\"Maya\"]\nhand_over = \"monday\"\n",
         "must be a local time like"},
        {"turn of minutes",
         kPeople + "[[oncall.rotation]]\nname = \"r\"\npeople = [\"Maya\"]\nhand_over = "
                   "\"2026-01-05T09:00\"\nevery = \"5m\"\n",
         "must be whole hours or days"},
        {"schedule named as a person",
         kPeople + "[[oncall.schedule]]\nname = \"Maya\"\nhours = [ { on_call = \"Luis\" } ]\n",
         "is the name of a person, rotation or schedule already"},
        {"schedule in no zone",
         kPeople + "[[oncall.schedule]]\nname = \"s\"\ntime_zone = \"Mars/Base\"\nhours = [ { on_call = "
                   "\"Luis\" } ]\n",
         "time_zone"},
        {"override backwards",
         kPeople + kRota +
             "[[oncall.override]]\nschedule = \"primary\"\nfrom = \"2026-07-02T00:00\"\nuntil = "
             "\"2026-07-01T00:00\"\nperson = \"Maya\"\n",
         "must be later than from"},
        {"more needed than there are",
         kPeople + "[oncall.p0]\nrungs = [ { after = \"0s\", page = [\"Maya\"], need = 3 } ]\n",
         "is more than there are people on call"},
        {"catch-all of a stranger", "catch_all = [\"Zoe\"]\n" + kPeople, "catch_all"},
        {"PagerDuty without its key", kPeople + "[[hook]]\nname = \"pd\"\nformat = \"pagerduty\"\n",
         "routing_key: is missing"},
        {"standard without a secret", kPeople + "[[hook]]\nname = \"h\"\nurl = \"https://h.example.org\"\n",
         "secret: is missing"},
        {"hours that end before they begin",
         "working_hours = { from = \"17:00\", until = \"09:00\" }\n" + kPeople,
         "oncall.working_hours.until: must be later than from"},
        {"hours of no day", "working_hours = { days = [\"noday\"] }\n" + kPeople,
         "oncall.working_hours.days"},
        {"hours that only begin late", "working_hours = { from = \"18:00\" }\n" + kPeople,
         "oncall.working_hours.until: must be later than from"},
        {"answers of a tool that signs none",
         kPeople + "[[hook]]\nname = \"s\"\nformat = \"slack\"\nurl = \"https://h.example.org\"\n"
                   "answer_secret = \"env:PAGER_ANSWERS\"\n",
         "answer_secret: is for the formats"},
        {"answers under a secret that is none",
         kPeople + "[[hook]]\nname = \"h\"\nurl = \"https://h.example.org\"\nsecret = \"env:PAGER_ANSWERS\"\n"
                   "answer_secret = \"env:MAIL_PASSWORD\"\n",
         "answer_secret"},
        {"calls by no Twilio number",
         kPeople + "[oncall.voice]\ngateway = \"clinic\"\nnumber = \"+15550188\"\n",
         "somebody is to be called"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const LoadedConfig loaded = parse(row.text);
        const std::string all = all_of(loaded.problems);
        CAPTURE(all);
        CHECK_FALSE(loaded.config.has_value());
        CHECK(all.find(row.complaint) != std::string::npos);
    }
}
