#include "webhooks/signup/limits.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "webhooks/signup/number.hpp"

namespace webhooks::signup {

namespace {

using std::chrono::hours;
constexpr std::size_t kSlots = 16'384;

}  // namespace

Rate::Rate(int count, Clock::duration span, std::size_t slots)
    : span_(span), each_(span / count), paid_until_(slots) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    randombytes_buf(hash_key_.data(), hash_key_.size());
}

std::size_t Rate::slot_of(std::string_view key) const noexcept {
    static_assert(crypto_shorthash_KEYBYTES == std::tuple_size_v<decltype(hash_key_)>);
    std::array<unsigned char, crypto_shorthash_BYTES> hash{};
    crypto_shorthash(hash.data(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     hash_key_.data());
    std::uint64_t number = 0;
    std::memcpy(&number, hash.data(), sizeof number);
    return number % paid_until_.size();
}

std::optional<std::chrono::seconds> Rate::wait(std::string_view key, Clock::time_point now) const {
    const Clock::time_point after = std::max(paid_until_[slot_of(key)], now) + each_;
    if (after - now <= span_) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(after - now - span_);
}

void Rate::take(std::string_view key, Clock::time_point now) {
    Clock::time_point& paid_until = paid_until_[slot_of(key)];
    paid_until = std::max(paid_until, now) + each_;
}

Limits::Limits(const Settings& settings)
    : address_(settings.per_address_an_hour, hours{1}, kSlots),
      prefix_(settings.per_prefix_an_hour, hours{1}, kSlots),
      hour_(settings.an_hour, hours{1}, 1),
      day_(settings.a_day, hours{24}, 1),
      number_(settings.per_number_a_day, hours{24}, kSlots) {}

std::optional<Limits::Full> Limits::admit(std::string_view address, std::string_view e164,
                                          Clock::time_point now) {
    const std::string_view prefix = prefix_of(e164);
    if (const auto wait = address_.wait(address, now)) return Full{"address", *wait};
    if (const auto wait = prefix_.wait(prefix, now)) return Full{"prefix", *wait};
    if (const auto wait = hour_.wait({}, now)) return Full{"all", *wait};
    if (const auto wait = day_.wait({}, now)) return Full{"all", *wait};
    address_.take(address, now);
    prefix_.take(prefix, now);
    hour_.take({}, now);
    day_.take({}, now);
    return std::nullopt;
}

bool Limits::admit_number(std::string_view e164, Clock::time_point now) {
    if (number_.wait(e164, now)) return false;
    number_.take(e164, now);
    return true;
}

}  // namespace webhooks::signup
