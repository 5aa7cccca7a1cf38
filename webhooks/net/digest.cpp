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

const EVP_MD* algorithm(Hash hash) {
    switch (hash) {
        case Hash::md5:
            return EVP_md5();
        case Hash::sha1:
            return EVP_sha1();
        case Hash::sha256:
            return EVP_sha256();
        case Hash::sha384:
            return EVP_sha384();
        case Hash::sha512:
            return EVP_sha512();
    }
    return EVP_sha256();
}

std::string encode_base64(std::string_view bytes, int variant) {
    std::string encoded(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), bytes_of(bytes), bytes.size(), variant);
    encoded.pop_back();  // the terminator
    return encoded;
}

std::string decode(std::string_view text, int variant) {
    std::string decoded(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(), text.data(),
                          text.size(), nullptr, &length, nullptr, variant) != 0)
        return {};
    decoded.resize(length);
    return decoded;
}

std::string to_hex(std::string_view bytes) {
    std::string hex(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes_of(bytes), bytes.size());
    hex.pop_back();
    return hex;
}

}  // namespace

std::string hmac_sha1_base64(std::string_view key, std::string_view text) {
    return encode_base64(hmac(Hash::sha1, key, text), sodium_base64_VARIANT_ORIGINAL);
}

std::string hmac_sha256_base64(std::string_view key, std::string_view text) {
    return encode_base64(hmac(Hash::sha256, key, text), sodium_base64_VARIANT_ORIGINAL);
}

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
    if (key.empty()) throw std::invalid_argument("an HMAC key is empty");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (HMAC(algorithm(hash), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
             digest.data(), &length) == nullptr)
        throw std::runtime_error("OpenSSL cannot make an HMAC");
    return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string hmac_hex(Hash hash, std::string_view key, std::string_view text) {
    return to_hex(hmac(hash, key, text));
}

std::string md5_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot make an MD5");
    return to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), bytes_of(text), text.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
    return sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
}

std::string decode_base64(std::string_view text) { return decode(text, sodium_base64_VARIANT_ORIGINAL); }

std::string decode_base64url(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string encode_base64url(std::string_view bytes) {
    return encode_base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool ed25519_fits(std::string_view public_key, std::string_view text, std::string_view signature) noexcept {
    return public_key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(bytes_of(signature), bytes_of(text), text.size(),
                                       bytes_of(public_key)) == 0;
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace webhooks::net
