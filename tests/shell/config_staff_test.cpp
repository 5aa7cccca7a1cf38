// How staff may sign in.
#include "tests/shell/config_fixture.hpp"

using namespace config_test;

namespace {

std::string with_oidc(const std::string& lines) { return std::string(kGood) + "[staff.oidc]\n" + lines; }

constexpr const char* kWhole =
    "name = \"Riverside login\"\n"
    "issuer = \"https://login.example.org/realms/centre\"\n"
    "client_id = \"handrail\"\n"
    "client_secret = \"env:OIDC_SECRET\"\n";

}  // namespace

TEST_CASE("config: an identity provider is off unless it is written, and then believed no more than said") {
    CHECK_FALSE(parse(std::string(kGood)).config->oidc.has_value());
    const LoadedConfig loaded = parse(with_oidc(kWhole));
    CAPTURE(all_of(loaded.problems));
    REQUIRE(loaded.config.has_value());
    const auto& oidc = loaded.config->oidc.value();
    CHECK(oidc.name == "Riverside login");
    CHECK(oidc.issuer == "https://login.example.org/realms/centre");
    CHECK(oidc.client_id == "handrail");
    CHECK(oidc.client_secret == "CANARY-client-secret");
    CHECK(oidc.scopes == std::vector<std::string>{"email"});
    CHECK(oidc.login_claim == "email");
    CHECK(oidc.second_factor.empty());
}

TEST_CASE("config: half an identity provider is refused, and what it lacks is named") {
    struct Row {
        const char* why;
        std::string lines;
        const char* want;  ///< part of one of the messages
    };
    const std::string whole = kWhole;
    const auto without = [&](const char* key) {
        const std::size_t at = whole.find(key);
        return whole.substr(0, at) + whole.substr(whole.find('\n', at) + 1);
    };
    const Row rows[]{
        {"an empty section", "", "staff.oidc.issuer: is missing"},
        {"no secret", without("client_secret"), "staff.oidc.client_secret: is missing"},
        {"no client", without("client_id"), "staff.oidc.client_id: is missing"},
        {"nothing for the button", without("name"), "staff.oidc.name: is missing"},
        {"by http across the internet", without("issuer") + "issuer = \"http://login.example.org\"\n",
         "staff.oidc.issuer: must be the https URL"},
        {"an issuer with a query", without("issuer") + "issuer = \"https://login.example.org/?a=1\"\n",
         "staff.oidc.issuer: must be the https URL"},
        {"the secret itself in the file",
         without("client_secret") + "client_secret = \"CANARY-client-secret\"\n",
         "staff.oidc.client_secret:"},
        {"a secret that is not there", without("client_secret") + "client_secret = \"env:NOWHERE\"\n",
         "staff.oidc.client_secret:"},
        {"a claim with a blank", whole + "login_claim = \"e mail\"\n", "staff.oidc.login_claim: must be"},
        {"an unknown key", whole + "role_claim = \"groups\"\n",
         "staff.oidc.role_claim: is not a key known here"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const LoadedConfig loaded = parse(with_oidc(row.lines));
        CHECK_FALSE(loaded.config.has_value());
        const std::string told = all_of(loaded.problems);
        CAPTURE(told);
        CHECK(told.find(row.want) != std::string::npos);
        CHECK(told.find(kCanary) == std::string::npos);
    }
}
