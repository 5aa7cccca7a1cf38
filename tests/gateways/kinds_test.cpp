// What every kind of gateway has to do, whichever it is.
#include "tests/gateways/kinds.hpp"

using namespace tests;

namespace {

http::Request as_received(const net::OutgoingRequest& sent) {
    http::Request request;
    request.method = sent.method;
    request.target = sent.url.substr(base_of(sent.url).size());
    request.body = sent.body;
    for (const std::string& line : sent.headers) {
        const std::size_t colon = line.find(": ");
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return request;
}

}  // namespace

TEST_CASE("kinds: nobody's signature is accepted for want of a secret") {
    for (const char* kind : kKinds) {
        CAPTURE(kind);
        AccountSettings without = settings_of(kind);
        CHECK_NOTHROW((void)make_gateway(without, kPublicUrl));
        without.secret.clear();
        without.token.clear();
        without.secret_previous = "an old secret, still valid";
        without.token_previous = "an old token, still valid";
        CHECK_THROWS_AS((void)make_gateway(without, kPublicUrl), std::invalid_argument);
    }
}

TEST_CASE("kinds: the doctor's probe verifies, and a changed one does not") {
    for (const char* kind : kKinds) {
        const std::string_view name = kind;
        if (name == "bandwidth" || name == "infobip") continue;  // Basic: libcurl writes that header
        CAPTURE(kind);
        for (const char* api : {"messages", "sms"}) {
            AccountSettings settings = settings_of(kind);
            settings.api = api;
            const auto gateway = make_gateway(settings, kPublicUrl);
            http::Request probe = as_received(gateway->build_probe(kNow));
            CHECK(probe.target.starts_with(std::string("/webhooks/") + kind + "/main/probe"));
            CHECK(!gateway->verify(probe, kNow) == gateway->can_sign_probe());
            settings.secret =
                name == "generic" ? kOtherSecret : "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
            settings.token = "another token altogether";
            if (name == "twilio") settings.secret.clear();
            CHECK(make_gateway(settings, kPublicUrl)->verify(probe, kNow));
        }
    }
}

TEST_CASE("kinds: an event we know nothing of is answered, and counted") {
    struct Row {
        const char* kind;
        const char* body;
    };
    static constexpr Row kRows[]{
        {"telnyx", R"({"data":{"event_type":"message.teleported","payload":{}}})"},
        {"bandwidth", R"([{"type":"message-teleported"}])"},
        {"sinch", R"({"type":"mo_teleported"})"},
    };
    for (const Row& row : kRows) {
        for (const Endpoint endpoint : {Endpoint::sms, Endpoint::status}) {
            CAPTURE(row.kind);
            const auto gateway = make_gateway(settings_of(row.kind), kPublicUrl);
            const auto events =
                gateway->read(endpoint, {"POST", "/", {{"Content-Type", "application/json"}}, row.body, ""});
            REQUIRE(events.has_value());
            CHECK(events->unknown == 1);
            CHECK(events->messages.empty());
            CHECK(events->reports.empty());
            CHECK(events->refused.empty());
        }
    }
}

TEST_CASE("kinds: one bad event does not take its neighbours along") {
    const auto gateway = make_gateway(settings_of("bandwidth"), kPublicUrl);
    const json good{{"type", "message-received"},
                    {"to", "+15105550100"},
                    {"message", {{"id", "b1"}, {"from", "+15105550123"}, {"text", "hi"}}}};
    json elsewhere = good;
    elsewhere["to"] = "+15105550199";
    const auto events =
        gateway->read(Endpoint::sms, {"POST", "/", {}, json::array({elsewhere, good, 7}).dump(), ""});
    REQUIRE(events.has_value());
    CHECK(events->messages.size() == 1);
    REQUIRE(events->refused.size() == 1);
    CHECK(events->refused[0].why == Refusal::wrong_number);
    CHECK(events->unknown == 1);
}

TEST_CASE("kinds: what a reply to a send means") {
    struct Row {
        const char* kind;
        long status;
        const char* body;
        const char* want;
        const char* api = "messages";
    };
    static constexpr Row kRows[]{
        {"telnyx", 200, R"({"data":{"id":"t1","to":[{"status":"queued"}]}})", "sent t1"},
        {"telnyx", 200, "<html>", "unclear no_id"},
        {"telnyx", 400, R"({"errors":[{"code":"40300","title":"Blocked due to STOP message"}]})",
         "opted out 40300"},
        {"telnyx", 422, R"({"errors":[{"code":"40001"}]})", "rejected 40001"},
        {"telnyx", 429, R"({"errors":[{"code":"40011"}]})", "again 40011 after 7"},
        {"telnyx", 401, R"({"errors":[{"code":"10009"}]})", "account 10009 after 7"},
        {"telnyx", 503, "", "again http_503 after 7"},
        {"vonage", 202, R"({"message_uuid":"u1"})", "sent u1"},
        {"vonage", 202, "ok", "unclear no_id"},
        {"vonage", 429, R"({"type":"https://developer.vonage.com/api-errors/messages#1000"})",
         "again 1000 after 7"},
        {"vonage", 422, R"({"type":"https://developer.vonage.com/api-errors/messages#1120"})",
         "rejected 1120"},
        {"vonage", 422, R"({"type":"words"})", "rejected words"},
        {"vonage", 401, "", "account http_401 after 7"},
        {"vonage", 200, R"({"messages":[{"status":"0","message-id":"v1"},{"status":"0"}]})", "sent v1",
         "sms"},
        {"vonage", 200, R"({"messages":[{"status":"1"}]})", "again 1 after 7", "sms"},
        {"vonage", 200, R"({"messages":[{"status":"9"}]})", "account 9 after 7", "sms"},
        {"vonage", 200, R"({"messages":[{"status":"6"}]})", "rejected 6", "sms"},
        {"vonage", 200, R"({"messages":[]})", "unclear no_message", "sms"},
        {"plivo", 202, R"({"message_uuid":["p1"]})", "sent p1"},
        {"plivo", 202, R"({"message_uuid":[]})", "unclear no_uuid"},
        {"plivo", 400, R"({"error":"invalid destination"})", "rejected http_400"},
        {"plivo", 429, "", "again http_429 after 7"},
        {"bandwidth", 202, R"({"id":"b1"})", "sent b1"},
        {"bandwidth", 429, R"({"type":"max-message-queue-size-exceeded"})",
         "again max-message-queue-size-exceeded after 7"},
        {"bandwidth", 400, R"({"type":"bad-request"})", "rejected bad-request"},
        {"bandwidth", 401, "", "account http_401 after 7"},
        {"sinch", 201, R"({"id":"s1"})", "sent s1"},
        {"sinch", 403, R"({"code":"forbidden"})", "account forbidden after 7"},
        {"sinch", 400, R"({"code":"syntax_invalid_parameter_format"})",
         "rejected syntax_invalid_parameter_format"},
        {"infobip", 200, R"({"messages":[{"messageId":"i1","status":{"groupId":1,"id":26}}]})", "sent i1"},
        {"infobip", 200, R"({"messages":[{"messageId":"i1","status":{"groupId":5,"id":11}}]})",
         "account 11 after 7"},
        {"infobip", 200, R"({"messages":[{"messageId":"i1","status":{"groupId":5,"id":13}}]})",
         "rejected 13"},
        {"infobip", 200, R"({"bulkId":"b"})", "unclear no_message"},
        {"infobip", 401, R"({"requestError":{"serviceException":{"messageId":"UNAUTHORIZED"}}})",
         "account UNAUTHORIZED after 7"},
        {"messagebird", 201, R"({"id":"mb1"})", "sent mb1"},
        {"messagebird", 422, R"({"errors":[{"code":9}]})", "rejected 9"},
        {"messagebird", 401, R"({"errors":[{"code":2}]})", "account 2 after 7"},
        {"messagebird", 422, R"({"errors":[{"code":25}]})", "account 25 after 7"},
        {"kannel", 202, "0: Accepted for delivery", "sent "},
        {"kannel", 202, "3: Queued for later delivery", "sent "},
        {"kannel", 200, "<html>", "unclear no_answer_of_kannel"},
        {"kannel", 403, "Authorization failed for sendsms", "account http_403"},
        {"kannel", 400, "Missing receiver number, rejected", "rejected http_400"},
        {"kannel", 503, "Temporal failure, try again later.", "again http_503 after 7"},
        {"signalwire", 201, R"({"sid":"b08dacad-d7e6-4e4b-a8a3-0123456789ab"})",
         "sent b08dacad-d7e6-4e4b-a8a3-0123456789ab"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.kind);
        CAPTURE(row.body);
        AccountSettings settings = settings_of(row.kind);
        settings.api = row.api;
        const net::IncomingReply reply{row.status, row.body, {{"retry-after", "7"}}};
        CHECK(describe(make_gateway(settings, kPublicUrl)->read_send_reply(reply)) == row.want);
    }
}

TEST_CASE("kinds: the carrier drops what has become stale, where it can be told to") {
    struct Row {
        const char* kind;
        const char* said;
        const char* api = "messages";
    };
    static constexpr Row kRows[]{
        {"twilio", "ValidityPeriod=300"},
        {"signalwire", "ValidityPeriod=300"},
        {"vonage", "\"ttl\":300"},
        {"vonage", "\"ttl\":300000", "sms"},
        {"plivo", "\"message_expiry\":300"},
        {"bandwidth", "\"expiration\":\"2026-11-24T06:05:01Z\""},
        {"sinch", "\"expire_at\":\"2026-11-24T06:05:01Z\""},
        {"infobip", "\"validityPeriod\":{\"amount\":300,\"timeUnit\":\"SECONDS\"}"},
        {"messagebird", "\"validity\":300"},
        {"kannel", "validity=5"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.kind);
        AccountSettings settings = settings_of(row.kind);
        settings.api = row.api;
        const auto request = make_gateway(settings, kPublicUrl)
                                 ->build_send({"42", "+15105550100", "+15105550123", "hi", 300s}, kNow);
        CHECK((request.body + request.url).find(row.said) != std::string::npos);
    }
}

TEST_CASE("kannel: the report's URL names our message, and the state is left for Kannel to fill in") {
    const auto request = make_gateway(settings_of("kannel"), kPublicUrl)
                             ->build_send({"42", "+15105550100", "+15105550123", "J’ai", 300s}, kNow);
    CHECK(request.method == "GET");
    const auto query = http::parse_form(request.url.substr(request.url.find('?') + 1));
    REQUIRE(query.has_value());
    CHECK(http::field(*query, "dlr-url") ==
          "https://sms.example.org/webhooks/kannel/main/status?key=fedcba9876543210&mid=42&status=%d");
    CHECK(http::field(*query, "coding") == "2");
    CHECK(http::field(*query, "text") == "J’ai");
    CHECK(http::field(*query, "to") == "+15105550123");
}

TEST_CASE("kinds: whoever answers STOP, only words its carrier knows are left to it") {
    for (const char* kind : kKinds) {
        CAPTURE(kind);
        AccountSettings settings = settings_of(kind);
        CHECK_FALSE(make_gateway(settings, kPublicUrl)->answers_keyword("STOP"));
        settings.answers_keywords_itself = true;
        const auto gateway = make_gateway(settings, kPublicUrl);
        CHECK(gateway->answers_keyword(" stop\n"));
        CHECK_FALSE(gateway->answers_keyword("ALTO"));
        CHECK_FALSE(gateway->answers_keyword("stop please"));
    }
    AccountSettings telnyx = settings_of("telnyx");
    telnyx.answers_keywords_itself = true;
    CHECK_FALSE(make_gateway(telnyx, kPublicUrl)->answers_keyword("REVOKE"));  // Telnyx does not know it
}

TEST_CASE("vonage: an empty request tries our URL, and is nothing") {
    AccountSettings settings = settings_of("vonage");
    settings.api = "sms";
    const auto gateway = make_gateway(settings, kPublicUrl);
    const http::Request empty{"GET", "/webhooks/vonage/main/sms", {}, "", ""};
    CHECK_FALSE(gateway->verify(empty, kNow));
    const auto events = gateway->read(Endpoint::sms, empty);
    REQUIRE(events.has_value());
    CHECK(events->messages.empty());
    CHECK(gateway->verify({"GET", "/webhooks/vonage/main/sms?text=hi", {}, "", ""}, kNow));
}

TEST_CASE("vonage: a token of another account is refused") {
    AccountSettings settings = settings_of("vonage");
    const auto probe = as_received(make_gateway(settings, kPublicUrl)->build_probe(kNow));
    settings.account_id = "other";
    const auto refused = make_gateway(settings, kPublicUrl)->verify(probe, kNow);
    REQUIRE(refused);
    CHECK(refused->why == Refusal::wrong_account);
}

TEST_CASE("kinds: a picture is asked for where the operator allows, with credentials only at home") {
    struct Row {
        const char* why;
        const char* url;
        bool allowed, with_credentials, only_public;
    };
    static constexpr Row kRows[]{
        {"the gateway's API", "https://api.example.org/Media/1", true, true, true},
        {"its name in capitals, its port written out", "HTTPS://API.example.org:443/Media/1", true, true,
         true},
        {"a host beside", "https://cdn.example.org/1.jpg", true, false, true},
        {"this machine, as the operator wrote it", "http://127.0.0.1:9000/1.jpg", true, false, false},
        {"another port", "https://api.example.org:8443/1.jpg", false, false, false},
        {"without encryption", "http://api.example.org/1.jpg", false, false, false},
        {"a longer name", "https://api.example.org.evil.example/1.jpg", false, false, false},
        {"a name before the host", "https://api.example.org@evil.example/1.jpg", false, false, false},
        {"credentials in it", "https://a:b@api.example.org/1.jpg", false, false, false},
        {"a backslash", "https://evil.example\\@api.example.org/1.jpg", false, false, false},
        {"a blank", "https://api.example.org /1.jpg", false, false, false},
        {"a dot at the end is another name", "https://api.example.org./1.jpg", false, false, false},
        {"this machine by another name", "http://localhost:9000/1.jpg", false, false, false},
        {"no host", "file:///etc/passwd", false, false, false},
        {"nothing", "", false, false, false},
    };
    for (const char* kind : kKinds) {
        AccountSettings settings = settings_of(kind);
        settings.pictures_from = {"https://api.example.org", "https://cdn.example.org",
                                  "http://127.0.0.1:9000"};
        const auto gateway = make_gateway(settings, kPublicUrl);
        const std::string_view name = kind;
        const bool has_any = name != "generic" && name != "kannel";
        for (const Row& row : kRows) {
            CAPTURE(kind);
            CAPTURE(row.why);
            const auto request = gateway->build_media_fetch(row.url);
            REQUIRE(request.has_value() == row.allowed);
            if (!request) continue;
            CHECK(request->method == "GET");
            CHECK(request->only_public == row.only_public);
            CHECK((request->headers.empty() && request->basic_auth.empty()) !=
                  (has_any && row.with_credentials));
        }
        settings.pictures_from.clear();
        CHECK_FALSE(make_gateway(settings, kPublicUrl)->build_media_fetch("https://api.example.org/1"));
    }
}
