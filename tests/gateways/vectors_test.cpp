// Every case of the vendors' own packages (tests/gateways/vectors, and how they were made: their `source`)
// against the adapter itself, both ways: what must verify, and what must not.
#include "tests/gateways/kinds.hpp"

using namespace tests;

namespace {

struct File {
    const char* name;
    const char* kind;
    std::size_t valid, invalid;
};

/// How a case's secrets reach the account.
AccountSettings settings_for(const File& file, const json& row) {
    AccountSettings settings = settings_of(file.kind);
    const std::string kind = file.kind;
    if (row.contains("public_key")) settings.secret = row["public_key"];
    if (row.contains("secrets")) {
        settings.webhook_user = row["secrets"]["user"];
        settings.secret = row["secrets"]["password"];
    }
    if (row.contains("secret")) (kind == "plivo" ? settings.token : settings.secret) = row["secret"];
    if (row.contains("algorithm")) {
        settings.api = "sms";
        settings.signature_method = row["algorithm"];
    }
    return settings;
}

bot::TimePoint now_of(const json& row) {
    return row.contains("now") ? bot::from_millis(row["now"].get<std::int64_t>() * 1'000) : kNow;
}

json vectors_of(const std::string& name) {
    return support::read_source_json("tests/gateways/vectors/" + name + ".json")["cases"];
}

}  // namespace

TEST_CASE("vectors: signatures of every gateway, both ways") {
    static constexpr File kFiles[]{
        {"signalwire_signature", "signalwire", 7, 8},
        {"telnyx_signature", "telnyx", 14, 23},
        {"vonage_jwt", "vonage", 11, 23},
        {"vonage_sms_sig", "vonage", 16, 16},
        {"plivo_signature", "plivo", 18, 19},
        {"plivo_signature_v2", "plivo", 6, 10},
        {"messagebird_signature_jwt", "messagebird", 12, 18},
        {"sinch_webhook_signature", "sinch", 9, 12},
    };
    for (const File& file : kFiles) {
        CAPTURE(file.name);
        std::size_t valid = 0, invalid = 0;
        for (const json& row : vectors_of(file.name)) {
            CAPTURE(row["name"].get<std::string>());
            const auto gateway =
                make_gateway(settings_for(file, row), base_of(row["request"]["url"].get<std::string>()));
            const auto refused = gateway->verify(request_of(row["request"]), now_of(row));
            CHECK(!refused == row["expect"]["valid"].get<bool>());
            ++(refused ? invalid : valid);
        }
        CHECK(valid == file.valid);
        CHECK(invalid == file.invalid);
    }
}

TEST_CASE("vectors: a secret being rotated out still opens, a third never does") {
    static constexpr File kFiles[]{
        {"signalwire_signature", "signalwire", 7, 0},
        {"telnyx_signature", "telnyx", 14, 0},
        {"vonage_jwt", "vonage", 11, 0},
        {"vonage_sms_sig", "vonage", 16, 0},
        {"plivo_signature", "plivo", 18, 0},
        {"messagebird_signature_jwt", "messagebird", 12, 0},
        {"sinch_webhook_signature", "sinch", 9, 0},
        {"bandwidth_inbound", "bandwidth", 13, 0},
    };
    for (const File& file : kFiles) {
        CAPTURE(file.name);
        std::size_t opened = 0;
        for (const json& row : vectors_of(file.name)) {
            if (!row["expect"]["valid"].get<bool>()) continue;
            CAPTURE(row["name"].get<std::string>());
            AccountSettings settings = settings_for(file, row);
            std::string AccountSettings::*live = &AccountSettings::secret;
            std::string AccountSettings::*previous = &AccountSettings::secret_previous;
            if (std::string_view(file.kind) == "plivo") {
                live = &AccountSettings::token;
                previous = &AccountSettings::token_previous;
            }
            settings.*previous = settings.*live;
            settings.*live = std::string_view(file.kind) == "telnyx"
                                 ? "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="
                                 : "another secret altogether";
            const auto url = base_of(row["request"]["url"].get<std::string>());
            opened += !make_gateway(settings, url)->verify(request_of(row["request"]), now_of(row));
            settings.*previous = "";
            CHECK(make_gateway(settings, url)->verify(request_of(row["request"]), now_of(row)));
        }
        CHECK(opened == file.valid);
    }
}

TEST_CASE("vectors: bandwidth's lists, password and schema") {
    std::size_t taken = 0, refused = 0;
    for (const json& row : vectors_of("bandwidth_inbound")) {
        CAPTURE(row["name"].get<std::string>());
        const auto gateway = make_gateway(settings_for({"", "bandwidth", 0, 0}, row), kPublicUrl);
        const auto request = request_of(row["request"]);
        CHECK(!gateway->verify(request, kNow) == row["expect"]["auth_ok"].get<bool>());
        const auto events = gateway->read(Endpoint::sms, request);
        if (row["name"] == "unknown type") {  // the schema refuses it; we must not, or it comes for 24 hours
            REQUIRE(events.has_value());
            CHECK(events->unknown == 1);
            continue;
        }
        const bool read = events && events->refused.empty();
        CHECK(read == row["expect"]["schema_ok"].get<bool>());
        ++(read ? taken : refused);
        if (!read || !row["expect"].contains("events")) continue;
        std::vector<json> texts, states;
        for (const json& event : row["expect"]["events"])
            (event["type"] == "message-received" ? texts : states).push_back(event);
        REQUIRE(events->messages.size() == texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            CHECK(events->messages[i].external_id == texts[i]["id"]);
            CHECK(events->messages[i].from == texts[i]["from"]);
            CHECK(events->messages[i].to == texts[i]["to"]);
            CHECK(events->messages[i].text == texts[i].value("text", ""));
            CHECK(events->messages[i].media.size() == texts[i]["media"].size());
        }
        for (std::size_t i = 0; i < events->reports.size(); ++i) {
            CHECK(events->reports[i].external_id == states[i]["id"]);
            CHECK(events->reports[i].opted_out == (events->reports[i].error_code == "4775"));
            CHECK(events->reports[i].filtered == (events->reports[i].error_code == "4770"));
        }
    }
    CHECK(taken == 21);
    CHECK(refused == 7);
}

TEST_CASE("vectors: what a live Kannel sends") {
    AccountSettings settings = settings_of("kannel");
    const auto gateway = make_gateway(settings, "http://127.0.0.1:18080");
    std::size_t texts = 0, reports = 0;
    for (const json& row : vectors_of("kannel_inbound")) {
        CAPTURE(row["name"].get<std::string>());
        http::Request request = request_of(row["request"]);
        CHECK(gateway->verify(request, kNow));  // captured without a key
        request.target += "&key=fedcba9876543210";
        CHECK_FALSE(gateway->verify(request, kNow));
        const json& query = row["expect"]["query"];
        if (query.contains("mid")) {
            const auto report = read_status(*gateway, request);
            REQUIRE(report.has_value());
            CHECK(report->message_id == query["mid"]);
            CHECK(report->state ==
                  (query["status"] == "1" ? DeliveryReport::State::delivered : DeliveryReport::State::sent));
            ++reports;
            continue;
        }
        const auto message = read_inbound(*gateway, request);
        REQUIRE(message.has_value());
        CHECK(message->external_id == query["id"]);
        CHECK(message->from == "+15551230001");
        CHECK(message->to == "+15550001111");
        CHECK(message->text == query["text"]);
        ++texts;
    }
    CHECK(texts == 9);
    CHECK(reports == 2);
}
