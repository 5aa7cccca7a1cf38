// The records that gateways keep of what was texted to us, beside Twilio's (twilio_list_test.cpp).
#include <date/date.h>

#include "tests/gateways/kinds.hpp"
#include "webhooks/net/parse_time.hpp"

using namespace tests;
using namespace std::chrono_literals;

namespace {

const bot::TimePoint kSince = kNow - 1h;
const bot::TimePoint kUntil = kNow - 1min;

/// A time `ago` as this gateway writes it.
std::string at(std::chrono::minutes ago, const char* zone) {
    return date::format("%FT%T", std::chrono::floor<std::chrono::milliseconds>(kNow - ago)) + zone;
}

struct Kind {
    const char* name;
    const char* question;  ///< below the API
    const char* second;    ///< the same for the second page; null: there is none
    const char* list;      ///< the member with the list
    std::size_t page;      ///< how many entries fill one; 0: one holds all
    const char* zone;
    std::string (*item)(const char* id, const char* text, const std::string& time, const char* to);
};

std::string sinch(const char* id, const char* text, const std::string& time, const char* to) {
    return std::string(R"({"type":"mo_text","id":")") + id + R"(","from":"+15550142","to":")" + to +
           R"(","body":")" + text + R"(","received_at":")" + time + R"("})";
}
std::string infobip(const char* id, const char* text, const std::string& time, const char* to) {
    return std::string(R"({"messageId":")") + id + R"(","from":"+15550142","to":")" + to + R"(","text":")" +
           text + R"(","cleanText":"","receivedAt":")" + time + R"("})";
}
std::string messagebird(const char* id, const char* text, const std::string& time, const char* to) {
    return std::string(R"({"id":")") + id + R"(","direction":"mo","originator":"+15550142","body":")" + text +
           R"(","createdDatetime":")" + time + R"(","recipients":{"items":[{"recipient":)" + to + "}]}}";
}

constexpr const char* kOurs = "+15550117";
constexpr const char* kOursBare = "15550117";
const Kind kListing[]{
    {"sinch", "/xms/v1/AC1/inbounds?to=%2B15550117&start_date=2026-11-24T05%3A00%3A01Z&page=0&page_size=100",
     "/xms/v1/AC1/inbounds?to=%2B15550117&start_date=2026-11-24T05%3A00%3A01Z&page=1&page_size=100",
     "inbounds", 100, "Z", &sinch},
    {"infobip", "/sms/1/inbox/logs?to=15550117&receivedSince=2026-11-24T05%3A00%3A01Z&limit=1000", nullptr,
     "results", 0, "+0000", &infobip},
    {"messagebird",
     "/messages?direction=mo&recipient=15550117&from=2026-11-24T05%3A00%3A01Z&limit=100&offset=0",
     "/messages?direction=mo&recipient=15550117&from=2026-11-24T05%3A00%3A01Z&limit=100&offset=100", "items",
     100, "+00:00", &messagebird},
};

std::unique_ptr<Gateway> gateway_of(const Kind& kind) {
    AccountSettings settings = settings_of(kind.name);
    settings.numbers = {kOurs};
    return make_gateway(settings, kPublicUrl);
}

net::IncomingReply reply_of(const Kind& kind, const std::string& items) {
    return {200, std::string("{\"") + kind.list + "\":[" + items + "]}", {}};
}

}  // namespace

TEST_CASE("inbound list: what was texted to a number of ours is asked for, page by page, with credentials") {
    for (const Kind& kind : kListing) {
        CAPTURE(std::string(kind.name));
        const auto gateway = gateway_of(kind);
        const auto first = gateway->build_inbound_list(kOurs, kSince, 0);
        REQUIRE(first);
        CHECK(first->method == "GET");
        CHECK(first->url == std::string("https://api.example.org") + kind.question);
        CHECK(first->headers.size() == 2);
        CHECK(first->most_body >= 1024 * 1024);
        const auto second = gateway->build_inbound_list(kOurs, kSince, 1);
        REQUIRE(second.has_value() == (kind.second != nullptr));
        if (second) CHECK(second->url == std::string("https://api.example.org") + kind.second);
    }
}

TEST_CASE("inbound list: texts of that time to that number, oldest first, as they came by webhook") {
    for (const Kind& kind : kListing) {
        CAPTURE(std::string(kind.name));
        const auto gateway = gateway_of(kind);
        const auto item = [&](const char* id, const char* text, std::chrono::minutes ago,
                              const char* to = kOursBare) {
            return kind.item(id, text, at(ago, kind.zone), to);
        };
        const auto read = gateway->read_inbound_list(
            reply_of(kind, item("m-6", "on its way", 0min) + "," + item("m-5", "i want to die", 2min) + "," +
                               item("m-4", "to nobody", 3min, "15550118") + "," +
                               item("m-3", "hello?", 20min) + ",7,null,{}," +
                               kind.item("m-2", "when?", "noon", kOursBare) + "," +
                               item("m-1", "long ago", 61min)),
            kSince, kUntil);
        REQUIRE(read);
        CHECK_FALSE(read->more);
        const auto& texts = read->messages;
        REQUIRE(texts.size() == 3);
        CHECK_MESSAGE(texts[0].external_id == "m-2", "a time that cannot be read: it stood before m-3");
        CHECK(texts[1].external_id == "m-3");
        CHECK(texts[1].text == "hello?");
        CHECK(texts[1].from == "+15550142");
        CHECK(texts[1].to == kOurs);
        CHECK(texts[2].external_id == "m-5");
        CHECK(texts[2].text == "i want to die");
    }
}

TEST_CASE("inbound list: when a gateway writes its times in another way, its texts are taken all the same") {
    for (const Kind& kind : kListing) {
        CAPTURE(std::string(kind.name));
        const auto read = gateway_of(kind)->read_inbound_list(
            reply_of(kind, kind.item("m-3", "i want to die", "24.11.2026 06:00", kOursBare) + "," +
                               kind.item("m-2", "hello?", "", kOursBare) + "," +
                               kind.item("m-1", "hi", "24.11.2026 05:10", kOursBare)),
            kSince, kUntil);
        REQUIRE(read);
        REQUIRE(read->messages.size() == 3);
        CHECK(read->messages[0].external_id == "m-1");
        CHECK(read->messages[1].external_id == "m-2");
        CHECK(read->messages[2].external_id == "m-3");
    }
}

TEST_CASE("inbound list: a full page says that there may be more") {
    for (const Kind& kind : kListing) {
        CAPTURE(std::string(kind.name));
        const auto gateway = gateway_of(kind);
        std::string items;
        for (std::size_t i = 0; i < kind.page; ++i) items += (i > 0 ? "," : "") + std::string("{}");
        const auto full = gateway->read_inbound_list(reply_of(kind, items), kSince, kUntil);
        REQUIRE(full);
        CHECK(full->more == (kind.page > 0));
    }
}

TEST_CASE("inbound list: a reply that is no list says nothing") {
    for (const Kind& kind : kListing) {
        CAPTURE(std::string(kind.name));
        const auto gateway = gateway_of(kind);
        for (const char* body : {"", "<html>", "[]", "{}", R"({"results":{},"items":7,"inbounds":"x"})"}) {
            CAPTURE(std::string(body));
            CHECK_FALSE(gateway->read_inbound_list({200, body, {}}, kSince, kUntil));
        }
        auto refused = reply_of(kind, "");
        refused.status = 401;
        CHECK_FALSE(gateway->read_inbound_list(refused, kSince, kUntil));
    }
}

TEST_CASE("inbound list: Sinch's reports and MessageBird's own sends are no texts to us") {
    const auto sinch_reply = reply_of(
        kListing[0], R"({"type":"mo_binary","id":"b","from":"+15550142","to":"15550117","received_at":")" +
                         at(5min, "Z") + R"("})");
    const auto read = gateway_of(kListing[0])->read_inbound_list(sinch_reply, kSince, kUntil);
    REQUIRE(read);
    CHECK(read->messages.empty());
    auto sent = messagebird("m", "ours", at(5min, "Z"), kOursBare);
    sent.replace(sent.find("\"mo\""), 4, "\"mt\"");
    const auto own = gateway_of(kListing[2])->read_inbound_list(reply_of(kListing[2], sent), kSince, kUntil);
    REQUIRE(own);
    CHECK(own->messages.empty());
}

TEST_CASE("inbound list: gateways without one are not asked") {
    for (const char* name : {"bandwidth", "generic", "kannel", "plivo", "telnyx", "vonage"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(make_gateway(settings_of(name), kPublicUrl)->build_inbound_list(kOurs, kSince, 0));
    }
}
