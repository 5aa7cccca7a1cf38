#include "webhooks/gateways/twilio_calls.hpp"

#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

http::Request webhook(const std::string& query, const http::Form& form) {
    return {"POST", "/webhooks/twilio/main/voice" + query, {}, http::encode_form(form), ""};
}

}  // namespace

TEST_CASE("twilio calls: a call is ordered with our TwiML, machine detection and a report at its end") {
    const auto request = build_call(twilio_settings(), kPublicUrl, {"+15550199", "+15550101", "12", 25s});
    CHECK(request.url ==
          "https://api.twilio.com/2010-04-01/Accounts/" + std::string(kAccountSid) + "/Calls.json");
    CHECK(request.basic_auth == std::string(kAccountSid) + ":" + kToken);
    const auto form = *http::parse_form(request.body);
    CHECK(http::field(form, "To") == "+15550101");
    CHECK(http::field(form, "From") == "+15550199");
    CHECK(http::field(form, "Url") == "https://sms.example.org/webhooks/twilio/main/voice?page=12");
    CHECK(http::field(form, "StatusCallback") ==
          "https://sms.example.org/webhooks/twilio/main/voice-status?page=12");
    CHECK(http::field(form, "MachineDetection") == "Enable");
    CHECK(http::field(form, "Timeout") == "25");
}

TEST_CASE("twilio calls: who took it and what was pressed") {
    struct Row {
        const char* why;
        http::Form form;
        bool machine, over;
        const char* digits;
    };
    const Row rows[]{
        {"a human", {{"CallStatus", "in-progress"}, {"AnsweredBy", "human"}}, false, false, ""},
        {"nobody can tell", {{"CallStatus", "in-progress"}, {"AnsweredBy", "unknown"}}, false, false, ""},
        {"a machine", {{"AnsweredBy", "machine_start"}}, true, false, ""},
        {"a machine after its beep", {{"AnsweredBy", "machine_end_beep"}}, true, false, ""},
        {"a fax", {{"AnsweredBy", "fax"}}, true, false, ""},
        {"a key", {{"Digits", "1"}}, false, false, "1"},
        {"no key that we asked for", {{"Digits", "12"}}, false, false, ""},
        {"a star", {{"Digits", "*"}}, false, false, ""},
        {"busy", {{"CallStatus", "busy"}}, false, true, ""},
        {"not answered", {{"CallStatus", "no-answer"}}, false, true, ""},
        {"over", {{"CallStatus", "completed"}}, false, true, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto news = read_call(webhook("?page=12", row.form));
        REQUIRE(news.has_value());
        CHECK(news->page == "12");
        CHECK(news->machine == row.machine);
        CHECK(news->over == row.over);
        CHECK(news->digits == row.digits);
    }
    for (const char* query : {"", "?page=", "?page=x1", "?page=-1", "?page=1234567890123456789"}) {
        CAPTURE(query);
        CHECK_FALSE(read_call(webhook(query, {{"Digits", "1"}})).has_value());
    }
}

TEST_CASE("twilio calls: what is said cannot break out of its TwiML") {
    const auto response = say("Case <1> & \"two\"", "/voice?page=1&round=2");
    CHECK(response.body.find("<Say>Case &lt;1&gt; &amp; &quot;two&quot;</Say>") != std::string::npos);
    CHECK(response.body.find("action=\"/voice?page=1&amp;round=2\"") != std::string::npos);
    CHECK(say("Thank you.").body.find("<Hangup/>") != std::string::npos);
}

TEST_CASE("twilio calls: a refusal says whether it passes") {
    CHECK(std::holds_alternative<CallPlaced>(read_call_reply({201, R"({"sid":"CA1"})", {}})));
    const auto busy = std::get<CallRefused>(read_call_reply({429, R"({"code":20429})", {}}));
    CHECK(busy.passes);
    const auto wrong = std::get<CallRefused>(read_call_reply({400, R"({"code":21211})", {}}));
    CHECK(wrong.code == "21211");
    CHECK_FALSE(wrong.passes);
    CHECK(std::get<CallRefused>(read_call_reply({503, "<html>", {}})).code == "http_503");
}
