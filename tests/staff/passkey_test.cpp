#include "webhooks/staff/passkey.hpp"

#include <doctest.h>

#include <functional>

#include "tests/staff/soft_authenticator.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/challenges.hpp"
#include "webhooks/staff/plain_cbor.hpp"

using namespace webhooks::staff;
using staff_test::client_data;
using staff_test::SoftAuthenticator;

namespace {

const RelyingParty kParty{"https://line.example.org", "line.example.org"};
const std::string kChallenge = "Y2hhbGxlbmdl";
const std::string kMaking = client_data("webauthn.create", kChallenge, kParty.origin);
const std::string kSigningIn = client_data("webauthn.get", kChallenge, kParty.origin);

PasskeyKey key_of(const SoftAuthenticator& device) {
    const auto made = check_new_passkey(kParty, kChallenge, kMaking, device.attestation_object());
    REQUIRE(made.has_value());
    return made->key;
}

/// What a browser brings, and how one thing in it is wrong.
struct Wrong {
    const char* why;
    PasskeyDefect defect;
    std::function<void(SoftAuthenticator&, std::string& client_data)> spoil;
};

const std::vector<Wrong>& both_ways_wrong() {
    static const std::vector<Wrong> rows{
        {"another site", PasskeyDefect::wrong_origin,
         [](auto&, auto& said) { said = client_data("", kChallenge, "https://evil.example"); }},
        {"another port of this host", PasskeyDefect::wrong_origin,
         [](auto&, auto& said) { said = client_data("", kChallenge, kParty.origin + ":8443"); }},
        {"inside a page of another site", PasskeyDefect::wrong_origin,
         [](auto&, auto& said) {
             said = client_data("", kChallenge, kParty.origin, R"(,"crossOrigin":true)");
         }},
        {"an answer to another challenge", PasskeyDefect::wrong_challenge,
         [](auto&, auto& said) { said = client_data("", "YW5vdGhlcg", kParty.origin); }},
        {"no JSON", PasskeyDefect::malformed, [](auto&, auto& said) { said = "no JSON"; }},
        {"a key for another server", PasskeyDefect::wrong_relying_party,
         [](auto& device, auto&) { device.relying_party = "evil.example"; }},
        {"nobody touched it", PasskeyDefect::nobody_there, [](auto& device, auto&) { device.flags = 0x04; }},
        {"neither finger nor PIN", PasskeyDefect::not_verified,
         [](auto& device, auto&) { device.flags = 0x01; }},
    };
    return rows;
}

std::string typed(std::string said, const std::string& type) {
    const std::string empty = R"("type":"")";
    const std::size_t at = said.find(empty);
    return at == std::string::npos ? said : said.replace(at, empty.size(), R"("type":")" + type + "\"");
}

}  // namespace

TEST_CASE("passkey: made, and signed in with, by each algorithm") {
    for (const int algorithm : passkey_algorithms()) {
        CAPTURE(algorithm);
        SoftAuthenticator device(algorithm);
        const auto made = check_new_passkey(kParty, kChallenge, kMaking, device.attestation_object());
        REQUIRE(made.has_value());
        CHECK(made->credential == device.credential);
        CHECK(made->key.algorithm == algorithm);
        CHECK(made->sign_count == 1);
        device.count = 7;
        const auto count = check_passkey(kParty, kChallenge, made->key, device.answer(kSigningIn));
        REQUIRE(count.has_value());
        CHECK(*count == 7);
        SoftAuthenticator other(algorithm);
        CHECK(check_passkey(kParty, kChallenge, made->key, other.answer(kSigningIn)).error() ==
              PasskeyDefect::bad_signature);
    }
}

TEST_CASE("passkey: a wrong one is not made") {
    for (const Wrong& row : both_ways_wrong()) {
        CAPTURE(row.why);
        SoftAuthenticator device(-7);
        std::string said = kMaking;
        row.spoil(device, said);
        const auto made = check_new_passkey(kParty, kChallenge, typed(said, "webauthn.create"),
                                            device.attestation_object());
        REQUIRE(!made.has_value());
        CHECK(made.error() == row.defect);
    }
    const SoftAuthenticator device(-7);
    const auto refused = [&](const std::string& said, const std::string& object) {
        const auto made = check_new_passkey(kParty, kChallenge, said, object);
        REQUIRE(!made.has_value());
        return made.error();
    };
    CHECK(refused(kSigningIn, device.attestation_object()) == PasskeyDefect::wrong_type);
    CHECK(refused(kMaking, "") == PasskeyDefect::malformed);
    CHECK(refused(kMaking, device.attestation_object() + "x") == PasskeyDefect::malformed);
    std::string cut = device.attestation_object();
    cut.resize(cut.size() - 1);
    CHECK(refused(kMaking, cut) == PasskeyDefect::malformed);
    // Attested by the key itself: right, and of another making.
    CHECK(check_new_passkey(kParty, kChallenge, kMaking, device.self_attested(kMaking)).has_value());
    CHECK(refused(kMaking, device.self_attested(kSigningIn)) == PasskeyDefect::bad_attestation);
}

TEST_CASE("passkey: a container that promises more than there is, or leads ever deeper, is malformed") {
    const std::string good = SoftAuthenticator(-7).attestation_object();
    struct Row {
        const char* why;
        std::string object;
    };
    const std::string attested = "attStmt";
    REQUIRE(good.find(attested) != std::string::npos);
    const auto with_statement = [&](const std::string& statement) {
        std::string object = good;
        return object.replace(object.find(attested) + attested.size(), 1, statement);
    };
    const Row rows[]{
        {"an array of 2^63 items", "\x9b\x80" + std::string(7, '\0')},
        {"a map of 2^63 pairs", "\xbb\x80" + std::string(7, '\0')},
        {"an array of 2^64-2 items", "\x9b" + std::string(7, '\xff') + "\xfe"},
        {"an array of 2^62 items for a statement", with_statement("\x9b\x40" + std::string(7, '\0'))},
        {"bytes of 2^63", "\x5b\x80" + std::string(7, '\0')},
        {"a head cut off", "\x9b\x80"},
        {"nothing but arrays", std::string(6'000, '\x81')},
        {"arrays for a statement", with_statement(std::string(6'000, '\x81') + "\x80")},
        {"arrays that are never said to end", std::string(6'000, '\x9f')},
        {"texts in a text that is never said to end", std::string(6'000, '\x7f')},
        {"bytes in bytes that are never said to end", with_statement(std::string(6'000, '\x5f'))},
        {"maps under maps", with_statement(std::string(6'000, '\xa1'))},
        {"tags on a tag", std::string(6'000, '\xc1')},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const auto made = check_new_passkey(kParty, kChallenge, kMaking, row.object);
        REQUIRE(!made.has_value());
        CHECK(made.error() == PasskeyDefect::malformed);
    }
}

TEST_CASE("passkey: CBOR is plain down to four levels, and one item") {
    CHECK(is_plain_cbor("\xa1\x61x\x81\x81\x81\x38\xff"));
    CHECK(!is_plain_cbor("\xa1\x61x\x81\x81\x81\x81\x38\xff"));
    CHECK(is_plain_cbor("\x83\x42xy\xf5\x1a\x01\x02\x03\x04"));
    CHECK(!is_plain_cbor("\x01\x01"));
    CHECK(!is_plain_cbor("\x42x"));
    CHECK(!is_plain_cbor("\x1c"));
}

TEST_CASE("passkey: a wrong one does not sign in") {
    for (const Wrong& row : both_ways_wrong()) {
        CAPTURE(row.why);
        SoftAuthenticator device(-8);
        const PasskeyKey key = key_of(device);
        std::string said = kSigningIn;
        row.spoil(device, said);
        const auto count = check_passkey(kParty, kChallenge, key, device.answer(typed(said, "webauthn.get")));
        REQUIRE(!count.has_value());
        CHECK(count.error() == row.defect);
    }
    const SoftAuthenticator device(-7);
    const PasskeyKey key = key_of(device);
    const auto refused = [&](const PasskeyAnswer& answer) {
        const auto count = check_passkey(kParty, kChallenge, key, answer);
        REQUIRE(!count.has_value());
        return count.error();
    };
    CHECK(refused(device.answer(kMaking)) == PasskeyDefect::wrong_type);
    const PasskeyAnswer good = device.answer(kSigningIn);
    PasskeyAnswer changed = good;
    changed.signature.back() = static_cast<char>(changed.signature.back() ^ 1);
    CHECK(refused(changed) == PasskeyDefect::bad_signature);
    changed = good;
    changed.authenticator_data.back() = 9;  // a count that was not signed
    CHECK(refused(changed) == PasskeyDefect::bad_signature);
    changed = good;
    changed.client_data += " ";
    CHECK(refused(changed) == PasskeyDefect::bad_signature);
    changed = good;
    changed.signature.clear();
    CHECK(refused(changed) == PasskeyDefect::bad_signature);
}

TEST_CASE("passkey: a count that does not grow tells of a copy") {
    CHECK(!is_copied(0, 0));  // none is kept, as in phones
    CHECK(!is_copied(0, 1));
    CHECK(!is_copied(5, 6));
    CHECK(is_copied(5, 5));
    CHECK(is_copied(5, 4));
    CHECK(is_copied(5, 0));
}

TEST_CASE("passkey: where browsers have them, and as what") {
    struct Row {
        const char* why;
        const char* url;
        const char* origin;  ///< empty: nowhere
        const char* id;
    };
    static constexpr Row kRows[]{
        {"a usual line", "https://line.example.org", "https://line.example.org", "line.example.org"},
        {"behind a path", "https://example.org/handrail", "https://example.org", "example.org"},
        {"a port of its own", "https://line.example.org:8443", "https://line.example.org:8443",
         "line.example.org"},
        {"as browsers write it", "https://Line.Example.org:443/", "https://line.example.org",
         "line.example.org"},
        {"a port as nobody writes it", "https://line.example.org:0443", "https://line.example.org",
         "line.example.org"},
        {"on this machine", "http://localhost:8080", "http://localhost:8080", "localhost"},
        {"an address is no name", "http://127.0.0.1:8080", "", ""},
        {"with https either", "https://192.0.2.7", "", ""},
        {"nor of IPv6", "https://[2001:db8::7]", "", ""},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        const auto party = relying_party_of(row.url);
        CHECK(party.has_value() == (*row.origin != '\0'));
        if (!party) continue;
        CHECK(party->origin == row.origin);
        CHECK(party->id == row.id);
    }
}

TEST_CASE("challenges: once, soon, and for what they were given") {
    const auto now = webhooks::net::now();
    Challenges challenges;
    const std::string one = challenges.issue("sign-in", now);
    CHECK(one != challenges.issue("sign-in", now));
    CHECK(challenges.is_open(one, "sign-in", now));
    CHECK(challenges.is_open(one, "sign-in", now + Challenges::kLast - std::chrono::seconds(1)));
    CHECK(!challenges.is_open(one, "sign-in", now + Challenges::kLast));
    CHECK(!challenges.is_open(one, "make", now));
    CHECK(!Challenges().is_open(one, "sign-in", now));  // of another process
    for (const std::string& made_up : {std::string(), std::string("eA"), "A" + one, one + "AAAA"}) {
        CAPTURE(made_up);
        CHECK(!challenges.is_open(made_up, "sign-in", now));
    }
    challenges.use(one, now);
    CHECK(!challenges.is_open(one, "sign-in", now));
    challenges.use("later", now + std::chrono::minutes(2));
    CHECK(!challenges.is_open(one, "sign-in", now));
}
