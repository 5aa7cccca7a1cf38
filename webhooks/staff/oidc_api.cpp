#include "webhooks/staff/oidc_api.hpp"

#include <algorithm>

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/gatekeeper.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::AccountRow;
using store::StoreTx;

constexpr std::string_view kAttempt = "handrail_oidc";
constexpr std::string_view kPath = "/api/v1/session/oidc";
constexpr std::size_t kLongestCode = 4'096;

std::string purpose_of(const std::string& secret) { return "state " + secret; }

Response off() { return refuse(404, "not_found", "No identity provider is configured."); }

/// Nobody in particular, in the audit log.
std::string nobody() { return "identity provider"; }

std::string query_of(const Call& call, std::string_view name) {
    return std::string(http::field(call.query, name).value_or(""));
}

/// Who has come, and what may be said of it.
struct Visitor {
    std::string subject;  ///< issuer and subject: for good
    std::string login;
    bool second_factor = false;
};

/// An address that the provider has not verified may be anybody's.
Visitor visitor_of(const json& claims, const OidcSettings& settings) {
    Visitor visitor;
    visitor.subject = settings.issuer + "\n" + text_claim(claims, "sub");
    const auto verified = claims.find("email_verified");
    if (settings.login_claim != "email" || verified == claims.end() || *verified == true)
        visitor.login = lower_login(text_claim(claims, settings.login_claim));
    visitor.second_factor =
        claim_has(claims, "amr", settings.second_factor) || claim_has(claims, "acr", settings.second_factor);
    return visitor;
}

/// Why somebody does not come in: for the page, and for the audit log.
struct TurnedAway {
    std::string_view code;
    std::string who, why;
};

/// The account of whoever has come: tied to them, or to be tied to them now.
boost::system::result<AccountRow, TurnedAway> account_of(StoreTx& tx, const Visitor& visitor) {
    auto account = tx.staff().account_of_subject(visitor.subject);
    const bool tied = account.has_value();
    if (!tied) account = tx.staff().account_with_login(visitor.login);
    if (!account || account->disabled)
        return TurnedAway{"oidc_no_account", nobody(), "no account with this login"};
    if (!tied && account->bound)
        return TurnedAway{"oidc_no_account", account->name, "the login is somebody else's now"};
    if (!account->second_factor.empty() && !visitor.second_factor)
        return TurnedAway{"oidc_second_factor", account->name, "no second factor"};
    if (!tied) tx.staff().bind_subject(account->id, visitor.subject);
    return *account;
}

}  // namespace

std::string lower_login(std::string login) {
    std::ranges::transform(login, login.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return login;
}

OidcApi::OidcApi(const Parts& parts, Doorkeeper& door) : parts_(parts), door_(door) {
    if (parts.oidc) provider_.emplace(*parts.oidc, parts.curl);
}

void OidcApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (OidcApi::*)(const Call&);
    const auto route = [&](std::string path, Method handle) {
        routes.push_back({"GET", std::move(path), std::nullopt, true,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route(std::string(kPath), &OidcApi::begin);
    route(std::string(kPath) + "/callback", &OidcApi::come_back);
}

/// All that one attempt needs comes from the secret in its browser's cookie: nothing waits here.
OidcProvider::Attempt OidcApi::attempt_of(const std::string& secret, std::string state) const {
    return {std::move(state), challenges_.derived("nonce " + secret),
            challenges_.derived("verifier " + secret), parts_.public_url + std::string(kPath) + "/callback"};
}

/// @param fragment  after the "#" of the dashboard's address
Response OidcApi::to_page(std::string_view fragment) const {
    Response response = Response::text(303, "");
    std::string page = parts_.public_url + "/dashboard/#";
    response.headers.emplace_back("Location", page.append(fragment));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

/// Lax: it has to come along when the provider sends the browser back.
std::string OidcApi::cookie(const std::string& value, std::chrono::seconds lasts) const {
    std::string header(kAttempt);
    header.append("=").append(value).append("; Path=").append(kPath);
    header.append("; HttpOnly; SameSite=Lax; Max-Age=").append(std::to_string(lasts.count()));
    return parts_.public_url.starts_with("https:") ? header + "; Secure" : header;
}

asio::awaitable<Response> OidcApi::begin(const Call& call) {
    if (!provider_) co_return off();
    const std::string secret = fresh_secret();
    const auto attempt = attempt_of(secret, challenges_.issue(purpose_of(secret), net::now()));
    const auto url = co_await provider_->authorization_url(attempt);
    if (!url) co_return co_await turn_away(call, "oidc_unavailable", nobody(), "no discovery document");
    Response response = Response::text(303, "");
    response.headers.emplace_back("Location", *url);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Set-Cookie", cookie(secret, Challenges::kLast));
    co_return response;
}

/// Tells the page why; the audit log, more.
asio::awaitable<Response> OidcApi::turn_away(const Call& call, std::string_view code, std::string who,
                                             std::string why) {
    const std::function<bool(StoreTx&)> work = [=, address = call.address](StoreTx& tx) {
        audit_account(tx, who, "oidc_refused", why, address);
        return true;
    };
    if (!co_await write_to<bool>(parts_, work)) co_return to_page("oidc=oidc_unavailable");
    Response response = to_page("oidc=" + std::string(code));
    response.headers.emplace_back("Set-Cookie", cookie("", std::chrono::seconds{0}));
    co_return response;
}

asio::awaitable<Response> OidcApi::come_back(const Call& call) {
    if (!provider_) co_return off();
    const std::string state = query_of(call, "state");
    const std::string throttled =
        "state " + net::sha256_hex(state);  // so it is the address that is held back
    if (door_.held_back(throttled, call)) co_return to_page("oidc=throttled");
    const std::string secret(cookie_of(call.request, kAttempt).value_or(""));
    if (secret.empty() || !challenges_.is_open(state, purpose_of(secret), net::now())) {
        door_.failed(throttled, call);
        co_return to_page("oidc=oidc_expired");
    }
    challenges_.use(state, net::now());
    const std::string code = query_of(call, "code");
    const auto issuer = http::field(call.query, "iss");  // RFC 9207: sent from where it was sent to
    if (code.empty() || code.size() > kLongestCode || (issuer && *issuer != parts_.oidc->issuer))
        co_return co_await turn_away(call, "oidc_refused", nobody(), "the provider let nobody in");
    auto claims = co_await provider_->redeem(code, attempt_of(secret, state));
    if (claims) co_return co_await let_in(call, std::move(*claims));
    const auto& failure = claims.error();
    if (!failure.reached) co_return co_await turn_away(call, "oidc_unavailable", nobody(), failure.why);
    door_.failed(throttled, call);
    co_return co_await turn_away(call, "oidc_refused", nobody(), failure.why);
}

asio::awaitable<Response> OidcApi::let_in(const Call& call, std::string claims) {
    const Visitor visitor = visitor_of(json::parse(claims, nullptr, false), *parts_.oidc);
    using Result = boost::system::result<AccountRow, TurnedAway>;
    const std::function<Result(StoreTx&)> look = [visitor](StoreTx& tx) { return account_of(tx, visitor); };
    const auto found = co_await write_to<Result>(parts_, look);
    if (!found) co_return to_page("oidc=oidc_unavailable");
    if (!*found) {
        const TurnedAway& away = found->error();
        co_return co_await turn_away(call, away.code, away.who, away.why);
    }
    // It may have been taken away again since then.
    Doorkeeper::Proof proof = [visitor](StoreTx& tx, AccountRow& current) {
        const auto owner = tx.staff().account_of_subject(visitor.subject);
        return owner && owner->id == current.id;
    };
    auto opened = co_await door_.open_session(**found, call, "signed_in_oidc", std::move(proof));
    if (!opened) co_return to_page("oidc=oidc_no_account");
    Response response = to_page("");
    response.headers.emplace_back("Set-Cookie", door_.cookie_header(opened->cookie, kSessionLimit));
    response.headers.emplace_back("Set-Cookie", cookie("", std::chrono::seconds{0}));
    co_return response;
}

}  // namespace webhooks::staff
