#pragma once
#include <string>
#include <vector>

namespace webhooks::staff {

/// An identity provider that staff may sign in by (OpenID Connect). Whoever comes has to have an account that
/// an administrator has made, with their login.
struct OidcSettings {
    std::string name;  ///< on the button
    std::string issuer;
    std::string client_id, client_secret;
    std::vector<std::string> scopes{"email"};  ///< beside openid
    std::string login_claim = "email";
    /// Values of `amr` or `acr` that say a second factor was asked for there. Without one of them an account
    /// that has a second factor here does not come in this way.
    std::vector<std::string> second_factor;
};

}  // namespace webhooks::staff
