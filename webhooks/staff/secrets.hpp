#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "bot/time.hpp"

namespace webhooks::staff {

// What accounts are proved with. All thread-safe; the first use starts libsodium.

/// 256 bits from the kernel, in base64url without padding (43 characters).
[[nodiscard]] std::string fresh_secret();
/// What a webhook is signed with: "whsec_" and 256 bits from the kernel in base64.
[[nodiscard]] std::string fresh_webhook_secret();

/// SHA-256 in base64url without padding.
[[nodiscard]] std::string sha256_base64url(std::string_view text);

/// argon2id (RFC 9106) with 64 MiB, in libsodium's own text form: about 0.1 s, so never on the net thread.
/// @throws std::bad_alloc when the memory is not there
[[nodiscard]] std::string hash_password(const std::string& password);
[[nodiscard]] bool password_fits(const std::string& hash, const std::string& password) noexcept;
/// What no password fits, to spend the same time on an account that does not exist.
[[nodiscard]] const std::string& hash_of_nobody();

/// A second factor: 160 bits in base32, as authenticators take them.
[[nodiscard]] std::string fresh_code_secret();
/// The code of one 30 s step: TOTP with HMAC-SHA1 and six digits (RFC 6238). Empty for a bad secret.
[[nodiscard]] std::string code_at(std::string_view base32, std::int64_t step);
[[nodiscard]] constexpr std::int64_t code_step(bot::TimePoint now) noexcept {
    return bot::to_millis(now) / 30'000;
}
/// The step whose code this is, one before or after now allowed; 0 when it is none, or not after `last`.
[[nodiscard]] std::int64_t step_of_code(std::string_view base32, std::string_view code, std::int64_t last,
                                        bot::TimePoint now);

}  // namespace webhooks::staff
