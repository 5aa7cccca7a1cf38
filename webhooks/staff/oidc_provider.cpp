#include "webhooks/staff/oidc_provider.hpp"

#include "webhooks/config_values.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kKept = 1h;
constexpr auto kKeysAnew = 1min;
constexpr std::chrono::milliseconds kPatience{8'000};

net::OutgoingRequest get(std::string url) {
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = std::move(url);
    request.headers = {"Accept: application/json"};
    request.deadline = kPatience;
    return request;
}

/// RFC 6749, 2.3.1: both are form-encoded before they become a user name and a password.
std::string form_encoded(const std::string& text) { return http::encode_form({{"", text}}).substr(1); }

std::string with_query(std::string url, const http::Form& fields) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    return url + http::encode_form(fields);
}

/// Basic, unless the provider says that it takes the secret in the body only (Discovery 1.0, 3).
bool wants_secret_in_body(const json& about) {
    constexpr const char* kMethods = "token_endpoint_auth_methods_supported";
    return about.contains(kMethods) && !claim_has(about, kMethods, {"client_secret_basic"}) &&
           claim_has(about, kMethods, {"client_secret_post"});
}

}  // namespace

asio::awaitable<std::optional<json>> OidcProvider::fetch(net::OutgoingRequest request) {
    auto [failed, reply] = co_await curl_.async_exchange(std::move(request), net::as_result);
    if (failed) co_return std::nullopt;
    json body = json::parse(reply.body, nullptr, false);
    if (!body.is_object()) co_return std::nullopt;
    if (reply.status != 200) co_return json{{"error", text_claim(body, "error")}};
    co_return body;
}

asio::awaitable<bool> OidcProvider::discover() {
    if (endpoints_ && Clock::now() - found_at_ < kKept) co_return true;
    std::string base = settings_.issuer;
    while (base.ends_with('/')) base.pop_back();
    const auto about = co_await fetch(get(base + "/.well-known/openid-configuration"));
    if (!about || text_claim(*about, "issuer") != settings_.issuer) co_return false;
    Endpoints found{text_claim(*about, "authorization_endpoint"), text_claim(*about, "token_endpoint"),
                    text_claim(*about, "jwks_uri"), wants_secret_in_body(*about)};
    for (const std::string& url : {found.authorization, found.token, found.keys})
        if (!kOutgoingUrl.fits(url)) co_return false;
    endpoints_ = std::move(found);
    found_at_ = Clock::now();
    co_return true;
}

asio::awaitable<bool> OidcProvider::read_keys() {
    const auto document = co_await fetch(get(endpoints_->keys));
    keys_at_ = Clock::now();
    if (!document) co_return false;
    keys_ = keys_of(document->dump());
    co_return !keys_.empty();
}

asio::awaitable<std::optional<std::string>> OidcProvider::authorization_url(const Attempt& attempt) {
    if (!co_await discover()) co_return std::nullopt;
    std::string scope = "openid";
    for (const std::string& one : settings_.scopes) scope.append(" ").append(one);
    co_return with_query(endpoints_->authorization, {{"response_type", "code"},
                                                     {"client_id", settings_.client_id},
                                                     {"redirect_uri", attempt.redirect_uri},
                                                     {"scope", scope},
                                                     {"state", attempt.state},
                                                     {"nonce", attempt.nonce},
                                                     {"code_challenge", sha256_base64url(attempt.verifier)},
                                                     {"code_challenge_method", "S256"}});
}

net::OutgoingRequest OidcProvider::token_request(std::string code, const Attempt& attempt) const {
    net::OutgoingRequest request;
    request.url = endpoints_->token;
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
    request.deadline = kPatience;
    http::Form form{{"grant_type", "authorization_code"},
                    {"code", std::move(code)},
                    {"redirect_uri", attempt.redirect_uri},
                    {"code_verifier", attempt.verifier}};
    if (endpoints_->secret_in_body) {
        form.emplace_back("client_id", settings_.client_id);
        form.emplace_back("client_secret", settings_.client_secret);
    } else {
        request.basic_auth = form_encoded(settings_.client_id);
        request.basic_auth.append(":").append(form_encoded(settings_.client_secret));
    }
    request.body = http::encode_form(form);
    return request;
}

asio::awaitable<boost::system::result<std::string, OidcProvider::Failure>> OidcProvider::redeem(
    std::string code, const Attempt& attempt) {
    if (!co_await discover()) co_return Failure{false, "no discovery document"};
    const auto answer = co_await fetch(token_request(std::move(code), attempt));
    if (!answer) co_return Failure{false, "no answer to the code"};
    const std::string token = text_claim(*answer, "id_token");
    if (token.empty()) co_return Failure{true, "the code was not taken"};
    if (keys_.empty() && !co_await read_keys()) co_return Failure{false, "no keys"};
    const TokenTerms terms{settings_.issuer, settings_.client_id, attempt.nonce};
    auto claims = check_id_token(token, keys_, terms, net::now());
    if (!claims && claims.error() == TokenDefect::unknown_key && Clock::now() - keys_at_ > kKeysAnew) {
        if (!co_await read_keys()) co_return Failure{false, "no keys"};
        claims = check_id_token(token, keys_, terms, net::now());
    }
    if (!claims) co_return Failure{true, std::string(to_string(claims.error()))};
    co_return std::move(*claims);
}

}  // namespace webhooks::staff
