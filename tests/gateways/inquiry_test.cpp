// What the doctor asks each gateway: are the credentials known, and are texts sent to our webhook?
#include "tests/gateways/kinds.hpp"

using namespace tests;

namespace {

std::string said(const char* kind, const char* profile, const char* api, long status,
                 const std::string& body) {
    AccountSettings settings = settings_of(kind);
    settings.profile = profile;
    settings.api = api;
    return make_gateway(settings, kPublicUrl)->read_inquiry({status, body, {}}).value_or("fine");
}

std::string ours(const char* kind) { return std::string(kPublicUrl) + "/webhooks/" + kind + "/main/sms"; }

std::string telnyx(const std::string& url, const char* version = "2") {
    return R"({"id":"p1","webhook_url":")" + url + R"(","webhook_api_version":")" + version + R"("})";
}
std::string vonage(const std::string& url) {
    return R"({"capabilities":{"messages":{"webhooks":{"inbound_url":{"address":")" + url + R"("}}}}})";
}

}  // namespace

TEST_CASE("inquiry: every gateway with an API is asked with our credentials, and knows them or does not") {
    for (const char* kind : kKinds) {
        const std::string_view name = kind;
        if (name == "generic") continue;  // there is nothing to ask but whether somebody is there
        CAPTURE(kind);
        for (const char* api : {"messages", "sms"}) {
            AccountSettings settings = settings_of(kind);
            settings.api = api;
            const auto gateway = make_gateway(settings, kPublicUrl);
            const auto inquiries = gateway->build_inquiries();
            REQUIRE_FALSE(inquiries.empty());
            for (const net::OutgoingRequest& inquiry : inquiries) {
                CHECK(inquiry.method == "GET");
                CHECK(inquiry.body.empty());
                std::string proof = inquiry.basic_auth + inquiry.url;
                for (const std::string& line : inquiry.headers) proof += line;
                CHECK(proof.find(settings.token) != std::string::npos);
            }
            CHECK(gateway->read_inquiry({401, "", {}}));
            CHECK(gateway->read_inquiry({503, "", {}}));
        }
    }
}

TEST_CASE("inquiry: whether a text to us leads to us, where the gateway tells") {
    const std::string other = "https://old.example.org/sms";
    struct Row {
        const char* why;
        const char* kind;
        const char* profile;
        const char* api;
        std::string body;
        bool fine;
    };
    const Row rows[]{
        {"the profile that was named", "telnyx", "p1", "", R"({"data":)" + telnyx(ours("telnyx")) + "}",
         true},
        {"it calls another server", "telnyx", "p1", "", R"({"data":)" + telnyx(other) + "}", false},
        {"in the dialect of yesterday", "telnyx", "p1", "", R"({"data":)" + telnyx(ours("telnyx"), "1") + "}",
         false},
        {"one of several profiles", "telnyx", "", "",
         R"({"data":[)" + telnyx(other) + "," + telnyx(ours("telnyx")) + R"(],"meta":{"total_results":2}})",
         true},
        {"none of them", "telnyx", "", "",
         R"({"data":[)" + telnyx(other) + R"(],"meta":{"total_results":1}})", false},
        {"perhaps one of those that were not told", "telnyx", "", "",
         R"({"data":[)" + telnyx(other) + R"(],"meta":{"total_results":300}})", true},
        {"no profile at all", "telnyx", "", "", R"({"data":[]})", false},
        {"Plivo's application", "plivo", "", "",
         R"({"meta":{"total_count":1},"objects":[{"message_url":")" + ours("plivo") + R"("}]})", true},
        {"Plivo's application of another server", "plivo", "", "",
         R"({"meta":{"total_count":1},"objects":[{"message_url":")" + other + R"("}]})", false},
        {"Vonage's application", "vonage", "", "messages",
         R"({"total_items":2,"_embedded":{"applications":[{},)" + vonage(ours("vonage")) + "]}}", true},
        {"Vonage's application of another server", "vonage", "", "messages",
         R"({"total_items":1,"_embedded":{"applications":[)" + vonage(other) + "]}}", false},
        {"Vonage's older API does not tell", "vonage", "", "sms", R"({"value":1})", true},
        {"no answer of Telnyx", "telnyx", "", "", "<html>", false},
        {"no answer of Plivo", "plivo", "", "", "{}", false},
        {"no answer of Vonage", "vonage", "", "messages", "[]", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const std::string answer = said(row.kind, row.profile, row.api, 200, row.body);
        CAPTURE(answer);
        CHECK((answer == "fine") == row.fine);
    }
    CHECK(said("telnyx", "p9", "", 404, "") == "there is no messaging profile p9");
    CHECK(said("telnyx", "p1", "", 200, R"({"data":)" + telnyx(other) + "}").find(ours("telnyx")) !=
          std::string::npos);
}
