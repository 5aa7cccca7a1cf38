#include "webhooks/gateways/twilio_signature.hpp"

#include <set>

#include "tests/gateways/fixture.hpp"

using namespace tests;

namespace {

constexpr const char* kVectors = "tests/gateways/vectors/twilio_signature.json";

AccountSettings with_token(const std::string& token) {
    AccountSettings settings = twilio_settings();
    settings.token = token;
    return settings;
}

/// A form POST to this target, signed for this URL.
http::Request signed_post(const std::string& target, const std::string& url, const http::Form& form,
                          const std::string& token = kToken) {
    return {"POST",
            target,
            {{"content-type", "application/x-www-form-urlencoded"},
             {"x-twilio-signature", twilio_signature(token, url, form)}},
            http::encode_form(form),
            "127.0.0.1"};
}

/// The words a signature covers, as the scheme joins them.
std::string joined_words(const http::Request& request) {
    auto form = http::parse_form(request.body);
    if (!form) return "cannot be read";
    std::set<std::pair<std::string, std::string>> sorted(form->begin(), form->end());
    std::string words;
    for (const auto& [name, value] : sorted) words += name + value;
    return words;
}

/// Other bytes may say the same: %2b for %2B, or a letter moved from the end of a name to its value.
bool says_the_same(const http::Request& before, const http::Request& after) {
    return before.target == after.target &&
           *before.header("X-Twilio-Signature") == *after.header("X-Twilio-Signature") &&
           before.header("Content-Type") == "application/x-www-form-urlencoded; charset=UTF-8" &&
           joined_words(before) == joined_words(after);
}

http::Request changed_somewhere(http::Request request, std::mt19937& random) {
    std::string* const places[]{&request.target, &request.body, nullptr};
    std::string* place = places[random() % 3];
    for (auto& [name, value] : request.headers)
        if (place == nullptr && name == "X-Twilio-Signature") place = &value;
    *place = mutated(*place, random);
    return request;
}

}  // namespace

TEST_CASE("twilio signature: every vector of the official package") {
    const json vectors = support::read_source_json(kVectors);
    REQUIRE(vectors["cases"].size() == 54);
    int valid = 0, invalid = 0;
    for (const json& row : vectors["cases"]) {
        CAPTURE(row["name"].get<std::string>());
        const auto url = row["request"]["url"].get<std::string>();
        const auto gateway = make_gateway(with_token(row["secret"]), base_of(url));
        const auto refused = gateway->verify(request_of(row["request"]), kNow);
        if (row["expect"].value("either_is_fine", false)) continue;  // the vendor's packages disagree
        CHECK(!refused == row["expect"]["valid"].get<bool>());
        ++(refused ? invalid : valid);
    }
    CHECK(valid == 27);
    CHECK(invalid == 26);
}

TEST_CASE("twilio signature: a token being rotated out is still accepted, any other never") {
    const json vectors = support::read_source_json(kVectors);
    for (const json& row : vectors["cases"]) {
        CAPTURE(row["name"].get<std::string>());
        if (row["expect"].value("either_is_fine", false)) continue;
        const std::string base = base_of(row["request"]["url"]);
        AccountSettings rotating = with_token("another token that is live now!!");
        CHECK(make_gateway(rotating, base)->verify(request_of(row["request"]), kNow).has_value());
        rotating.token_previous = row["secret"];
        CHECK(!make_gateway(rotating, base)->verify(request_of(row["request"]), kNow) ==
              row["expect"]["valid"].get<bool>());
    }
}

TEST_CASE("twilio signature: what is signed is the configured public URL") {
    struct Row {
        const char* why;
        const char* public_url;
        const char* signed_url;
        bool fits;
    };
    static constexpr Row kRows[]{
        {"as configured", "https://sms.example.org",
         "https://sms.example.org/webhooks/twilio/main/sms?a=%20b", true},
        {"a proxy adds a path of its own", "https://example.org/line",
         "https://example.org/line/webhooks/twilio/main/sms?a=%20b", true},
        {"port and path", "https://example.org:8443/line",
         "https://example.org:8443/line/webhooks/twilio/main/sms?a=%20b", true},
        {"port not seen by the gateway", "https://example.org:8443/line",
         "https://example.org/line/webhooks/twilio/main/sms?a=%20b", true},
        {"default port written out", "https://example.org",
         "https://example.org:443/webhooks/twilio/main/sms?a=%20b", true},
        {"default port of http", "http://127.0.0.1", "http://127.0.0.1:80/webhooks/twilio/main/sms?a=%20b",
         true},
        {"an IPv6 address is not a port", "http://[::1]", "http://[::1]:80/webhooks/twilio/main/sms?a=%20b",
         true},
        {"the port of an IPv6 address", "http://[::1]:8080", "http://[::1]/webhooks/twilio/main/sms?a=%20b",
         true},
        {"path of the proxy left out", "https://example.org/line",
         "https://example.org/webhooks/twilio/main/sms?a=%20b", false},
        {"the host of the request is not asked", "https://example.org",
         "https://sms.example.org/webhooks/twilio/main/sms?a=%20b", false},
        {"another port", "https://example.org:8443",
         "https://example.org:9443/webhooks/twilio/main/sms?a=%20b", false},
        {"query encoded anew", "https://example.org", "https://example.org/webhooks/twilio/main/sms?a=+b",
         false},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto gateway = make_gateway(twilio_settings(), row.public_url);
        http::Request request =
            signed_post("/webhooks/twilio/main/sms?a=%20b", row.signed_url, {{"Body", "hi"}});
        request.headers.insert(request.headers.begin(), {"Host", "sms.example.org"});
        request.headers.emplace_back("X-Forwarded-Host", "sms.example.org");
        CHECK(!gateway->verify(request, kNow) == row.fits);
    }
}

TEST_CASE("twilio signature: 10,000 changed requests, none is let through") {
    std::vector<json> valid;
    const json vectors = support::read_source_json(kVectors);
    for (const json& row : vectors["cases"])
        if (row["expect"]["valid"].get<bool>() && !row["expect"].contains("either_is_fine"))
            valid.push_back(row);
    REQUIRE(valid.size() == 27);
    std::mt19937 random(20'261'124);
    int refused = 0, same_words = 0;
    while (refused < 10'000) {
        const json& row = valid[random() % valid.size()];
        CAPTURE(row["name"].get<std::string>());
        const auto gateway = make_gateway(with_token(row["secret"]), base_of(row["request"]["url"]));
        const http::Request before = request_of(row["request"]);
        const http::Request after = changed_somewhere(before, random);
        if (says_the_same(before, after)) {
            ++same_words;
            continue;
        }
        CAPTURE(after.target);
        CAPTURE(after.body);
        REQUIRE(gateway->verify(after, kNow).has_value());
        ++refused;
    }
    CHECK(same_words < 1'000);
}

TEST_CASE("twilio signature: a request without one, or of an account without a token, is refused") {
    http::Request request = signed_post("/webhooks/twilio/main/sms",
                                        "https://sms.example.org/webhooks/twilio/main/sms", {{"Body", "hi"}});
    const auto gateway = make_gateway(twilio_settings(), kPublicUrl);
    CHECK(!gateway->verify(request, kNow));
    request.headers.pop_back();
    CHECK(gateway->verify(request, kNow)->why == Refusal::missing_signature);
    request.headers.emplace_back("X-Twilio-Signature", "");
    CHECK(gateway->verify(request, kNow)->why == Refusal::missing_signature);

    AccountSettings without = twilio_settings();
    without.token.clear();
    without.token_previous = kToken;
    CHECK_THROWS_AS((void)make_gateway(without, kPublicUrl), std::invalid_argument);
    CHECK_THROWS_AS((void)twilio_signature("", kPublicUrl, {}), std::invalid_argument);
}

TEST_CASE("twilio signature: a body that cannot be read names its field, and nothing is let through") {
    const auto gateway = make_gateway(twilio_settings(), kPublicUrl);
    http::Request request = signed_post("/x", "https://sms.example.org/x", {{"Body", "hi"}});
    request.body = "MessageSid=SM1&Body=%F";
    const auto refused = gateway->verify(request, kNow);
    REQUIRE(refused);
    CHECK(refused->why == Refusal::malformed_body);
    CHECK(refused->field == "Body");
}

TEST_CASE("twilio signature: a GET is signed without a body, so it may not bring one") {
    const auto gateway = make_gateway(twilio_settings(), kPublicUrl);
    http::Request request{"GET", "/x?Body=hi", {}, "", ""};
    request.headers.emplace_back("X-Twilio-Signature",
                                 twilio_signature(kToken, "https://sms.example.org/x?Body=hi", {}));
    CHECK(!gateway->verify(request, kNow));
    request.body = "Body=bye";
    CHECK(gateway->verify(request, kNow));
}

TEST_CASE("twilio signature: another type of body is signed only through its hash") {
    const auto gateway = make_gateway(twilio_settings(), kPublicUrl);
    const auto with = [&](const std::string& type, const std::string& target) {
        http::Request request{"POST", target, {{"Content-Type", type}}, "{\"a\":1}", ""};
        request.headers.emplace_back("X-Twilio-Signature",
                                     twilio_signature(kToken, std::string(kPublicUrl) + target, {}));
        return !gateway->verify(request, kNow);
    };
    const std::string hash = "bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
    CHECK(with("application/json", "/x?" + hash));
    CHECK(with("text/plain", "/x?k=v&" + hash));
    CHECK_FALSE(with("application/json", "/x"));
    CHECK_FALSE(with("application/json", "/x?bodySHA256="));
    CHECK_FALSE(with("application/json", "/x?bodySHA256=00&" + hash));
    CHECK_FALSE(with("text/plain", "/x"));
    CHECK_FALSE(with("application/x-www-form-urlencoded", "/x?" + hash));
}
