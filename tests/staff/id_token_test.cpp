#include "webhooks/staff/id_token.hpp"

#include <doctest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <array>
#include <functional>
#include <memory>

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"

using namespace webhooks::staff;
using nlohmann::json;
using webhooks::net::encode_base64url;

namespace {

const TokenTerms kTerms{"https://login.example.org/centre", "handrail", "a nonce of this sign-in"};
const bot::TimePoint kNow = bot::from_millis(1'760'000'000'000);
constexpr std::int64_t kSeconds = 1'760'000'000;

std::string number(EVP_PKEY* key, const char* name) {
    BIGNUM* value = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned(value, &BN_free);
    std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, bytes.data());
    return {bytes.begin(), bytes.end()};
}

/// A provider's key, written by the text of RFC 7515 to 7518 and not by what cjose takes.
class SigningKey {
public:
    SigningKey(std::string algorithm, std::string id, std::size_t bits = 2'048)
        : algorithm_(std::move(algorithm)),
          id_(std::move(id)),
          key_(algorithm_ == "RS256" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)
                                     : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"),
               EVP_PKEY_free) {}

    [[nodiscard]] json published() const {
        EVP_PKEY* key = key_.get();
        json jwk{{"kid", id_}, {"use", "sig"}};
        if (algorithm_ == "RS256") {
            jwk.update({{"kty", "RSA"},
                        {"n", encode_base64url(number(key, OSSL_PKEY_PARAM_RSA_N))},
                        {"e", encode_base64url(number(key, OSSL_PKEY_PARAM_RSA_E))}});
            return jwk;
        }
        jwk.update({{"kty", "EC"},
                    {"crv", "P-256"},
                    {"x", encode_base64url(padded(number(key, OSSL_PKEY_PARAM_EC_PUB_X)))},
                    {"y", encode_base64url(padded(number(key, OSSL_PKEY_PARAM_EC_PUB_Y)))}});
        return jwk;
    }
    [[nodiscard]] json header() const { return {{"alg", algorithm_}, {"kid", id_}, {"typ", "JWT"}}; }
    [[nodiscard]] std::string token(const json& header, const json& claims) const {
        const std::string signed_part =
            encode_base64url(header.dump()) + "." + encode_base64url(claims.dump());
        return signed_part + "." + encode_base64url(sign(signed_part));
    }

private:
    static std::string padded(const std::string& bytes) {
        return std::string(32 - bytes.size(), '\0') + bytes;
    }
    [[nodiscard]] std::string sign(const std::string& text) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        std::vector<unsigned char> bytes(1'024);
        std::size_t size = bytes.size();
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        REQUIRE(EVP_DigestSign(context.get(), bytes.data(), &size,
                               reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
        if (algorithm_ == "RS256") return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
        const unsigned char* der = bytes.data();
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
            d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(size)), &ECDSA_SIG_free);
        std::array<unsigned char, 64> both{};
        BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), both.data(), 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), both.data() + 32, 32);
        return {both.begin(), both.end()};
    }

    std::string algorithm_, id_;
    std::shared_ptr<EVP_PKEY> key_;
};

json good_claims() {
    return {{"iss", kTerms.issuer},       {"aud", kTerms.client_id}, {"nonce", kTerms.nonce},
            {"sub", "248289761001"},      {"iat", kSeconds - 5},     {"exp", kSeconds + 300},
            {"email", "maya@example.org"}};
}

KeySet published(std::initializer_list<const SigningKey*> keys) {
    json document{{"keys", json::array()}};
    for (const SigningKey* key : keys) document["keys"].push_back(key->published());
    return keys_of(document.dump());
}

const SigningKey& rsa() {
    static const SigningKey key("RS256", "one");
    return key;
}
const SigningKey& elliptic() {
    static const SigningKey key("ES256", "two");
    return key;
}

}  // namespace

TEST_CASE("ID token: taken when all is well, by either kind of key") {
    const KeySet keys = published({&rsa(), &elliptic()});
    REQUIRE(keys.size() == 2);
    for (const SigningKey* key : {&rsa(), &elliptic()}) {
        const auto claims = check_id_token(key->token(key->header(), good_claims()), keys, kTerms, kNow);
        REQUIRE(claims.has_value());
        CHECK(text_claim(json::parse(*claims), "email") == "maya@example.org");
    }
    json unnamed = rsa().header();
    unnamed.erase("kid");  // the only key of its kind
    CHECK(check_id_token(rsa().token(unnamed, good_claims()), keys, kTerms, kNow).has_value());
    json shared = good_claims();
    shared["aud"] = json::array({"another", kTerms.client_id});
    shared["azp"] = kTerms.client_id;
    CHECK(check_id_token(rsa().token(rsa().header(), shared), keys, kTerms, kNow).has_value());
}

TEST_CASE("ID token: wrong claims are refused, though they are signed") {
    struct Row {
        const char* why;
        TokenDefect defect;
        json claims;  ///< in place of the good ones; null: without it
    };
    const std::vector<Row> rows{
        {"of another provider", TokenDefect::wrong_issuer, {{"iss", "https://evil.example"}}},
        {"nearly this provider", TokenDefect::wrong_issuer, {{"iss", kTerms.issuer + "/"}}},
        {"for another client", TokenDefect::wrong_audience, {{"aud", "another"}}},
        {"for nobody", TokenDefect::wrong_audience, {{"aud", nullptr}}},
        {"for several, and not said for whom",
         TokenDefect::wrong_audience,
         {{"aud", json::array({"handrail", "another"})}}},
        {"given to another client", TokenDefect::wrong_audience, {{"azp", "another"}}},
        {"of another sign-in", TokenDefect::wrong_nonce, {{"nonce", "another"}}},
        {"of no sign-in", TokenDefect::wrong_nonce, {{"nonce", nullptr}}},
        {"expired", TokenDefect::too_old, {{"exp", kSeconds - 61}}},
        {"never expires", TokenDefect::too_old, {{"exp", nullptr}}},
        {"expires in words", TokenDefect::too_old, {{"exp", "tomorrow"}}},
        {"made long ago", TokenDefect::too_old, {{"iat", kSeconds - 600}}},
        {"made nowhen", TokenDefect::too_old, {{"iat", nullptr}}},
        {"made tomorrow", TokenDefect::too_early, {{"iat", kSeconds + 61}}},
        {"good from tomorrow", TokenDefect::too_early, {{"nbf", kSeconds + 61}}},
        {"of nobody", TokenDefect::no_subject, {{"sub", ""}}},
        {"of a number", TokenDefect::no_subject, {{"sub", 7}}},
    };
    const KeySet keys = published({&rsa()});
    for (const Row& row : rows) {
        CAPTURE(row.why);
        json claims = good_claims();
        claims.merge_patch(row.claims);
        const auto checked = check_id_token(rsa().token(rsa().header(), claims), keys, kTerms, kNow);
        REQUIRE(!checked.has_value());
        CHECK(checked.error() == row.defect);
    }
}

TEST_CASE("ID token: whatever it says of its own signature, only our kinds are taken") {
    const KeySet keys = published({&rsa(), &elliptic()});
    const auto defect = [&](const std::string& token) {
        const auto checked = check_id_token(token, keys, kTerms, kNow);
        REQUIRE(!checked.has_value());
        return checked.error();
    };
    const auto headed = [](json change) {
        json header = rsa().header();
        header.merge_patch(change);
        return rsa().token(header, good_claims());
    };
    const std::string body = encode_base64url(good_claims().dump());
    const std::string none = encode_base64url(R"({"alg":"none"})") + "." + body + ".";
    CHECK(defect(none) == TokenDefect::bad_algorithm);
    // The public key taken for a secret that both sides share.
    const std::string shared = encode_base64url(R"({"alg":"HS256","kid":"one"})") + "." + body;
    const std::string secret = rsa().published().dump();
    CHECK(defect(shared + "." +
                 encode_base64url(webhooks::net::hmac(webhooks::net::Hash::sha256, secret, shared))) ==
          TokenDefect::bad_algorithm);
    CHECK(defect(headed({{"alg", "RS384"}})) == TokenDefect::bad_algorithm);
    CHECK(defect(headed({{"alg", nullptr}})) == TokenDefect::bad_algorithm);
    CHECK(defect(headed({{"kid", "three"}})) == TokenDefect::unknown_key);
    CHECK(defect(headed({{"kid", "two"}})) == TokenDefect::unknown_key);  // of the other kind
    CHECK(defect(headed({{"crit", json::array({"exp"})}})) == TokenDefect::malformed);
    const SigningKey impostor("RS256", "one");
    CHECK(defect(impostor.token(impostor.header(), good_claims())) == TokenDefect::bad_signature);
    std::string changed = rsa().token(rsa().header(), good_claims());
    json other = good_claims();
    other["sub"] = "somebody else";
    const std::string theirs = rsa().token(rsa().header(), other);
    changed = theirs.substr(0, theirs.rfind('.')) + changed.substr(changed.rfind('.'));
    CHECK(defect(changed) == TokenDefect::bad_signature);
    for (const char* text : {"", ".", "..", "a.b.c", "e30.e30.", "e30.e30"}) {
        CAPTURE(text);
        CHECK(!check_id_token(text, keys, kTerms, kNow).has_value());
    }
}

TEST_CASE("keys: only those that can verify a signature of ours, and are strong enough") {
    json for_secrets = rsa().published();
    for_secrets["use"] = "enc";
    json of_another_kind = rsa().published();
    of_another_kind["alg"] = "PS256";
    const json symmetric{{"kty", "oct"}, {"k", "c2VjcmV0"}, {"kid", "one"}};
    const SigningKey weak("RS256", "weak", 1'024);
    for (const json& key : {for_secrets, of_another_kind, symmetric, weak.published(), json("no key")}) {
        CAPTURE(key.dump());
        json document = json::object();
        document["keys"] = json::array({key, elliptic().published()});
        CHECK(keys_of(document.dump()).size() == 1);
    }
    CHECK(keys_of("no JSON").empty());
    CHECK(keys_of("{}").empty());
    CHECK(keys_of(R"({"keys":{}})").empty());
    // Two keys of one name are no answer to which it is.
    const SigningKey twin("RS256", "one");
    const auto checked =
        check_id_token(rsa().token(rsa().header(), good_claims()), published({&rsa(), &twin}), kTerms, kNow);
    REQUIRE(!checked.has_value());
    CHECK(checked.error() == TokenDefect::unknown_key);
}
