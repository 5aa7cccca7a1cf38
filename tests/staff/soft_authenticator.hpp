#pragma once
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>

#include "webhooks/staff/passkey.hpp"

namespace staff_test {

/// An authenticator in software (FIDO CTAP 2), written by the standard's text and not by what libfido2 takes:
/// its key, and each thing it says open to be said wrong.
class SoftAuthenticator {
public:
    explicit SoftAuthenticator(int algorithm);

    std::string relying_party = "line.example.org";
    unsigned flags = 0x05;  ///< user present, user verified
    std::uint32_t count = 1;
    std::string credential = "a credential's id";

    /// authData with the new key in it, wrapped as navigator.credentials.create gives it.
    [[nodiscard]] std::string attestation_object() const;
    /// "packed", signed by the new key itself. @param client_data  what the browser said
    [[nodiscard]] std::string self_attested(const std::string& client_data) const;
    [[nodiscard]] webhooks::staff::PasskeyAnswer answer(const std::string& client_data) const;

private:
    [[nodiscard]] std::string authenticator_data(bool with_key) const;
    [[nodiscard]] std::string cose_key() const;
    [[nodiscard]] std::string sign(const std::string& text) const;

    int algorithm_;
    std::shared_ptr<EVP_PKEY> key_;
};

/// What a browser says it did.
[[nodiscard]] std::string client_data(const std::string& type, const std::string& challenge,
                                      const std::string& origin, const std::string& more = {});

}  // namespace staff_test
