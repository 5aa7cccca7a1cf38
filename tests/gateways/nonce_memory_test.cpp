// A captured Plivo V2 signature fits any body: its nonce is taken once, and Plivo's own repeat still comes
// through.
#include "webhooks/gateways/nonce_memory.hpp"

#include "tests/gateways/kinds.hpp"
#include "webhooks/net/digest.hpp"

using namespace tests;
using namespace std::chrono_literals;

namespace {

http::Request plivo_request(const std::string& nonce, const std::string& body,
                            const std::string& query = "") {
    const std::string path = "/webhooks/plivo/main/sms";
    return {"POST",
            path + query,
            {{"Content-Type", "application/x-www-form-urlencoded"},
             {"X-Plivo-Signature-V2-Nonce", nonce},
             {"X-Plivo-Signature-V2",
              net::hmac_sha256_base64(settings_of("plivo").token, std::string(kPublicUrl) + path + nonce)}},
            body,
            ""};
}

constexpr const char* kHello = "MessageUUID=m-1&From=15550142&To=15105550100&Text=hello";
constexpr const char* kForged = "MessageUUID=m-2&From=15550142&To=15105550100&Text=STOP";

}  // namespace

TEST_CASE("nonce: another body, or another query, under a signature that was used is refused") {
    const auto plivo = make_gateway(settings_of("plivo"), kPublicUrl);
    NonceMemory memory;
    REQUIRE_FALSE(plivo->verify(plivo_request("n1", kHello), kNow));
    REQUIRE_FALSE(plivo->verify(plivo_request("n1", kForged), kNow));
    CHECK_FALSE(memory.check(*plivo, plivo_request("n1", kHello), kNow));
    const auto refused = memory.check(*plivo, plivo_request("n1", kForged), kNow + 59min);
    REQUIRE(refused);
    CHECK(refused->why == Refusal::replayed);
    CHECK(memory.check(*plivo, plivo_request("n1", kHello, "?id=7"), kNow));
    CHECK_FALSE(memory.check(*plivo, plivo_request("n2", kForged), kNow));
}

TEST_CASE("nonce: the gateway's own repeat is no replay, as often as it comes") {
    const auto plivo = make_gateway(settings_of("plivo"), kPublicUrl);
    NonceMemory memory;
    for (int i = 0; i < 5; ++i)
        CHECK_FALSE(memory.check(*plivo, plivo_request("n1", kHello), kNow + i * 10min));
}

TEST_CASE("nonce: remembered for an hour, for each account by itself, and not without bounds") {
    const auto plivo = make_gateway(settings_of("plivo"), kPublicUrl);
    AccountSettings other = settings_of("plivo");
    other.name = "other";
    NonceMemory memory;
    CHECK_FALSE(memory.check(*plivo, plivo_request("n1", kHello), kNow));
    CHECK_FALSE(memory.check(*make_gateway(other, kPublicUrl), plivo_request("n1", kForged), kNow));
    CHECK_FALSE(memory.check(*plivo, plivo_request("n1", kForged), kNow + 61min));

    CHECK_FALSE(memory.check(*plivo, plivo_request("first", kHello), kNow + 62min));
    for (int i = 0; i < 20'000; ++i)
        REQUIRE_FALSE(memory.check(*plivo, plivo_request(std::to_string(i), kHello), kNow + 62min));
    CHECK_FALSE(memory.check(*plivo, plivo_request("first", kForged), kNow + 62min));
    CHECK(memory.check(*plivo, plivo_request("19999", kForged), kNow + 62min));
}

TEST_CASE("nonce: a proof that covers the body needs no memory") {
    for (const char* kind : kKinds) {
        CAPTURE(kind);
        const http::Request request{"POST",
                                    "/",
                                    {{"X-Plivo-Signature-V3", "s"},
                                     {"X-Plivo-Signature-V2-Nonce", "n"},
                                     {"x-sinch-webhook-signature-nonce", "n"}},
                                    "",
                                    ""};
        CHECK_FALSE(make_gateway(settings_of(kind), kPublicUrl)->open_nonce(request));
    }
}
