#include "webhooks/gateways/twilio.hpp"

#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

std::unique_ptr<Gateway> gateway() { return make_gateway(twilio_settings(), "https://example.org/line"); }

/// A usual inbound form with some fields changed or added; a null value takes the field away.
http::Request inbound(const std::vector<std::pair<std::string, const char*>>& changes) {
    http::Form form{{"MessageSid", "SM00000000000000000000000000000001"},
                    {"AccountSid", kAccountSid},
                    {"From", "+15550100"},
                    {"To", "+15550199"},
                    {"Body", "hello"},
                    {"NumMedia", "0"}};
    for (const auto& [name, value] : changes) {
        std::erase_if(form, [&, wanted = name](const auto& field) { return field.first == wanted; });
        if (value != nullptr) form.emplace_back(name, value);
    }
    return {"POST",
            "/webhooks/twilio/main/sms",
            {{"Content-Type", "application/x-www-form-urlencoded"}},
            http::encode_form(form),
            ""};
}

http::Request status(const std::string& query, http::Form form) {
    form.emplace_back("AccountSid", kAccountSid);
    return {"POST",
            "/webhooks/twilio/main/status" + query,
            {{"Content-Type", "application/x-www-form-urlencoded"}},
            http::encode_form(form),
            ""};
}

}  // namespace

TEST_CASE("twilio: a text is read whole and unchanged") {
    struct Row {
        const char* why;
        const char* body;
    };
    static constexpr Row kRows[]{
        {"plain", "I slipped last night"},
        {"blanks at both ends are the texter's", "  stop  "},
        {"nothing said", ""},
        {"line breaks, plus, ampersand, percent", "a+b & 100%\r\n=c"},
        {"other scripts and emoji", "J’ai rechuté 😞 もうだめ"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto message = read_inbound(*gateway(), inbound({{"Body", row.body}}));
        REQUIRE(message.has_value());
        CHECK(message->text == row.body);
        CHECK(message->external_id == "SM00000000000000000000000000000001");
        CHECK(message->from == "+15550100");
        CHECK(message->to == "+15550199");
        CHECK(message->media.empty());
        CHECK(message->carrier_keyword == bot::CarrierKeyword::none);
    }
}

TEST_CASE("twilio: what the carrier has done about a word is told on") {
    using bot::CarrierKeyword;
    struct Row {
        const char* type;
        CarrierKeyword want;
    };
    static constexpr Row kRows[]{{"STOP", CarrierKeyword::stop}, {"START", CarrierKeyword::start},
                                 {"HELP", CarrierKeyword::help}, {"stop", CarrierKeyword::stop},
                                 {"", CarrierKeyword::none},     {"SOMETHING", CarrierKeyword::none}};
    for (const Row& row : kRows) {
        CAPTURE(row.type);
        const auto message = read_inbound(*gateway(), inbound({{"OptOutType", row.type}}));
        REQUIRE(message.has_value());
        CHECK(message->carrier_keyword == row.want);
    }
}

TEST_CASE("twilio: pictures are kept as references, whatever their count says") {
    struct Row {
        const char* why;
        std::vector<std::pair<std::string, const char*>> fields;
        std::vector<std::string> urls;
    };
    const Row rows[]{
        {"two",
         {{"NumMedia", "2"},
          {"MediaUrl0", "https://a/0"},
          {"MediaContentType0", "image/jpeg"},
          {"MediaUrl1", "https://a/1"},
          {"MediaContentType1", "image/jpeg"}},
         {"https://a/0", "https://a/1"}},
        {"count too low",
         {{"MediaUrl0", "https://a/0"}, {"MediaContentType0", "image/jpeg"}},
         {"https://a/0"}},
        {"count too high",
         {{"NumMedia", "9"}, {"MediaUrl0", "https://a/0"}, {"MediaContentType0", "image/jpeg"}},
         {"https://a/0"}},
        {"count is no number", {{"NumMedia", "x"}}, {}},
        {"not a web address",
         {{"MediaUrl0", "javascript:alert(1)"},
          {"MediaUrl1", "https://a/1"},
          {"MediaContentType1", "image/jpeg"}},
         {"https://a/1"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto message = read_inbound(*gateway(), inbound(row.fields));
        REQUIRE(message.has_value());
        std::vector<std::string> urls;
        for (const bot::Media& medium : message->media) {
            urls.push_back(medium.url);
            CHECK(medium.content_type == "image/jpeg");
        }
        CHECK(urls == row.urls);
    }
    const auto picture_only =
        read_inbound(*gateway(), inbound({{"Body", nullptr}, {"MediaUrl0", "https://a/0"}}));
    REQUIRE(picture_only.has_value());
    CHECK(picture_only->text.empty());
}

TEST_CASE("twilio: a field that is missing or odd is named") {
    struct Row {
        const char* why;
        const char* field;
        const char* value;
        const char* named;
    };
    static constexpr Row kRows[]{
        {"no id", "MessageSid", nullptr, "MessageSid"},
        {"empty id", "MessageSid", "", "MessageSid"},
        {"id with a blank", "MessageSid", "SM 1", "MessageSid"},
        {"endless id", "MessageSid", "SM0000000000000000000000000000000000000000000000000000000000000000",
         "MessageSid"},
        {"no sender", "From", nullptr, "From"},
        {"sender withheld", "From", "", "From"},
        {"sender without plus", "From", "15550100", "From"},
        {"a short code is nobody we can serve", "From", "72345", "From"},
        {"another channel", "From", "whatsapp:+15550100", "From"},
        {"a line break in a number", "From", "+15550100\n", "From"},
        {"no recipient", "To", nullptr, "To"},
        {"recipient is words", "To", "RIVERSIDE", "To"},
        {"neither text nor picture", "Body", nullptr, "Body"},
        {"no account", "AccountSid", nullptr, "AccountSid"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto message = read_inbound(*gateway(), inbound({{row.field, row.value}}));
        REQUIRE_FALSE(message.has_value());
        CHECK(message.error().why == Refusal::malformed_body);
        CHECK(message.error().field == row.named);
        CHECK_FALSE(message.error().detail.empty());
        CHECK(message.error().detail.find("5550100") == std::string::npos);
    }
}

TEST_CASE("twilio: what may be odd does not lose a text") {
    CHECK(read_inbound(*gateway(), inbound({{"To", "72345"}})).has_value());
    const auto other_name = read_inbound(*gateway(), inbound({{"MessageSid", nullptr}, {"SmsSid", "SM2"}}));
    REQUIRE(other_name.has_value());
    CHECK(other_name->external_id == "SM2");
    const auto multimedia = read_inbound(*gateway(), inbound({{"MessageSid", "MM1"}, {"SmsSid", "SM1"}}));
    REQUIRE(multimedia.has_value());
    CHECK(multimedia->external_id == "MM1");
    CHECK(read_inbound(*gateway(), inbound({{"SomethingNew", "x"}})).has_value());
}

TEST_CASE("twilio: a message of another account is refused though its signature fits") {
    const auto message =
        read_inbound(*gateway(), inbound({{"AccountSid", "ACffffffffffffffffffffffffffffffff"}}));
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().why == Refusal::wrong_account);
    http::Request report = status("?id=1", {{"MessageSid", "SM1"}, {"MessageStatus", "sent"}});
    report.body = "MessageSid=SM1&MessageStatus=sent&AccountSid=ACffffffffffffffffffffffffffffffff";
    const auto read = read_status(*gateway(), report);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().why == Refusal::wrong_account);
}

TEST_CASE("twilio: a text to a number that is not configured is refused though its signature fits") {
    const auto message = read_inbound(*gateway(), inbound({{"To", "+15550150"}}));
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().why == Refusal::wrong_number);
    CHECK(message.error().field == "To");
    CHECK(to_string(message.error().why) == "wrong_number");
}

TEST_CASE("twilio: the same fields by GET and as JSON") {
    const http::Request form = inbound({});
    const http::Request get{"GET", "/webhooks/twilio/main/sms?" + form.body, {}, "", ""};
    const auto by_get = read_inbound(*gateway(), get);
    REQUIRE(by_get.has_value());
    CHECK(by_get->text == "hello");

    http::Request as_json{"POST", "/x", {{"Content-Type", "application/json"}}, "", ""};
    as_json.body = json{{"MessageSid", "SM1"}, {"AccountSid", kAccountSid}, {"From", "+15550100"},
                        {"To", "+15550199"},   {"Body", "hello"},           {"NumMedia", 0}}
                       .dump();
    const auto by_json = read_inbound(*gateway(), as_json);
    REQUIRE(by_json.has_value());
    CHECK(by_json->text == "hello");
    as_json.body = R"({"MessageSid": ["SM1"]})";
    CHECK_FALSE(read_inbound(*gateway(), as_json).has_value());
    as_json.body = R"({"MessageSid": )";
    CHECK_FALSE(read_inbound(*gateway(), as_json).has_value());
}

TEST_CASE("twilio: the answer says nothing to the texter") {
    const http::Response answer = gateway()->accepted();
    CHECK(answer.status == 200);
    CHECK(answer.headers.front() ==
          std::pair<std::string, std::string>{"Content-Type", "text/xml; charset=utf-8"});
    CHECK(answer.body == R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)");
}

TEST_CASE("twilio: delivery reports") {
    using State = DeliveryReport::State;
    struct Row {
        const char* status;
        const char* code;
        State state;
        const char* kept_code;
        bool opted_out;
    };
    static constexpr Row kRows[]{
        {"accepted", "", State::ignored, "", false},
        {"queued", "", State::ignored, "", false},
        {"sending", "", State::ignored, "", false},
        {"partially_delivered", "", State::ignored, "", false},
        {"something_new", "", State::ignored, "", false},
        {"sent", "", State::sent, "", false},
        {"sent", "0", State::sent, "", false},
        {"delivered", "", State::delivered, "", false},
        {"read", "", State::delivered, "", false},
        {"undelivered", "30003", State::failed, "30003", false},
        {"failed", "30007", State::failed, "30007", false},
        {"canceled", "", State::failed, "", false},
        {"failed", "21610", State::failed, "21610", true},
        {"undelivered", "21610", State::failed, "21610", true},
        {"something_new", "21610", State::failed, "21610", true},
        {"failed", "<script>", State::failed, "", false},
        {"failed", "1234567", State::failed, "", false},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.status);
        CAPTURE(row.code);
        const auto report = read_status(*gateway(), status("?id=42", {{"MessageSid", "SM7"},
                                                                      {"MessageStatus", row.status},
                                                                      {"ErrorCode", row.code}}));
        REQUIRE(report.has_value());
        CHECK(report->external_id == "SM7");
        CHECK(report->message_id == "42");
        CHECK(report->state == row.state);
        CHECK(report->error_code == row.kept_code);
        CHECK(report->opted_out == row.opted_out);
        CHECK(report->filtered == (report->error_code == "30007"));
    }
    CHECK(
        read_status(*gateway(), status("", {{"MessageSid", "SM7"}, {"MessageStatus", "sent"}}))->message_id ==
        "");
    CHECK(read_status(*gateway(), status("?id=1", {{"MessageSid", "SM7"}})).error().field == "MessageStatus");
    CHECK(read_status(*gateway(), status("?id=1", {{"MessageStatus", "sent"}})).error().field ==
          "MessageSid");
}

TEST_CASE("twilio: the request that sends") {
    AccountSettings settings = twilio_settings();
    settings.api_base = "http://127.0.0.1:14010";
    settings.token_previous = "a token that must not be sent any more";
    const auto twilio = make_gateway(settings, "https://example.org/line");
    const net::OutgoingRequest request =
        twilio->build_send({"42", "+15550199", "+15550100", "J’ai 1+1=2 & é 😀\nbye", 300s}, kNow);
    CHECK(request.method == "POST");
    CHECK(request.url ==
          std::string("http://127.0.0.1:14010/2010-04-01/Accounts/") + kAccountSid + "/Messages.json");
    CHECK(request.basic_auth == std::string(kAccountSid) + ":" + kToken);
    const auto form = http::parse_form(request.body);
    REQUIRE(form.has_value());
    CHECK(*form ==
          http::Form{{"To", "+15550100"},
                     {"From", "+15550199"},
                     {"Body", "J’ai 1+1=2 & é 😀\nbye"},
                     {"StatusCallback", "https://example.org/line/webhooks/twilio/main/status?id=42"},
                     {"ValidityPeriod", "300"}});
    for (const auto& [valid_for, want] : {std::pair{-5s, "1"}, {0s, "1"}, {1s, "1"}, {99'999s, "36000"}}) {
        const auto sent = twilio->build_send({"42", "+15550199", "+15550100", "hi", valid_for}, kNow);
        CHECK(http::field(*http::parse_form(sent.body), "ValidityPeriod") == want);
    }
}

TEST_CASE("twilio: what the reply to a send means") {
    struct Row {
        const char* why;
        long status;
        const char* body;
        const char* retry_after;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"taken", 201, R"({"sid":"SM1","status":"queued","error_code":null})", nullptr, "sent SM1"},
        {"taken, other 2xx", 200, R"({"sid":"MM1"})", nullptr, "sent MM1"},
        {"a page of some proxy", 200, "<html>login</html>", nullptr, "unclear no_sid"},
        {"cut short", 201, R"({"sid":"SM)", nullptr, "unclear no_sid"},
        {"no sid", 201, R"({"status":"queued"})", nullptr, "unclear no_sid"},
        {"a sid that is none", 201, R"({"sid":"SM1\n<b>"})", nullptr, "unclear no_sid"},
        {"a sid that is a number", 201, R"({"sid":1})", nullptr, "unclear no_sid"},
        {"nothing said", 204, "", nullptr, "unclear no_sid"},
        {"busy", 429, R"({"code":20429,"status":429})", nullptr, "again 20429"},
        {"busy, and says until when", 429, R"({"code":20429})", "7", "again 20429 after 7"},
        {"busy, in other words", 429, "slow down", "0", "again http_429 after 0"},
        {"down", 500, R"({"code":20500})", nullptr, "again 20500"},
        {"down behind a proxy", 503, "<html>", "30", "again http_503 after 30"},
        {"a retry time that is none", 503, "", "soon", "again http_503"},
        {"no time to answer", 408, "", nullptr, "again http_408"},
        {"queue full", 400, R"({"code":21611})", nullptr, "again 21611"},
        {"blocked by the recipient", 400, R"({"code":21610})", nullptr, "opted out 21610"},
        {"blocked, whatever the status", 403, R"({"code":21610})", nullptr, "opted out 21610"},
        {"bad credentials", 401, R"({"code":20003})", nullptr, "account 20003"},
        {"no such account", 404, R"({"code":20404})", nullptr, "rejected 20404"},
        {"not a number", 400, R"({"code":21211})", nullptr, "rejected 21211"},
        {"not ours", 400, R"({"code":21606})", nullptr, "rejected 21606"},
        {"no mobile", 400, R"({"code":21614})", nullptr, "rejected 21614"},
        {"too long", 400, R"({"code":21617})", nullptr, "rejected 21617"},
        {"another place", 302, "", nullptr, "rejected http_302"},
        {"the code as a text", 400, R"({"code":"21610"})", nullptr, "opted out 21610"},
        {"an array", 400, "[21610]", nullptr, "rejected http_400"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        net::IncomingReply reply{row.status, row.body, {}};
        if (row.retry_after != nullptr) reply.headers.emplace_back("retry-after", row.retry_after);
        CHECK(describe(gateway()->read_send_reply(reply)) == row.want);
    }
}

TEST_CASE("twilio: who answers the carrier's words is the operator's word") {
    AccountSettings settings = twilio_settings();
    CHECK_FALSE(make_gateway(settings, kPublicUrl)->answers_keywords_itself());
    CHECK_FALSE(make_gateway(settings, kPublicUrl)->answers_keyword("STOP"));
    settings.answers_keywords_itself = true;
    const auto twilio = make_gateway(settings, kPublicUrl);
    CHECK(twilio->answers_keywords_itself());
    for (const char* word : {"STOP", " stop ", "Unsubscribe", "QUIT", "help", "UNSTOP"})
        CHECK_MESSAGE(twilio->answers_keyword(word), word);
    for (const char* word : {"ALTO", "opt out", "stop please", "stopp", "AYUDA", "", "i want to die"})
        CHECK_FALSE_MESSAGE(twilio->answers_keyword(word), word);
    CHECK(twilio->account() == "main");
    CHECK(twilio->kind() == "twilio");
}
