#pragma once
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/gateways/gateway.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

// Proofs that several gateways share. All live secrets are tried without an early end, so that the time says
// nothing about which one fitted.

/// Basic authentication (RFC 7617) with this user and one of these passwords, as UTF-8.
[[nodiscard]] std::optional<Refused> check_basic(const http::Request& request, std::string_view user,
                                                 const std::vector<std::string>& passwords);

/// One of several signatures that are joined by commas, without blanks.
[[nodiscard]] bool holds_signature(std::string_view joined, std::string_view expected);

/// Whole seconds since 1970: digits only, for a sign or a blank would be another text under one signature.
[[nodiscard]] std::optional<std::chrono::seconds> read_timestamp(std::string_view text) noexcept;
/// At most five minutes from `now`, either way.
[[nodiscard]] bool is_current(std::chrono::seconds timestamp, bot::TimePoint now) noexcept;

/// A JSON Web Token (RFC 7519) whose HMAC fits one of the keys. Only these algorithms are taken, whatever its
/// header asks for: never "none".
struct JwtAlgorithm {
    std::string_view name;  ///< "HS256"
    net::Hash hash;
};
/// @return its claims; nothing when it is not such a token
[[nodiscard]] std::optional<nlohmann::json> verify_jwt(std::string_view token,
                                                       const std::vector<std::string>& keys,
                                                       std::initializer_list<JwtAlgorithm> algorithms);
/// HS256, for probes.
[[nodiscard]] std::string sign_jwt(const nlohmann::json& claims, std::string_view key);
/// True when exp and nbf, where present, hold at `now` give or take `leeway`.
[[nodiscard]] bool is_within_its_time(const nlohmann::json& claims, bot::TimePoint now,
                                      std::chrono::seconds leeway) noexcept;

}  // namespace webhooks::gateways
