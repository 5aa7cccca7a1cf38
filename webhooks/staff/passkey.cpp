#include "webhooks/staff/passkey.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>

#include "webhooks/net/digest.hpp"
#include "webhooks/net/origin.hpp"
#include "webhooks/staff/plain_cbor.hpp"

namespace webhooks::staff {

namespace {

using nlohmann::json;
using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr unsigned kPresent = 0x01;   // UP
constexpr unsigned kVerified = 0x04;  // UV
constexpr std::size_t kFlagsAt = SHA256_DIGEST_LENGTH;
constexpr std::size_t kLongestCredential = 1'023;  // Web Authentication, 7.1 step 25

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Digest digest_of(std::string_view text) {
    Digest digest{};
    SHA256(raw(text), text.size(), digest.data());
    return digest;
}

/// An owner for one of libfido2's things, which are freed by the address of their pointer.
template <class T, T* (*make)(), void (*release)(T**)>
struct Made {
    Made() {
        fido_init(0);
        if (thing == nullptr) throw std::bad_alloc();
    }
    ~Made() { release(&thing); }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    T* thing = make();
};
using Credential = Made<fido_cred_t, fido_cred_new, fido_cred_free>;
using Assertion = Made<fido_assert_t, fido_assert_new, fido_assert_free>;
using EdDsaKey = Made<eddsa_pk_t, eddsa_pk_new, eddsa_pk_free>;
using Es256Key = Made<es256_pk_t, es256_pk_new, es256_pk_free>;
using Rs256Key = Made<rs256_pk_t, rs256_pk_new, rs256_pk_free>;

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// 7.1 steps 5-9, 7.2 steps 9-12: what the browser itself says it did.
std::optional<PasskeyDefect> defect_of(std::string_view client_data, std::string_view type,
                                       std::string_view challenge, const RelyingParty& party) {
    const json said = json::parse(client_data, nullptr, false);
    if (!said.is_object()) return PasskeyDefect::malformed;
    if (text_in(said, "type") != type) return PasskeyDefect::wrong_type;
    if (challenge.empty() || text_in(said, "challenge") != challenge) return PasskeyDefect::wrong_challenge;
    if (text_in(said, "origin") != party.origin) return PasskeyDefect::wrong_origin;
    const auto framed = said.find("crossOrigin");
    if (framed != said.end() && *framed != false) return PasskeyDefect::wrong_origin;
    if (said.contains("topOrigin")) return PasskeyDefect::wrong_origin;
    return std::nullopt;
}

/// 7.1 steps 13-15, 7.2 steps 15-17: for which server the authenticator did it, and with whom.
std::optional<PasskeyDefect> defect_of(std::string_view authenticator_data, const RelyingParty& party) {
    if (authenticator_data.size() <= kFlagsAt) return PasskeyDefect::malformed;
    const Digest wanted = digest_of(party.id);
    if (!std::equal(wanted.begin(), wanted.end(), raw(authenticator_data)))
        return PasskeyDefect::wrong_relying_party;
    const unsigned flags = raw(authenticator_data)[kFlagsAt];
    if ((flags & kPresent) == 0) return PasskeyDefect::nobody_there;
    if ((flags & kVerified) == 0) return PasskeyDefect::not_verified;
    return std::nullopt;
}

std::string bytes_in(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_binary()) return {};
    const auto& bytes = found->get_binary();
    return {bytes.begin(), bytes.end()};
}

/// Whether a statement that the new key has signed itself is right; "none" states nothing.
bool is_attested(fido_cred_t* made, const json& object, std::string_view client_data,
                 const RelyingParty& party) {
    const std::string format = text_in(object, "fmt");
    const auto statement = object.find("attStmt");
    if (statement == object.end() || !statement->is_object()) return false;
    if (format == "none") return statement->empty();
    if (format != "packed" || statement->contains("x5c")) return false;
    const std::string signature = bytes_in(*statement, "sig");
    const Digest digest = digest_of(client_data);
    return fido_cred_set_fmt(made, "packed") == FIDO_OK &&
           fido_cred_set_clientdata_hash(made, digest.data(), digest.size()) == FIDO_OK &&
           fido_cred_set_rp(made, party.id.c_str(), nullptr) == FIDO_OK &&
           fido_cred_set_sig(made, raw(signature), signature.size()) == FIDO_OK &&
           fido_cred_verify_self(made) == FIDO_OK;
}

std::string text_of(const unsigned char* bytes, std::size_t size) {
    return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

template <class Key, class Load>
bool is_signed(const Assertion& answer, const PasskeyKey& key, Load load) {
    Key loaded;
    return load(loaded.thing, key.bytes.data(), key.bytes.size()) == FIDO_OK &&
           fido_assert_verify(answer.thing, 0, key.algorithm, loaded.thing) == FIDO_OK;
}

bool is_signed(const Assertion& answer, const PasskeyKey& key) {
    switch (key.algorithm) {
        case COSE_EDDSA:
            return is_signed<EdDsaKey>(answer, key, eddsa_pk_from_ptr);
        case COSE_ES256:
            return is_signed<Es256Key>(answer, key, es256_pk_from_ptr);
        case COSE_RS256:
            return is_signed<Rs256Key>(answer, key, rs256_pk_from_ptr);
        default:
            return false;
    }
}

bool is_address(std::string_view host) {
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return host.starts_with('[') || last.empty() ||
           last.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<RelyingParty> relying_party_of(const std::string& public_url) {
    auto origin = net::origin_of(public_url);
    if (!origin) return std::nullopt;
    const std::size_t host = origin->find("://") + 3;
    std::string id = origin->substr(host, origin->find(':', host) - host);
    if (is_address(id) || (!origin->starts_with("https:") && id != "localhost")) return std::nullopt;
    return RelyingParty{std::move(*origin), std::move(id)};
}

const std::vector<int>& passkey_algorithms() {
    static const std::vector<int> all{COSE_EDDSA, COSE_ES256, COSE_RS256};
    return all;
}

std::string_view to_string(PasskeyDefect defect) noexcept {
    static constexpr std::array<std::string_view, 10> kWords{
        "malformed",    "wrong type",   "wrong challenge",   "wrong origin",    "wrong relying party",
        "nobody there", "not verified", "unknown algorithm", "bad attestation", "bad signature"};
    return kWords[static_cast<std::size_t>(defect)];
}

std::string challenge_in(std::string_view client_data) {
    const json said = json::parse(client_data, nullptr, false);
    return said.is_object() ? text_in(said, "challenge") : std::string();
}

boost::system::result<NewPasskey, PasskeyDefect> check_new_passkey(const RelyingParty& party,
                                                                   std::string_view challenge,
                                                                   std::string_view client_data,
                                                                   std::string_view attestation_object) {
    if (const auto defect = defect_of(client_data, "webauthn.create", challenge, party)) return *defect;
    if (!is_plain_cbor(attestation_object)) return PasskeyDefect::malformed;
    const json object = json::from_cbor(attestation_object, true, false);
    if (!object.is_object()) return PasskeyDefect::malformed;
    const std::string data = bytes_in(object, "authData");
    if (const auto defect = defect_of(data, party)) return *defect;
    for (const int algorithm : passkey_algorithms()) {
        // libfido2 takes a key apart only when it is told its kind, and says of another only that it will
        // not.
        const Credential made;
        if (fido_cred_set_type(made.thing, algorithm) != FIDO_OK ||
            fido_cred_set_authdata_raw(made.thing, raw(data), data.size()) != FIDO_OK)
            continue;
        if (!is_attested(made.thing, object, client_data, party)) return PasskeyDefect::bad_attestation;
        NewPasskey passkey;
        passkey.credential = text_of(fido_cred_id_ptr(made.thing), fido_cred_id_len(made.thing));
        passkey.key = {algorithm,
                       text_of(fido_cred_pubkey_ptr(made.thing), fido_cred_pubkey_len(made.thing))};
        passkey.sign_count = fido_cred_sigcount(made.thing);
        if (passkey.credential.empty() || passkey.credential.size() > kLongestCredential ||
            passkey.key.bytes.empty())
            return PasskeyDefect::malformed;
        return passkey;
    }
    return PasskeyDefect::unknown_algorithm;
}

boost::system::result<std::uint32_t, PasskeyDefect> check_passkey(const RelyingParty& party,
                                                                  std::string_view challenge,
                                                                  const PasskeyKey& key,
                                                                  const PasskeyAnswer& answer) {
    if (const auto defect = defect_of(answer.client_data, "webauthn.get", challenge, party)) return *defect;
    if (const auto defect = defect_of(answer.authenticator_data, party)) return *defect;
    const Assertion assertion;
    const Digest digest = digest_of(answer.client_data);
    const bool read =
        fido_assert_set_count(assertion.thing, 1) == FIDO_OK &&
        fido_assert_set_clientdata_hash(assertion.thing, digest.data(), digest.size()) == FIDO_OK &&
        fido_assert_set_rp(assertion.thing, party.id.c_str()) == FIDO_OK &&
        fido_assert_set_up(assertion.thing, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_uv(assertion.thing, FIDO_OPT_TRUE) == FIDO_OK &&
        fido_assert_set_authdata_raw(assertion.thing, 0, raw(answer.authenticator_data),
                                     answer.authenticator_data.size()) == FIDO_OK;
    if (!read) return PasskeyDefect::malformed;
    const bool good =
        fido_assert_set_sig(assertion.thing, 0, raw(answer.signature), answer.signature.size()) == FIDO_OK &&
        is_signed(assertion, key);
    if (!good) return PasskeyDefect::bad_signature;
    return fido_assert_sigcount(assertion.thing, 0);
}

}  // namespace webhooks::staff
