#include "webhooks/net/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <stdexcept>

namespace webhooks::net {

namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac_base64(const EVP_MD* hash, std::string_view key, std::string_view text) {
    if (key.empty()) throw std::invalid_argument("an HMAC key is empty");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (HMAC(hash, key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), digest.data(),
             &length) == nullptr)
        throw std::runtime_error("OpenSSL cannot make an HMAC");
    std::array<char, sodium_base64_ENCODED_LEN(EVP_MAX_MD_SIZE, sodium_base64_VARIANT_ORIGINAL)> encoded{};
    return sodium_bin2base64(encoded.data(), encoded.size(), digest.data(), length,
                             sodium_base64_VARIANT_ORIGINAL);
}

}  // namespace

std::string hmac_sha1_base64(std::string_view key, std::string_view text) {
    return hmac_base64(EVP_sha1(), key, text);
}

std::string hmac_sha256_base64(std::string_view key, std::string_view text) {
    return hmac_base64(EVP_sha256(), key, text);
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), bytes_of(text), text.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    return sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
}

std::string decode_base64(std::string_view text) {
    std::string decoded(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(), text.data(),
                          text.size(), nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return {};
    decoded.resize(length);
    return decoded;
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace webhooks::net
