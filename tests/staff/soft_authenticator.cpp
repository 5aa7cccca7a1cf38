#include "tests/staff/soft_authenticator.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace staff_test {

namespace {

std::string sha256(const std::string& text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return {digest.begin(), digest.end()};
}

std::string big_endian(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xffU);
    return text;
}

/// The head of a CBOR item (RFC 8949, 3).
std::string head(unsigned major, std::size_t value) {
    const auto first = static_cast<unsigned char>(major << 5U);
    const auto number = static_cast<std::uint32_t>(value);
    if (value < 24) return {static_cast<char>(first | value)};
    if (value < 256) return static_cast<char>(first | 24U) + big_endian(number, 1);
    return static_cast<char>(first | 25U) + big_endian(number, 2);
}
std::string number(int value) {
    return value >= 0 ? head(0, static_cast<std::size_t>(value))
                      : head(1, static_cast<std::size_t>(-1 - value));
}
std::string words(const std::string& text) { return head(3, text.size()) + text; }
std::string bytes(const std::string& text) { return head(2, text.size()) + text; }

std::string part(EVP_PKEY* key, const char* name, int size) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &value) != 1) throw std::runtime_error(name);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned(value, &BN_free);
    std::vector<unsigned char> out(static_cast<std::size_t>(size));
    if (BN_bn2binpad(value, out.data(), size) != size) throw std::runtime_error(name);
    return {out.begin(), out.end()};
}

EVP_PKEY* make_key(int algorithm) {
    switch (algorithm) {
        case -8:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        case -7:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        case -257:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2'048});
        default:
            throw std::invalid_argument("algorithm");
    }
}

}  // namespace

SoftAuthenticator::SoftAuthenticator(int algorithm)
    : algorithm_(algorithm), key_(make_key(algorithm), EVP_PKEY_free) {}

std::string SoftAuthenticator::cose_key() const {
    EVP_PKEY* key = key_.get();
    if (algorithm_ == -8) {
        std::array<unsigned char, 32> raw{};
        std::size_t size = raw.size();
        EVP_PKEY_get_raw_public_key(key, raw.data(), &size);
        return head(5, 4) + number(1) + number(1) + number(3) + number(-8) + number(-1) + number(6) +
               number(-2) + bytes({raw.begin(), raw.end()});
    }
    if (algorithm_ == -7)
        return head(5, 5) + number(1) + number(2) + number(3) + number(-7) + number(-1) + number(1) +
               number(-2) + bytes(part(key, OSSL_PKEY_PARAM_EC_PUB_X, 32)) + number(-3) +
               bytes(part(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    return head(5, 4) + number(1) + number(3) + number(3) + number(-257) + number(-1) +
           bytes(part(key, OSSL_PKEY_PARAM_RSA_N, 256)) + number(-2) + bytes({"\x01\x00\x01", 3});
}

std::string SoftAuthenticator::authenticator_data(bool with_key) const {
    std::string data = sha256(relying_party);
    data += static_cast<char>(flags | (with_key ? 0x40U : 0U));
    data += big_endian(count, 4);
    if (!with_key) return data;
    data += std::string(16, '\0');  // AAGUID: not told without attestation
    data += big_endian(static_cast<std::uint32_t>(credential.size()), 2);
    return data + credential + cose_key();
}

std::string SoftAuthenticator::sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::vector<unsigned char> signature(512);
    std::size_t size = signature.size();
    EVP_DigestSignInit(context.get(), nullptr, algorithm_ == -8 ? nullptr : EVP_sha256(), nullptr,
                       key_.get());
    if (EVP_DigestSign(context.get(), signature.data(), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
        throw std::runtime_error("cannot sign");
    return {signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string SoftAuthenticator::attestation_object() const {
    return head(5, 3) + words("fmt") + words("none") + words("attStmt") + head(5, 0) + words("authData") +
           bytes(authenticator_data(true));
}

std::string SoftAuthenticator::self_attested(const std::string& client_data) const {
    const std::string data = authenticator_data(true);
    return head(5, 3) + words("fmt") + words("packed") + words("attStmt") + head(5, 2) + words("alg") +
           number(algorithm_) + words("sig") + bytes(sign(data + sha256(client_data))) + words("authData") +
           bytes(data);
}

webhooks::staff::PasskeyAnswer SoftAuthenticator::answer(const std::string& client_data) const {
    const std::string data = authenticator_data(false);
    return {client_data, data, sign(data + sha256(client_data))};
}

std::string client_data(const std::string& type, const std::string& challenge, const std::string& origin,
                        const std::string& more) {
    return R"({"type":")" + type + R"(","challenge":")" + challenge + R"(","origin":")" + origin + "\"" +
           more + "}";
}

}  // namespace staff_test
