// A text whose answer was lost, looked for at gateways whose lists say less than Twilio's.
#include <date/date.h>

#include "tests/gateways/kinds.hpp"

using namespace tests;
using namespace std::chrono_literals;

namespace {

const OutboundMessage kLost{"42", "+15550117", "+15550142", "Thank you for telling me.", 600s};
const bot::TimePoint kSince = kNow - 10min;

std::string at(bot::TimePoint time) {
    return R"(")" + date::format("%FT%T", std::chrono::floor<std::chrono::milliseconds>(time)) + R"(Z")";
}

}  // namespace

TEST_CASE(
    "lookup: Bandwidth lists neither words nor tag; numbers and time tell, and nothing found says nothing") {
    AccountSettings settings = settings_of("bandwidth");
    settings.account_id = "5500001";
    const auto gateway = make_gateway(settings, kPublicUrl);
    const auto question = gateway->build_lookup(kLost, kSince);
    REQUIRE(question);
    CHECK(question->method == "GET");
    CHECK(
        question->url ==
        "https://api.example.org/api/v2/users/5500001/messages?sourceTn=%2B15550117&destinationTn=%2B15550142"
        "&messageDirection=OUTBOUND&fromDateTime=2026-11-24T05%3A50%3A01Z&limit=100");
    CHECK(question->basic_auth == "user:" + settings.token);

    const auto item = [](const char* id, const char* from, const char* to, bot::TimePoint time) {
        return std::string(R"({"messageId":")") + id + R"(","sourceTn":")" + from + R"(","destinationTn":")" +
               to + R"(","receiveTime":)" + at(time) + "}";
    };
    const auto reply = [](const std::string& items) {
        return net::IncomingReply{200, R"({"totalCount":9,"messages":[)" + items + "]}", {}};
    };
    const std::string others = item("old", "+15550117", "+15550142", kSince - 1s) + "," +
                               item("number", "+15550118", "+15550142", kNow) + "," +
                               item("texter", "+15550117", "+15550143", kNow);
    CHECK_FALSE(gateway->read_lookup(reply(others), kLost, kSince));
    const auto found = gateway->read_lookup(
        reply(others + "," + item("m-1", "+15550117", "+15550142", kSince + 1s)), kLost, kSince);
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{"m-1"});
    for (const char* body : {"", "<html>", "[]", "{}", R"({"messages":{}})", R"({"messages":[1,null,{}]})"}) {
        CAPTURE(std::string(body));
        CHECK_FALSE(gateway->read_lookup({200, body, {}}, kLost, kSince));
    }
    CHECK_FALSE(gateway->read_lookup({429, reply(item("m-1", "+15550117", "+15550142", kNow)).body, {}},
                                     kLost, kSince));
}

TEST_CASE("lookup: Vonage's records carry our client_ref, whichever of its APIs has sent the text") {
    for (const char* api : {"messages", "sms"}) {
        CAPTURE(std::string(api));
        AccountSettings settings = settings_of("vonage");
        settings.api = api;
        const bool sms = settings.api == "sms";
        settings.api_base = sms ? "https://rest.nexmo.com" : "https://api.nexmo.com";
        const auto gateway = make_gateway(settings, kPublicUrl);
        const auto question = gateway->build_lookup(kLost, kSince);
        REQUIRE(question);
        CHECK(question->url ==
              std::string("https://api.nexmo.com/v2/reports/records?account_id=a1b2c3d&product=") +
                  (sms ? "SMS" : "MESSAGES") +
                  "&direction=outbound&from=15550117&to=15550142&date_start=2026-11-24T05%3A50%3A01Z"
                  "&date_end=2026-11-25T05%3A50%3A01Z");
        CHECK(question->basic_auth == "a1b2c3d:" + settings.token);
        const std::string another = R"({"message_id":"m-0","client_ref":"41"})";
        const std::string ours = R"({"message_id":"m-1","client_ref":"42"})";
        const auto found =
            gateway->read_lookup({200, R"({"records":[)" + another + "," + ours + "]}", {}}, kLost, kSince);
        REQUIRE(found);
        CHECK(*found == std::vector<std::string>{"m-1"});
        CHECK_FALSE(gateway->read_lookup({200, R"({"records":[)" + another + "]}", {}}, kLost, kSince));
        CHECK_FALSE(gateway->read_lookup({403, R"({"records":[)" + ours + "]}", {}}, kLost, kSince));
        for (const char* body : {"", "[]", R"({"records":1})", R"({"records":[1,{"client_ref":"42"}]})"}) {
            CAPTURE(std::string(body));
            CHECK_FALSE(gateway->read_lookup({200, body, {}}, kLost, kSince));
        }
    }
}
