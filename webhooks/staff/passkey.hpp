#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace webhooks::staff {

// What a browser brings of a passkey, checked as W3C Web Authentication Level 2 says (7.1 and 7.2). libfido2
// takes the authenticator's bytes apart and verifies its signatures. All bytes raw; thread-safe.

/// The server as an authenticator knows it.
struct RelyingParty {
    std::string origin;  ///< "https://line.example.org", as browsers write it
    std::string id;      ///< "line.example.org"
};
/// @return nothing where browsers have no passkeys: an address in place of a name, or neither https nor
/// localhost
[[nodiscard]] std::optional<RelyingParty> relying_party_of(const std::string& public_url);

/// What is taken, the best first: EdDSA, ES256, RS256 (COSE numbers).
[[nodiscard]] const std::vector<int>& passkey_algorithms();

/// Why a passkey was not taken. The words are for the audit log.
enum class PasskeyDefect {
    malformed,
    wrong_type,
    wrong_challenge,
    wrong_origin,
    wrong_relying_party,
    nobody_there,
    not_verified,
    unknown_algorithm,
    bad_attestation,
    bad_signature
};
[[nodiscard]] std::string_view to_string(PasskeyDefect defect) noexcept;

/// A public key and what it signs with.
struct PasskeyKey {
    int algorithm = 0;
    std::string bytes;  ///< as libfido2 keeps it
};

struct NewPasskey {
    std::string credential;  ///< the authenticator's id for it
    PasskeyKey key;
    std::uint32_t sign_count = 0;
};

/// The challenge that a browser says it has answered, in base64url; empty when there is none.
[[nodiscard]] std::string challenge_in(std::string_view client_data);

/// A passkey being made. Attestation is not asked for: "none", or signed by the new key itself.
[[nodiscard]] boost::system::result<NewPasskey, PasskeyDefect> check_new_passkey(
    const RelyingParty& party, std::string_view challenge, std::string_view client_data,
    std::string_view attestation_object);

struct PasskeyAnswer {
    std::string client_data, authenticator_data, signature;
};
/// A passkey signing in: somebody was there and was verified. @return the authenticator's own count of
/// signatures
[[nodiscard]] boost::system::result<std::uint32_t, PasskeyDefect> check_passkey(const RelyingParty& party,
                                                                                std::string_view challenge,
                                                                                const PasskeyKey& key,
                                                                                const PasskeyAnswer& answer);

/// Whether a count of signatures says that this key was copied: it has to grow, unless none is kept.
[[nodiscard]] constexpr bool is_copied(std::int64_t before, std::uint32_t now) noexcept {
    return (before != 0 || now != 0) && now <= before;
}

}  // namespace webhooks::staff
