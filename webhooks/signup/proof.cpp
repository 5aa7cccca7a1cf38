#include "webhooks/signup/proof.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace webhooks::signup {

namespace {

constexpr std::size_t kStamp = 16;  // expiry and serial number
constexpr std::size_t kMac = 16;
constexpr std::size_t kText = 43;  // of both, in base64url without padding
constexpr std::size_t kLongestAnswer = 20;
using Stamp = std::array<std::uint64_t, 2>;
static_assert(sizeof(Stamp) == kStamp);

std::uint64_t millis_of(ProofOfWork::Clock::time_point at) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

bool is_answer(std::string_view text) {
    return !text.empty() && text.size() <= kLongestAnswer &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int leading_zero_bits(std::string_view challenge, std::string_view answer) {
    std::string text(challenge);
    text.append(":").append(answer);
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    int bits = 0;
    for (const unsigned char byte : hash) {
        bits += std::countl_zero(byte);
        if (byte != 0) break;
    }
    return bits;
}

}  // namespace

ProofOfWork::ProofOfWork(int bits, std::chrono::milliseconds lasts) : bits_(bits), lasts_(lasts) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    randombytes_buf(key_.data(), key_.size());
}

std::array<unsigned char, 16> ProofOfWork::mac_of(const unsigned char* stamp) const {
    std::array<unsigned char, kMac> mac{};
    crypto_generichash(mac.data(), mac.size(), stamp, kStamp, key_.data(), key_.size());
    return mac;
}

std::string ProofOfWork::challenge(Clock::time_point now) {
    const Stamp stamp{millis_of(now + lasts_), next_};
    used_[next_ % kRing] = false;
    ++next_;
    std::array<unsigned char, kStamp + kMac> bytes{};
    std::memcpy(bytes.data(), stamp.data(), kStamp);
    const auto mac = mac_of(bytes.data());
    std::copy(mac.begin(), mac.end(), bytes.begin() + kStamp);
    std::array<char, kText + 1> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text.data();
}

ProofOfWork::Verdict ProofOfWork::spend(std::string_view challenge, std::string_view answer,
                                        Clock::time_point now) {
    std::array<unsigned char, kStamp + kMac> bytes{};
    std::size_t length = 0;
    const bool readable =
        challenge.size() == kText &&
        sodium_base642bin(bytes.data(), bytes.size(), challenge.data(), challenge.size(), nullptr, &length,
                          nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
        length == bytes.size();
    if (!readable || !is_answer(answer)) return Verdict::malformed;
    const auto mac = mac_of(bytes.data());
    if (sodium_memcmp(mac.data(), bytes.data() + kStamp, kMac) != 0) return Verdict::forged;
    Stamp stamp{};
    std::memcpy(stamp.data(), bytes.data(), kStamp);
    const auto [expires, serial] = stamp;
    if (millis_of(now) >= expires || serial + kRing < next_) return Verdict::expired;
    if (used_[serial % kRing]) return Verdict::used;
    if (leading_zero_bits(challenge, answer) < bits_) return Verdict::too_little;
    used_[serial % kRing] = true;
    return Verdict::ok;
}

}  // namespace webhooks::signup
