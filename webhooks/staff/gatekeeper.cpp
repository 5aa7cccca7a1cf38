#include "webhooks/staff/gatekeeper.hpp"

#include "webhooks/http/problem.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"

namespace webhooks::staff {

namespace {

using http::Request;
using http::Response;

constexpr std::chrono::minutes kSeenEvery{1};
constexpr std::chrono::minutes kUsedEvery{10};

Response not_signed_in() {
    Response response =
        refuse(401, "not_signed_in", "Sign in, or send Authorization: Bearer and an API token.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

/// What a configured token may do: what every one could before tokens had scopes.
Permissions configured_scopes() {
    Permissions all;
    for (const Permission one : {Permission::read_conversations, Permission::read_ledger,
                                 Permission::read_oncall, Permission::read_flows, Permission::read_numbers})
        all.add(one);
    return all;
}

std::vector<http::Network> networks_of(const std::vector<std::string>& texts) {
    std::vector<http::Network> networks;
    for (const std::string& text : texts) networks.push_back(http::parse_network(text).value());
    return networks;
}

struct Found {
    std::optional<store::SessionRow> session;
    std::optional<store::AccountRow> account;
};

}  // namespace

std::optional<std::string_view> cookie_of(const Request& request, std::string_view name) {
    std::string_view rest = request.header("Cookie").value_or("");
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::string_view one = rest.substr(0, end);
        while (one.starts_with(' ')) one.remove_prefix(1);
        if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
            return one.substr(name.size() + 1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

Gatekeeper::Gatekeeper(const Parts& parts) : parts_(parts), proxies_(networks_of(parts.trusted_proxies)) {}

std::string Gatekeeper::address_of(const Request& request) const {
    return http::network_of(http::client_of(request, proxies_)).to_string();
}

bool Gatekeeper::is_from_elsewhere(const Request& request) {
    const auto site = request.header("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none") return true;
    const auto origin = request.header("Origin");
    if (!origin) return false;
    const std::size_t scheme = origin->find("://");
    if (scheme == std::string_view::npos) return true;
    return request.header("Host") != origin->substr(scheme + 3);
}

bool Gatekeeper::has_own_header(const Request& request) { return request.header("X-Handrail") == "1"; }

const ApiToken* Gatekeeper::configured(const std::string& hash) const {
    const ApiToken* found = nullptr;
    for (const ApiToken& token : parts_.tokens) {  // every one is compared, so that time tells nothing
        if (net::same_secret(token.sha256_hex, hash)) found = &token;
    }
    return found;
}

asio::awaitable<Gatekeeper::Result> Gatekeeper::authorize(const Request& request) const {
    constexpr std::string_view kScheme = "Bearer ";
    std::string address = address_of(request);
    if (const auto header = request.header("Authorization")) {
        if (!header->starts_with(kScheme)) co_return not_signed_in();
        co_return co_await by_token(header->substr(kScheme.size()), std::move(address));
    }
    if (const auto cookie = cookie_of(request, kCookie))
        co_return co_await by_session(std::string(*cookie), std::move(address));
    co_return not_signed_in();
}

asio::awaitable<Gatekeeper::Result> Gatekeeper::by_token(std::string_view token, std::string address) const {
    const std::string hash = net::sha256_hex(token);
    Caller caller;
    caller.actor.address = std::move(address);
    if (const ApiToken* one = configured(hash)) {
        caller.actor.name = "token " + one->name;
        caller.actor.may = configured_scopes();
        caller.sees_numbers = one->sees_numbers;
        co_return caller;
    }
    using Row = std::optional<store::TokenRow>;
    const std::function<Row(store::StoreReader&)> look = [hash](store::StoreReader& reader) {
        return reader.staff().token(hash);
    };
    const auto row = co_await read_from<Row>(parts_.store, look);
    if (!row) co_return store_down();
    if (!*row) co_return not_signed_in();
    const store::TokenRow& found = **row;
    caller.actor.name = "token " + found.name;
    caller.actor.may = Permissions(found.scopes);
    caller.sees_numbers = found.sees_numbers;
    const bot::TimePoint now = net::now();
    if (!found.last_used_at || now - *found.last_used_at > kUsedEvery) {
        store::Store::Job job = [id = found.id, now](store::StoreTx& tx) -> boost::system::error_code {
            tx.staff().token_used(id, now);
            return {};
        };
        static_cast<void>(co_await parts_.store.async_transact(std::move(job), net::as_result));
    }
    co_return caller;
}

asio::awaitable<Gatekeeper::Result> Gatekeeper::by_session(std::string cookie, std::string address) const {
    const std::string hash = net::sha256_hex(cookie);
    const std::function<Found(store::StoreReader&)> look = [hash](store::StoreReader& reader) {
        Found found{reader.staff().session(hash), {}};
        if (found.session) found.account = reader.staff().account(found.session->account);
        return found;
    };
    const auto found = co_await read_from<Found>(parts_.store, look);
    if (!found) co_return store_down();
    const bot::TimePoint now = net::now();
    if (!found->session || !found->account || found->account->disabled ||
        now - found->session->created_at >= kSessionLimit || now - found->session->seen_at >= kIdleLimit)
        co_return not_signed_in();
    if (now - found->session->seen_at > kSeenEvery) {
        store::Store::Job job = [hash, now](store::StoreTx& tx) -> boost::system::error_code {
            tx.staff().seen(hash, now);
            return {};
        };
        static_cast<void>(co_await parts_.store.async_transact(std::move(job), net::as_result));
    }
    Caller caller;
    caller.actor = {found->account->name, permissions_of(found->account->roles), std::move(address)};
    caller.session = hash;
    caller.account = found->account->id;
    caller.roles = found->account->roles;
    caller.second_factor = !found->account->second_factor.empty();
    caller.ends_at = found->session->created_at + kSessionLimit;
    caller.idle_ends_at = now + kIdleLimit;
    co_return caller;
}

}  // namespace webhooks::staff
