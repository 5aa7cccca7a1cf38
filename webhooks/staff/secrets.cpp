#include "webhooks/staff/secrets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <new>
#include <stdexcept>

#include "webhooks/net/digest.hpp"

namespace webhooks::staff {

namespace {

constexpr unsigned long long kPasses = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr std::size_t kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void start_sodium() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

std::string fresh_bits(int variant) {
    start_sodium();
    std::array<unsigned char, 32> key{};
    randombytes_buf(key.data(), key.size());
    std::array<char, 64> text{};
    sodium_bin2base64(text.data(), text.size(), key.data(), key.size(), variant);
    return text.data();
}

std::string decode_base32(std::string_view text) {
    std::string bytes;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : text) {
        const std::size_t value = kBase32.find(c);
        if (value == std::string_view::npos) return {};
        buffer = buffer << 5U | static_cast<unsigned>(value);
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(buffer >> static_cast<unsigned>(bits) & 0xFFU);
    }
    return bytes;
}

}  // namespace

std::string fresh_secret() { return fresh_bits(sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

std::string fresh_webhook_secret() { return "whsec_" + fresh_bits(sodium_base64_VARIANT_ORIGINAL); }

std::string sha256_base64url(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return net::encode_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string hash_password(const std::string& password) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str(text.data(), password.data(), password.size(), kPasses, kMemory) != 0)
        throw std::bad_alloc();
    return text.data();
}

bool password_fits(const std::string& hash, const std::string& password) noexcept {
    return sodium_init() >= 0 &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& hash_of_nobody() {
    static const std::string hash = hash_password(fresh_secret());
    return hash;
}

std::string fresh_code_secret() {
    start_sodium();
    std::string text;
    for (int i = 0; i < 32; ++i) text += kBase32[randombytes_uniform(32)];
    return text;
}

std::string code_at(std::string_view base32, std::int64_t step) {
    const std::string key = decode_base32(base32);
    if (key.empty()) return {};
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[7 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i) & 0xFFU);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), digest.data(),
         &size);
    if (size != 20) return {};
    const std::size_t at = digest[19] & 0x0FU;  // dynamic truncation, RFC 4226 5.3
    const std::uint32_t number = (digest[at] & 0x7FU) << 24U |
                                 static_cast<std::uint32_t>(digest[at + 1]) << 16U |
                                 static_cast<std::uint32_t>(digest[at + 2]) << 8U | digest[at + 3];
    std::string code = std::to_string(number % 1'000'000);
    return std::string(6 - code.size(), '0') + code;
}

std::int64_t step_of_code(std::string_view base32, std::string_view code, std::int64_t last,
                          bot::TimePoint now) {
    std::int64_t found = 0;
    for (const std::int64_t step : {code_step(now) - 1, code_step(now), code_step(now) + 1}) {
        const std::string right = code_at(base32, step);
        if (!right.empty() && net::same_secret(right, code) && step > last) found = step;
    }
    return found;
}

}  // namespace webhooks::staff
