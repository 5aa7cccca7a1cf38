// The account's own list of messages: what became of a text whose answer was lost, and what never reached us.
#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

constexpr const char* kList = R"({"messages":[
 {"sid":"SM5","from":"+15550100","to":"+15550199","body":"hi","direction":"inbound","date_created":"Tue, 24 Nov 2026 05:59:50 +0000"},
 {"sid":"SM4","from":"+15550199","to":"+15550100","body":"hi","direction":"outbound-api","date_created":"Tue, 24 Nov 2026 05:59:30 +0000"},
 {"sid":"SM3","from":"+15550199","to":"+15550100","body":"hi there","direction":"outbound-api","date_created":"Tue, 24 Nov 2026 05:59:20 +0000"},
 {"sid":"SM2","from":"+15550100","to":"+15550199","body":"help","direction":"inbound","date_created":"Tue, 24 Nov 2026 05:50:00 +0000"},
 {"sid":"SM9","from":"+15550100","to":"+15550150","body":"to nobody","direction":"inbound","date_created":"Tue, 24 Nov 2026 05:50:00 +0000"},
 {"sid":"SM8","from":"+15550100","to":"+15550199","body":"when?","direction":"inbound","date_created":"yesterday, about noon"},
 {"sid":"SM7","from":"+15550199","to":"+15550100","body":"hi","direction":"outbound-api","date_created":"yesterday, about noon"},
 {"sid":"SM1","from":"+15550100","to":"+15550199","body":"first","direction":"inbound","date_created":"Tue, 24 Nov 2026 05:40:00 +0000"},
 {"sid":"SM0","from":"+15550199","to":"+15550100","body":"hi","direction":"outbound-api","date_created":"Tue, 24 Nov 2026 03:00:00 +0000"}]})";

std::unique_ptr<Gateway> gateway() { return make_gateway(twilio_settings(), kPublicUrl); }

}  // namespace

TEST_CASE(
    "twilio list: a text whose answer was lost is looked for between the two numbers, by its words and its "
    "time") {
    const OutboundMessage message{"42", "+15550199", "+15550100", "hi", 300s};
    const auto question = gateway()->build_lookup(message, kNow - 10min);
    REQUIRE(question);
    CHECK(question->method == "GET");
    CHECK(question->url ==
          std::string("https://api.twilio.com/2010-04-01/Accounts/") + kAccountSid +
              "/Messages.json?To=%2B15550100&DateSent%3E=2026-11-24&PageSize=1000&From=%2B15550199");
    CHECK(question->basic_auth == std::string(kAccountSid) + ":" + kToken);
    const auto found = gateway()->read_lookup({200, kList, {}}, message, kNow - 10min);
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{"SM4"});
    const auto none = gateway()->read_lookup({200, R"({"messages":[]})", {}}, message, kNow - 10min);
    REQUIRE(none);
    CHECK(none->empty());
}

TEST_CASE("twilio list: a reply that is no list says nothing") {
    const OutboundMessage message{"42", "+15550199", "+15550100", "hi", 300s};
    for (const auto& [status, body] : {std::pair<long, const char*>{503, kList},
                                       {200, "<html>"},
                                       {200, R"({"messages":7})"},
                                       {200, "[]"}}) {
        const std::string shown = body;
        CAPTURE(shown);
        CHECK_FALSE(gateway()->read_lookup({status, body, {}}, message, kNow - 10min));
        CHECK_FALSE(gateway()->read_inbound_list({status, body, {}}, kNow - 1h, kNow));
    }
}

TEST_CASE("twilio list: what was written to us, oldest first, and nothing that may still be on its way") {
    const auto question = gateway()->build_inbound_list("+15550199", kNow - 1h, 0);
    REQUIRE(question);
    CHECK(question->url.ends_with("/Messages.json?To=%2B15550199&DateSent%3E=2026-11-24&PageSize=1000"));
    CHECK_MESSAGE(question->most_body >= 1024 * 1024, "a thousand texts are more than a usual reply");
    const auto messages = gateway()->read_inbound_list({200, kList, {}}, kNow - 1h, kNow - 1min);
    REQUIRE(messages);
    const auto& texts = messages->messages;
    REQUIRE(texts.size() == 3);
    CHECK(texts.at(0).external_id == "SM1");
    CHECK(texts.at(0).text == "first");
    CHECK_MESSAGE(texts.at(1).external_id == "SM8", "a time that cannot be read does not lose a text");
    CHECK(texts.at(2).external_id == "SM2");
    CHECK(texts.at(2).from == "+15550100");
    CHECK(texts.at(2).to == "+15550199");
}

TEST_CASE("twilio list: other gateways cannot be asked") {
    const auto generic = make_gateway(generic_settings(), kPublicUrl);
    CHECK_FALSE(generic->build_lookup({"42", "+15550199", "+15550100", "hi", 300s}, kNow));
    CHECK_FALSE(generic->build_inbound_list("+15550199", kNow, 0));
}
