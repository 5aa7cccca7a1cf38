// Bodies of every gateway with what they say, and the requests that the vendors' own packages send.
#include <set>

#include "tests/gateways/kinds.hpp"

using namespace tests;

namespace {

using State = DeliveryReport::State;

json cases_of(const std::string& name) {
    return support::read_source_json("tests/gateways/vectors/" + name + ".json")["cases"];
}

std::unique_ptr<Gateway> gateway_for(const json& row) {
    AccountSettings settings = settings_of(row["gateway"]);
    const std::string name = row["name"];
    if (name.starts_with("vonage: sms api") || name.starts_with("vonage: dlr") ||
        name.starts_with("vonage: empty"))
        settings.api = "sms";
    return make_gateway(settings, kPublicUrl);
}

const char* carrier_word(bot::CarrierKeyword keyword) {
    switch (keyword) {
        case bot::CarrierKeyword::stop:
            return "stop";
        case bot::CarrierKeyword::start:
            return "start";
        case bot::CarrierKeyword::help:
            return "help";
        case bot::CarrierKeyword::none:
            break;
    }
    return nullptr;
}

void check_inbound(const Gateway& gateway, const http::Request& request, const json& expect) {
    const auto message = read_inbound(gateway, request);
    REQUIRE(message.has_value());
    CHECK(message->from == expect["from"]);
    CHECK(message->to == expect["to"]);
    CHECK(message->text == expect["text"]);
    CHECK(message->external_id == expect["id"]);
    std::vector<std::string> urls;
    for (const bot::Media& medium : message->media) urls.push_back(medium.url);
    CHECK(json(urls) == expect["media"]);
    const char* const word = carrier_word(message->carrier_keyword);
    CHECK((word == nullptr ? json() : json(word)) == expect["opt_out_type"]);
    CHECK(message->part.has_value() == expect.contains("part"));
    if (!message->part) return;
    CHECK(message->part->reference == expect["part"]["ref"]);
    CHECK(message->part->total == expect["part"]["total"]);
    CHECK(message->part->index == expect["part"]["index"]);
}

State state_of(const std::string& name) {
    if (name == "sent") return State::sent;
    if (name == "delivered") return State::delivered;
    return name == "failed" ? State::failed : State::ignored;
}

void check_status(const Gateway& gateway, const http::Request& request, const json& expect) {
    const auto report = read_status(gateway, request);
    REQUIRE(report.has_value());
    const bool kannel = gateway.kind() == "kannel";  // it has no id of its own
    CHECK((kannel ? report->message_id : report->external_id) == expect["id"]);
    CHECK(report->state == state_of(expect["status"]));
    if (report->state == State::failed)
        CHECK(report->error_code == (expect["error_code"].is_null() ? "" : expect["error_code"]));
    CHECK(report->opted_out == expect.value("opted_out", false));
    static const std::set<std::string> kFilters{"twilio 30007", "plivo 30", "vonage 6"};
    CHECK(report->filtered == kFilters.contains(std::string(gateway.kind()) + " " + report->error_code));
    if (expect.contains("client_ref")) CHECK(report->message_id == expect["client_ref"]);
}

}  // namespace

TEST_CASE("normalised: every body of every gateway says what it should") {
    std::size_t texts = 0, reports = 0, nothing = 0, none_of_ours = 0;
    for (const json& row : cases_of("inbound_normalised")) {
        CAPTURE(row["name"].get<std::string>());
        const auto gateway = gateway_for(row);
        const http::Request request = request_of(row["request"]);
        const json& expect = row["expect"];
        if (expect.value("ignore", false)) {
            const auto events = gateway->read(Endpoint::sms, request);
            REQUIRE(events.has_value());
            CHECK(events->messages.empty());
            CHECK(gateway->accepted().status < 300);
            ++nothing;
        } else if (row["kind"] == "status") {
            check_status(*gateway, request, expect);
            ++reports;
        } else if (!expect["from"].get<std::string>().starts_with('+')) {
            CHECK_FALSE(
                read_inbound(*gateway, request).has_value());  // WhatsApp, or a short code writes to us
            ++none_of_ours;
        } else {
            check_inbound(*gateway, request, expect);
            ++texts;
        }
    }
    CHECK(texts == 23);
    CHECK(reports == 54);
    CHECK(nothing == 2);
    CHECK(none_of_ours == 2);
}

namespace {

std::string header_of(const net::OutgoingRequest& request, const std::string& name) {
    for (const std::string& line : request.headers)
        if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
    return {};
}

/// Basic credentials travel apart until libcurl writes them.
std::string authorization_of(const net::OutgoingRequest& request) {
    if (request.basic_auth.empty()) return header_of(request, "Authorization");
    return "Basic " + request.basic_auth;
}

std::string plain_authorization(const std::string& header) {
    const std::string scheme = "Basic ";
    if (!header.starts_with(scheme)) return header;
    return scheme + net::decode_base64(header.substr(scheme.size()));
}

struct Outbound {
    const char* name;  ///< of the vector
    const char* kind;
    std::vector<std::pair<std::string AccountSettings::*, const char*>> settings;
    const char* text = "Hi é";
    /// What we say in another way than this vector's author, and why.
    std::set<std::string> ours = {};
};

}  // namespace

TEST_CASE("outbound: our requests are what the vendors' own packages send") {
    using S = AccountSettings;
    static const Outbound kRows[]{
        {"twilio: text with reserved characters and emoji",
         "twilio",
         {{&S::account_id, "AC0123456789abcdef0123456789abcdef"},
          {&S::token, "12345678901234567890123456789012"},
          {&S::api_base, "https://api.twilio.com"}},
         "Hi there, J’ai 1+1=2 & é 😀"},
        {"signalwire: sms",
         "signalwire",
         {{&S::account_id, "b08dacad-d7e6-4e4b-a8a3-0123456789ab"},
          {&S::token, "PTtoken"},
          {&S::api_base, "https://example.signalwire.com"}}},
        {"telnyx: mms",
         "telnyx",
         {{&S::token, "KEY0123"},
          {&S::api_base, "https://api.telnyx.com"},
          {&S::profile, "740572b6-099c-44a1-89b9-6c92163bc68d"}},
         "Hi é",
         {"webhook_url", "media_urls", "type", "subject"}},
        {"plivo: sms with status url",
         "plivo",
         {{&S::account_id, "MAXXXXXXXXXXXXXXXXXX"},
          {&S::token, "NzI2ZWU4"},
          {&S::api_base, "https://api.plivo.com"}},
         "Hi é",
         {"url"}},
        {"vonage: sms api",
         "vonage",
         {{&S::api, "sms"}, {&S::token, "s3cr3t"}, {&S::api_base, "https://rest.nexmo.com"}},
         "Hi é 😀",
         {"callback"}},
        {"vonage: messages api, sms channel",
         "vonage",
         {{&S::token, "s3cr3t"}, {&S::api_base, "https://api.nexmo.com"}}},
        {"messagebird: sms",
         "messagebird",
         {{&S::token, "test_key"}, {&S::api_base, "https://rest.messagebird.com"}},
         "Hi é",
         {"reportUrl"}},
        {"sinch: batch text",
         "sinch",
         {{&S::account_id, "plan123"}, {&S::token, "tok"}, {&S::api_base, "https://us.sms.api.sinch.com"}},
         "Hi é",
         {"callback_url"}},
        {"bandwidth: sms",
         "bandwidth",
         {{&S::account_id, "5500001"},
          {&S::token, "pass"},
          {&S::profile, "93de2206-9669-4e07-948d-329f4b722ee2"},
          {&S::api_base, "https://messaging.bandwidth.com"}}},
    };
    const json vectors = cases_of("outbound_requests");
    for (const Outbound& row : kRows) {
        CAPTURE(row.name);
        AccountSettings settings = settings_of(row.kind);
        for (const auto& [member, value] : row.settings) settings.*member = value;
        const auto sent = make_gateway(settings, kPublicUrl)
                              ->build_send({"m-7", "+15105550100", "+15105550123", row.text, 300s}, kNow);
        const auto vector = std::find_if(vectors.begin(), vectors.end(),
                                         [&](const json& one) { return one["name"] == row.name; });
        REQUIRE(vector != vectors.end());
        const json& wanted = (*vector)["request"];
        CHECK(sent.method == wanted["method"]);
        CHECK(sent.url == wanted["url"]);
        CHECK(authorization_of(sent) == plain_authorization(wanted["headers"]["authorization"]));
        CHECK(header_of(sent, "Content-Type") == wanted["headers"]["content-type"]);
        if (vector->contains("json")) {
            const json ours = json::parse(sent.body);
            const json& theirs = (*vector)["json"];
            for (auto member = theirs.begin(); member != theirs.end(); ++member) {
                const std::string name = member.key();
                CAPTURE(name);
                if (row.ours.contains(name)) continue;
                REQUIRE(ours.contains(name));
                CHECK(ours[name] == member.value());
            }
        } else {
            const auto ours = http::parse_form(sent.body);
            for (const json& field : (*vector)["form"]) {
                CAPTURE(field.dump());
                CHECK(http::field(*ours, field[0].get<std::string>()) == field[1].get<std::string>());
            }
        }
    }
}
