#include "webhooks/staff/id_token.hpp"

#include <cjose/cjose.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "webhooks/net/digest.hpp"

namespace webhooks::staff {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::chrono::seconds kSkew{60};
constexpr std::chrono::minutes kOldest{10};    // made for this sign-in, which lasts five
constexpr std::size_t kLongestSubject = 255;   // Core 1.0, 2
constexpr std::size_t kShortestModulus = 256;  // RSA with 2048 bits
constexpr std::size_t kLongestToken = 32'768;

struct Release {
    void operator()(cjose_jws_t* jws) const noexcept { cjose_jws_release(jws); }
    void operator()(cjose_jwk_t* key) const noexcept { cjose_jwk_release(key); }
};
using Signed = std::unique_ptr<cjose_jws_t, Release>;
using Key = std::unique_ptr<cjose_jwk_t, Release>;

std::string_view algorithm_of(const json& key) {
    const std::string type = text_claim(key, "kty");
    if (type == "RSA") return "RS256";
    if (type == "EC" && text_claim(key, "crv") == "P-256") return "ES256";
    return {};
}

/// For signatures, of a kind we take, and strong enough.
bool is_usable(const json& key) {
    if (!key.is_object()) return false;
    const std::string_view algorithm = algorithm_of(key);
    if (algorithm.empty()) return false;
    if (key.contains("use") && text_claim(key, "use") != "sig") return false;
    if (key.contains("alg") && text_claim(key, "alg") != algorithm) return false;
    return algorithm != "RS256" || net::decode_base64url(text_claim(key, "n")).size() >= kShortestModulus;
}

/// The key that a token names; without a name, the only one of its kind.
const json* find_key(const KeySet& keys, const std::string& id, std::string_view algorithm) {
    const json* found = nullptr;
    for (const json& key : keys) {
        if (algorithm_of(key) != algorithm || (!id.empty() && text_claim(key, "kid") != id)) continue;
        if (found != nullptr) return nullptr;
        found = &key;
    }
    return found;
}

json part_of(const std::string& token, std::size_t begin, std::size_t end) {
    return json::parse(net::decode_base64url(std::string_view(token).substr(begin, end - begin)), nullptr,
                       false);
}

bool is_signed(const std::string& token, const json& key) {
    cjose_err error{};
    const std::string text = key.dump();
    const Key imported(cjose_jwk_import(text.data(), text.size(), &error));
    const Signed read(cjose_jws_import(token.data(), token.size(), &error));
    return imported && read && cjose_jws_verify(read.get(), imported.get(), &error);
}

std::optional<bot::TimePoint> time_claim(const json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end() || !found->is_number()) return std::nullopt;
    const auto seconds = found->get<double>();
    if (!(seconds > 0 && seconds < 1e11)) return std::nullopt;
    return bot::from_millis(static_cast<std::int64_t>(seconds * 1'000));
}

bool is_for(const json& claims, const std::string& client_id) {
    const auto audience = claims.find("aud");
    if (audience == claims.end() || !claim_has(claims, "aud", {client_id})) return false;
    const bool shared = audience->is_array() && audience->size() > 1;
    return claims.contains("azp") ? text_claim(claims, "azp") == client_id : !shared;
}

std::optional<TokenDefect> defect_in(const json& claims, const TokenTerms& terms, bot::TimePoint now) {
    if (text_claim(claims, "iss") != terms.issuer) return TokenDefect::wrong_issuer;
    if (!is_for(claims, terms.client_id)) return TokenDefect::wrong_audience;
    if (terms.nonce.empty() || !net::same_secret(text_claim(claims, "nonce"), terms.nonce))
        return TokenDefect::wrong_nonce;
    const auto ends = time_claim(claims, "exp"), made = time_claim(claims, "iat");
    if (!ends || !made || now >= *ends + kSkew || now >= *made + kOldest) return TokenDefect::too_old;
    const auto begins = time_claim(claims, "nbf");
    if (claims.contains("nbf") && !begins) return TokenDefect::malformed;
    if (*made > now + kSkew || begins.value_or(now) > now + kSkew) return TokenDefect::too_early;
    const std::string subject = text_claim(claims, "sub");
    if (subject.empty() || subject.size() > kLongestSubject) return TokenDefect::no_subject;
    return std::nullopt;
}

}  // namespace

std::string_view to_string(TokenDefect defect) noexcept {
    static constexpr std::array<std::string_view, 10> kWords{
        "malformed",      "bad algorithm", "unknown key", "bad signature", "wrong issuer",
        "wrong audience", "wrong nonce",   "too old",     "too early",     "no subject"};
    return kWords[static_cast<std::size_t>(defect)];
}

std::string text_claim(const json& claims, std::string_view name) {
    const auto found = claims.find(name);
    return found != claims.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool claim_has(const json& claims, std::string_view name, const std::vector<std::string>& words) {
    const auto found = claims.find(name);
    if (found == claims.end()) return false;
    const auto is_one = [&](const json& value) {
        return value.is_string() && std::ranges::find(words, value.get<std::string>()) != words.end();
    };
    return found->is_array() ? std::any_of(found->begin(), found->end(), is_one) : is_one(*found);
}

KeySet keys_of(std::string_view document) {
    const json read = json::parse(document, nullptr, false);
    KeySet keys;
    if (!read.is_object() || !read.contains("keys") || !read["keys"].is_array()) return keys;
    for (const json& key : read["keys"])
        if (is_usable(key)) keys.push_back(key);
    return keys;
}

boost::system::result<std::string, TokenDefect> check_id_token(const std::string& token, const KeySet& keys,
                                                               const TokenTerms& terms, bot::TimePoint now) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string::npos ? first : token.find('.', first + 1);
    if (second == std::string::npos || token.size() > kLongestToken) return TokenDefect::malformed;
    const json header = part_of(token, 0, first);
    if (!header.is_object() || header.contains("crit")) return TokenDefect::malformed;
    const std::string algorithm = text_claim(header, "alg");
    if (algorithm != "RS256" && algorithm != "ES256") return TokenDefect::bad_algorithm;
    const json* key = find_key(keys, text_claim(header, "kid"), algorithm);
    if (key == nullptr) return TokenDefect::unknown_key;
    if (!is_signed(token, *key)) return TokenDefect::bad_signature;
    const json claims = part_of(token, first + 1, second);
    if (!claims.is_object()) return TokenDefect::malformed;
    if (const auto defect = defect_in(claims, terms, now)) return *defect;
    return claims.dump();
}

}  // namespace webhooks::staff
