#pragma once
#include <string>
#include <string_view>

namespace webhooks::net {

// Digests of what other systems sign. Thread-safe. An empty key is a programming error
// (std::invalid_argument): a signature that anybody can make must never be checked or made.

/// HMAC-SHA1 in base64 with padding (RFC 2104, RFC 4648).
[[nodiscard]] std::string hmac_sha1_base64(std::string_view key, std::string_view text);
/// HMAC-SHA256 in base64 with padding.
[[nodiscard]] std::string hmac_sha256_base64(std::string_view key, std::string_view text);
/// SHA-256 in lower-case hex.
[[nodiscard]] std::string sha256_hex(std::string_view text);
/// Strict base64 with padding; empty when `text` is not that.
[[nodiscard]] std::string decode_base64(std::string_view text);
/// Strict base64url without padding (RFC 7515, section 2); empty when `text` is not that.
[[nodiscard]] std::string decode_base64url(std::string_view text);
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

enum class Hash { md5, sha1, sha256, sha384, sha512 };
/// HMAC as raw bytes, or in lower-case hex.
[[nodiscard]] std::string hmac(Hash hash, std::string_view key, std::string_view text);
[[nodiscard]] std::string hmac_hex(Hash hash, std::string_view key, std::string_view text);
/// MD5 in lower-case hex: of use only where a vendor's scheme asks for it.
[[nodiscard]] std::string md5_hex(std::string_view text);
/// Whether `signature` (64 raw bytes) is that of `text` under this Ed25519 public key (32 raw bytes; RFC
/// 8032).
[[nodiscard]] bool ed25519_fits(std::string_view public_key, std::string_view text,
                                std::string_view signature) noexcept;
/// Whether two texts are equal, in a time that tells their lengths at most.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b) noexcept;

}  // namespace webhooks::net
