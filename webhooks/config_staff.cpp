#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

bool is_claim(std::string_view text) {
    return !text.empty() && text.size() <= 100 &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

/// As a token says it, so it stays as it is: no '/' is cut off or added.
bool is_issuer(std::string_view text) {
    const auto url = parse_url(std::string(text));
    return url && url->query.empty() && kOutgoingUrl.fits(text);
}

const TextRule kIssuer{
    is_issuer, "the https URL that the provider calls itself (http only to this machine), without query"};
const TextRule kClaim{is_claim, "1 to 100 printable characters without blanks, quotes and backslashes"};

}  // namespace

void read_staff(ConfigTable section, Config& config) {
    if (section.has("oidc")) {
        ConfigTable table = section.table("oidc");
        staff::OidcSettings& oidc = config.oidc.emplace();
        table.require({"name", "issuer", "client_id", "client_secret"});
        table.text("name", oidc.name);
        table.text("issuer", oidc.issuer, kIssuer);
        table.text("client_id", oidc.client_id);
        table.secret("client_secret", oidc.client_secret, kPassword);
        table.texts("scopes", oidc.scopes, kClaim);
        table.text("login_claim", oidc.login_claim, kClaim);
        table.texts("second_factor", oidc.second_factor, kAnyText);
        table.refuse_unknown_keys();
    }
    section.refuse_unknown_keys();
}

}  // namespace webhooks
