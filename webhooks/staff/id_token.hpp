#pragma once
#include <boost/system/result.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"

namespace webhooks::staff {

// The ID token of an identity provider, checked as OpenID Connect Core 1.0 says (3.1.3.7). cjose verifies the
// signature; only RS256 and ES256 are taken, whatever the token says of itself. Pure and thread-safe.

/// Public keys a provider signs with, as it publishes them (RFC 7517).
using KeySet = std::vector<nlohmann::json>;
/// The keys of a JWKS document that can verify a signature of ours; empty when it is none.
[[nodiscard]] KeySet keys_of(std::string_view document);

/// Why an ID token was not taken. The words are for the audit log.
enum class TokenDefect {
    malformed,
    bad_algorithm,
    unknown_key,  ///< perhaps newer than the set of keys at hand
    bad_signature,
    wrong_issuer,
    wrong_audience,
    wrong_nonce,
    too_old,
    too_early,
    no_subject
};
[[nodiscard]] std::string_view to_string(TokenDefect defect) noexcept;

/// What a token has to say.
struct TokenTerms {
    std::string issuer, client_id, nonce;
};

/// @return the claims as JSON, an object with a subject in it
[[nodiscard]] boost::system::result<std::string, TokenDefect> check_id_token(const std::string& token,
                                                                             const KeySet& keys,
                                                                             const TokenTerms& terms,
                                                                             bot::TimePoint now);

/// A claim that is a text; empty when it is none.
[[nodiscard]] std::string text_claim(const nlohmann::json& claims, std::string_view name);
/// Whether a claim is one of these words, or a list with one of them.
[[nodiscard]] bool claim_has(const nlohmann::json& claims, std::string_view name,
                             const std::vector<std::string>& words);

}  // namespace webhooks::staff
