#include "webhooks/gateways/standard_webhooks.hpp"

#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

json vectors() { return support::read_source_json("tests/gateways/vectors/standard_webhooks.json")["cases"]; }

bot::TimePoint clock_of(const json& row) {
    return bot::TimePoint{std::chrono::seconds{row["now"].get<std::int64_t>()}};
}

AccountSettings with_secret(const std::string& secret) {
    AccountSettings settings = generic_settings();
    settings.secret = secret;
    return settings;
}

std::string& header_of(http::Request& request, std::string_view name) {
    for (auto& [key, value] : request.headers)
        if (key == name) return value;
    throw std::out_of_range("no such header");
}

http::Request signed_request(const StandardWebhooks& signatures, std::string id, std::string body) {
    http::Request request{"POST", "/hook", {}, std::move(body), ""};
    for (const std::string& line : signatures.header_lines(id, kNow, request.body)) {
        const std::size_t colon = line.find(": ");
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return request;
}

}  // namespace

TEST_CASE("standard webhooks: every vector of the official package, through the generic gateway") {
    int valid = 0, invalid = 0;
    for (const json& row : vectors()) {
        CAPTURE(row["name"].get<std::string>());
        const auto refused = make_gateway(with_secret(row["secret"]), kPublicUrl)
                                 ->verify(request_of(row["request"]), clock_of(row));
        CHECK(!refused == row["expect"]["valid"].get<bool>());
        ++(refused ? invalid : valid);
    }
    CHECK(valid == 9);
    CHECK(invalid == 13);
}

TEST_CASE("standard webhooks: we sign as the official package does") {
    for (const json& row : vectors()) {
        if (!row["expect"]["valid"].get<bool>()) continue;
        CAPTURE(row["name"].get<std::string>());
        http::Request request = request_of(row["request"]);
        const std::string made = StandardWebhooks(row["secret"].get<std::string>())
                                     .sign(header_of(request, "webhook-id"),
                                           header_of(request, "webhook-timestamp"), request.body);
        const std::string given = " " + header_of(request, "webhook-signature") + " ";
        CHECK(given.find(" " + made + " ") != std::string::npos);
    }
}

TEST_CASE("standard webhooks: while a secret is rotated, who has either one can prove it") {
    const std::string old_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const std::string fresh = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const http::Request request = signed_request(StandardWebhooks(fresh, old_secret), "m1", "{}");
    CHECK_FALSE(StandardWebhooks(old_secret).verify(request, kNow).has_value());
    CHECK_FALSE(StandardWebhooks(fresh).verify(request, kNow).has_value());
    CHECK(StandardWebhooks("whsec_" + std::string(32, 'A')).verify(request, kNow).has_value());
}

TEST_CASE("standard webhooks: 10,000 changed requests, none is let through") {
    std::vector<json> valid;
    for (const json& row : vectors())
        if (row["expect"]["valid"].get<bool>()) valid.push_back(row);
    std::mt19937 random(7);
    for (int refused = 0; refused < 10'000; ++refused) {
        const json& row = valid[random() % valid.size()];
        CAPTURE(row["name"].get<std::string>());
        const StandardWebhooks signatures(row["secret"].get<std::string>());
        http::Request request = request_of(row["request"]);
        std::string& given = header_of(request, "webhook-signature");
        given = given.substr(given.find("v1,"));  // of several signatures a changed one does not matter
        if (given.find(' ') != std::string::npos) given = given.substr(given.find(' ') + 1);
        REQUIRE(!signatures.verify(request, clock_of(row)));
        std::string* const places[]{&given, &header_of(request, "webhook-id"),
                                    &header_of(request, "webhook-timestamp"), &request.body};
        std::string* const place = places[random() % 4];
        std::string changed = mutated(*place, random);
        // Blanks around a signature are separators, not part of it.
        if (place == &given && (changed == " " + given || changed == given + " ")) continue;
        *place = std::move(changed);
        CAPTURE(*place);
        REQUIRE(signatures.verify(request, clock_of(row)).has_value());
    }
}

TEST_CASE("standard webhooks: both secrets of a rotation are accepted, and both sign") {
    const StandardWebhooks before(kOtherSecret), rotating(kSecret, kOtherSecret), after(kSecret);
    const http::Request by_old = signed_request(before, "msg_1", "{}");
    const http::Request by_new = signed_request(rotating, "msg_1", "{}");
    CHECK(!rotating.verify(by_old, kNow));
    CHECK(!rotating.verify(by_new, kNow));
    CHECK(!after.verify(by_new, kNow));
    CHECK(after.verify(by_old, kNow)->why == Refusal::bad_signature);
    CHECK(!before.verify(by_new, kNow));  // who has not changed theirs yet goes on
}

TEST_CASE("standard webhooks: the reason of a refusal helps to find a wrong clock") {
    const StandardWebhooks signatures(kSecret);
    http::Request request = signed_request(signatures, "msg_1", "{}");
    CHECK(!signatures.verify(request, kNow + 300s));
    CHECK(signatures.verify(request, kNow + 301s)->why == Refusal::stale_timestamp);
    CHECK(signatures.verify(request, kNow - 301s)->why == Refusal::stale_timestamp);
    request.body = "{ }";
    CHECK(signatures.verify(request, kNow + 301s)->why == Refusal::bad_signature);
    request.headers.erase(request.headers.begin() + 1);
    CHECK(signatures.verify(request, kNow)->why == Refusal::missing_signature);
}

TEST_CASE("standard webhooks: a signed time stamp that is not digits is never current") {
    const StandardWebhooks signatures(kSecret);
    for (const char* timestamp :
         {"1795500001.0", "1795500001 ", " 1795500001", "+1795500001", "-1795500001", "0x6b",
          "99999999999999999999", "9223372036854775807", "-9223372036854775808", "now"}) {
        CAPTURE(timestamp);
        http::Request request = signed_request(signatures, "msg_1", "{}");
        header_of(request, "webhook-timestamp") = timestamp;
        header_of(request, "webhook-signature") = signatures.sign("msg_1", timestamp, "{}");
        CHECK(signatures.verify(request, kNow)->why == Refusal::stale_timestamp);
    }
}

TEST_CASE("standard webhooks: a secret that is none is refused at once") {
    for (const char* secret :
         {"", "whsec_", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9"}) {
        CAPTURE(secret);
        CHECK_THROWS_AS(StandardWebhooks{secret}, std::invalid_argument);
        CHECK_THROWS_AS((void)make_gateway(with_secret(secret), kPublicUrl), std::invalid_argument);
    }
}
