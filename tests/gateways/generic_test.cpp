#include "webhooks/gateways/generic.hpp"

#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

std::unique_ptr<Gateway> gateway() { return make_gateway(generic_settings(), kPublicUrl); }

http::Request post(std::string body) {
    return {"POST", "/webhooks/generic/modem/sms", {}, std::move(body), ""};
}

json usual() { return {{"id", "m-1"}, {"from", "+15550100"}, {"to", "+15550199"}, {"text", "hello"}}; }

/// The usual message with one member replaced by a JSON text; "" takes it away.
http::Request with(const char* name, const char* value) {
    json message = usual();
    if (*value == '\0') {
        message.erase(name);
    } else {
        message[name] = json::parse(value);
    }
    return post(message.dump());
}

}  // namespace

TEST_CASE("generic: a text with everything") {
    json message = usual();
    message["text"] = "J’ai rechuté 😞";
    message["media"] = {{{"url", "https://a/0"}, {"type", "image/png"}}, {{"url", "http://a/1"}}};
    message["received_at"] = "2026-11-24T06:00:00Z";
    const auto read = read_inbound(*gateway(), post(message.dump()));
    REQUIRE(read.has_value());
    CHECK(read->external_id == "m-1");
    CHECK(read->from == "+15550100");
    CHECK(read->to == "+15550199");
    CHECK(read->text == "J’ai rechuté 😞");
    REQUIRE(read->media.size() == 2);
    CHECK(read->media[0].url == "https://a/0");
    CHECK(read->media[0].content_type == "image/png");
    CHECK(read->media[1].url == "http://a/1");
    CHECK(read->carrier_keyword == bot::CarrierKeyword::none);
}

TEST_CASE("generic: what is missing or odd is named by its JSON pointer") {
    struct Row {
        const char* why;
        const char* name;
        const char* value;
        const char* pointer;
    };
    static constexpr Row kRows[]{
        {"no id", "id", "", "/id"},
        {"null id", "id", "null", "/id"},
        {"empty id", "id", R"("")", "/id"},
        {"id is a number", "id", "1", "/id"},
        {"id with a blank", "id", R"("a b")", "/id"},
        {"id not ASCII", "id", R"("é")", "/id"},
        {"no sender", "from", "", "/from"},
        {"sender is a list", "from", R"(["+15550100"])", "/from"},
        {"sender not E.164", "from", R"("555-0100")", "/from"},
        {"no recipient", "to", "", "/to"},
        {"recipient is words", "to", R"("RIVERSIDE")", "/to"},
        {"neither text nor media", "text", "", "/text"},
        {"text is a number", "text", "7", "/text"},
        {"media is an object", "media", "{}", "/media"},
        {"medium is a text", "media", R"([{"url":"https://a"}, "https://a"])", "/media/1"},
        {"medium without url", "media", R"([{"type":"image/png"}])", "/media/0/url"},
        {"url of another kind", "media", R"([{"url":"https://a"},{"url":"file:///etc/passwd"}])",
         "/media/1/url"},
        {"type is a number", "media", R"([{"url":"https://a","type":7}])", "/media/0/type"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto read = read_inbound(*gateway(), with(row.name, row.value));
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().why == Refusal::malformed_body);
        CHECK(read.error().field == row.pointer);
        CHECK_FALSE(read.error().detail.empty());
    }
}

TEST_CASE("generic: what may be odd does not lose a text") {
    CHECK(read_inbound(*gateway(), with("text", R"("")")).has_value());
    CHECK(read_inbound(*gateway(), with("to", R"("72345")")).has_value());
    CHECK(read_inbound(*gateway(), with("media", "null")).has_value());
    CHECK(read_inbound(*gateway(), with("media", "[]")).has_value());
    CHECK(read_inbound(*gateway(), with("unknown", R"({"a":[1]})")).has_value());
    json picture = usual();
    picture.erase("text");
    picture["media"] = {{{"url", "https://a/0"}}};
    const auto read = read_inbound(*gateway(), post(picture.dump()));
    REQUIRE(read.has_value());
    CHECK(read->text.empty());
}

TEST_CASE("generic: a text to a number that is not configured is refused though its signature fits") {
    const auto message = read_inbound(*gateway(), with("to", R"("+15550150")"));
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().why == Refusal::wrong_number);
    CHECK(message.error().field == "/to");
}

TEST_CASE("generic: a body that is no JSON object") {
    for (const char* body :
         {"", "[]", "{", "\"x\"", "{\"id\":\"1\",\"id\":\"2\"}", "{\"text\":\"\xff\"}", "id=1"}) {
        CAPTURE(body);
        const auto read = read_inbound(*gateway(), post(body));
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().why == Refusal::malformed_body);
        CHECK_FALSE(read_status(*gateway(), post(body)).has_value());
    }
}

TEST_CASE("generic: delivery reports") {
    using State = DeliveryReport::State;
    struct Row {
        const char* body;
        State state;
        const char* message_id;
        const char* external_id;
        const char* code;
        bool opted_out;
    };
    static constexpr Row kRows[]{
        {R"({"id":"42","status":"sent"})", State::sent, "42", "", "", false},
        {R"({"id":"42","external_id":"x-1","status":"delivered"})", State::delivered, "42", "x-1", "", false},
        {R"({"external_id":"x-1","status":"failed","error_code":"E7"})", State::failed, "", "x-1", "E7",
         false},
        {R"({"id":"42","status":"failed","opted_out":true})", State::failed, "42", "", "", true},
        {R"({"id":"42","status":"blocked","opted_out":true})", State::failed, "42", "", "", true},
        {R"({"id":"42","status":"queued"})", State::ignored, "42", "", "", false},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.body);
        const auto report = read_status(*gateway(), post(row.body));
        REQUIRE(report.has_value());
        CHECK(report->state == row.state);
        CHECK(report->message_id == row.message_id);
        CHECK(report->external_id == row.external_id);
        CHECK(report->error_code == row.code);
        CHECK(report->opted_out == row.opted_out);
    }
    static constexpr std::pair<const char*, const char*> kWrong[]{
        {R"({"status":"sent"})", "/id"},
        {R"({"id":42,"status":"sent"})", "/id"},
        {R"({"id":"42"})", "/status"},
        {R"({"id":"42","status":1})", "/status"},
        {R"({"id":"42","status":"failed","error_code":30007})", "/error_code"},
        {R"({"id":"42","status":"failed","error_code":"a b"})", "/error_code"},
        {R"({"id":"42","status":"failed","opted_out":"yes"})", "/opted_out"},
    };
    for (const auto& [wrong, pointer] : kWrong) {
        const std::string body = wrong;
        CAPTURE(body);
        const auto report = read_status(*gateway(), post(body));
        REQUIRE_FALSE(report.has_value());
        CHECK(report.error().field == pointer);
    }
}

TEST_CASE("generic: the request that sends carries our id as webhook-id and a signature that verifies") {
    const net::OutgoingRequest request =
        gateway()->build_send({"42", "+15550199", "+15550100", "J’ai \"1\"\n😀", 300s}, kNow);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://127.0.0.1:9/send");
    CHECK(json::parse(request.body) ==
          json{{"id", "42"}, {"from", "+15550199"}, {"to", "+15550100"}, {"text", "J’ai \"1\"\n😀"}});
    http::Request as_received = post(request.body);
    for (const std::string& line : request.headers) {
        const std::size_t colon = line.find(": ");
        as_received.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    CHECK(as_received.header("webhook-id") == "42");
    CHECK(as_received.header("content-type") == "application/json");
    CHECK(!gateway()->verify(as_received, kNow));
    CHECK(gateway()->verify(as_received, kNow + 301s));
}

TEST_CASE("generic: what the reply to a send means") {
    struct Row {
        const char* why;
        long status;
        const char* body;
        const char* want;
    };
    static constexpr Row kRows[]{
        {"taken, nothing said", 204, "", "sent "},
        {"taken, with an id", 200, R"({"id":"x-1"})", "sent x-1"},
        {"taken, an id that is none", 200, R"({"id":"a b"})", "sent "},
        {"taken, other words", 202, "ok", "sent "},
        {"busy", 429, "", "again http_429 after 7"},
        {"down", 502, "<html>", "again http_502 after 7"},
        {"down, says why", 503, R"({"error_code":"no_modem"})", "again no_modem after 7"},
        {"blocked", 409, R"({"opted_out":true,"error_code":"blocked"})", "opted out blocked"},
        {"refused", 400, R"({"error_code":"bad_number"})", "rejected bad_number"},
        {"refused, not blocked", 400, R"({"opted_out":"true"})", "rejected http_400"},
        {"another place", 307, "", "rejected http_307"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const net::IncomingReply reply{row.status, row.body, {{"retry-after", "7"}}};
        CHECK(describe(gateway()->read_send_reply(reply)) == row.want);
    }
}

TEST_CASE("registry: every kind of the configuration, and no other") {
    CHECK(gateway()->kind() == "generic");
    CHECK(gateway()->account() == "modem");
    CHECK(make_gateway(twilio_settings(), kPublicUrl)->kind() == "twilio");
    AccountSettings unknown = twilio_settings();
    unknown.kind = "pigeon";
    CHECK_THROWS_AS((void)make_gateway(unknown, kPublicUrl), std::invalid_argument);
}
