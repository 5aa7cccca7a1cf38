#include "webhooks/staff/doorkeeper.hpp"

#include <boost/asio/co_spawn.hpp>

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/gatekeeper.hpp"
#include "webhooks/staff/rendering.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::AccountRow;
using store::StoreTx;
using MaybeAccount = std::optional<AccountRow>;

constexpr int kMostWaiting = 8;

std::vector<std::string> names_of_staff(const std::vector<AccountRow>& accounts) {
    std::vector<std::string> names;
    for (const AccountRow& account : accounts)
        if (!account.disabled && permissions_of(account.roles).has(Permission::act))
            names.push_back(account.name);
    return names;
}

}  // namespace

Response wrong_sign_in() { return refuse(401, "wrong_sign_in", "Name and password do not fit."); }

Response no_account() { return refuse(403, "not_a_session", "Only for an account."); }

void audit_account(StoreTx& tx, const std::string& who, std::string_view what, std::string detail,
                   const std::string& address) {
    tx.staff().add_audit({0, std::nullopt, who, std::string(what), std::move(detail), address, net::now()});
}

std::optional<Response> Doorkeeper::held_back(const std::string& who, const Call& call) const {
    const auto wait = throttle_.wait(who, call.address, Throttle::Clock::now());
    if (!wait) return std::nullopt;
    Response response = refuse(429, "throttled", "Too many wrong attempts: wait a while.");
    response.headers.emplace_back("Retry-After", std::to_string(wait->count()));
    return response;
}

void Doorkeeper::failed(const std::string& who, const Call& call) {
    throttle_.failed(who, call.address, Throttle::Clock::now());
}

void Doorkeeper::succeeded(const std::string& who, const Call& call) {
    throttle_.succeeded(who, call.address);
}

std::string Doorkeeper::cookie_header(const std::string& value, std::chrono::seconds lasts) const {
    return std::string(kCookie) + "=" + value +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lasts.count()) +
           (parts_.public_url.starts_with("https:") ? "; Secure" : "");
}

template <class T>
asio::awaitable<std::optional<T>> Doorkeeper::hash(std::function<T()> work) {
    if (waiting_ >= kMostWaiting) co_return std::nullopt;
    auto result = std::make_shared<std::optional<T>>();
    const auto run = [](std::function<T()> job,
                        std::shared_ptr<std::optional<T>> out) -> asio::awaitable<void> {
        out->emplace(job());
        co_return;
    };
    asio::awaitable<void> task = run(std::move(work), result);
    ++waiting_;
    auto [failed] = co_await asio::co_spawn(hashing_.get_executor(), std::move(task), net::as_result);
    --waiting_;
    if (failed) co_return std::nullopt;
    co_return std::move(*result);
}

asio::awaitable<std::optional<bool>> Doorkeeper::password_is(std::string password, AccountRow account) {
    // An account without a password, and none at all, take as long as any other.
    const std::function<bool()> work = [password, known = account.password] {
        return password_fits(known.empty() ? hash_of_nobody() : known, password) && !known.empty();
    };
    co_return co_await hash<bool>(work);
}

asio::awaitable<std::optional<std::string>> Doorkeeper::hashed(std::string password) {
    const std::function<std::string()> work = [password] { return hash_password(password); };
    co_return co_await hash<std::string>(work);
}

asio::awaitable<boost::system::result<Doorkeeper::Opened, Response>> Doorkeeper::open_session(
    AccountRow account, const Call& call, std::string_view how, Proof proof) {
    Opened opened;
    opened.cookie = fresh_secret();
    const std::string hash = net::sha256_hex(opened.cookie);
    const bot::TimePoint now = net::now();
    // The account may have changed since it was looked at.
    const std::function<bool(StoreTx&)> work = [=, what = std::string(how),
                                                address = call.address](StoreTx& tx) {
        auto current = tx.staff().account(account.id);
        if (!current || current->disabled || !proof(tx, *current)) return false;
        current->last_seen_at = now;
        tx.staff().save_account(*current);
        tx.staff().drop_sessions(now - kSessionLimit, now - kIdleLimit);
        tx.staff().add_session({hash, account.id, now, now});
        audit_account(tx, account.name, what, {}, address);
        return true;
    };
    const auto begun = co_await write_to<bool>(parts_, work);
    if (!begun) co_return store_down();
    if (!*begun) co_return wrong_sign_in();
    Caller& caller = opened.caller;
    caller.actor = {account.name, permissions_of(account.roles), call.address};
    caller.account = account.id;
    caller.roles = account.roles;
    caller.second_factor = !account.second_factor.empty();
    caller.session = hash;
    caller.ends_at = now + kSessionLimit;
    caller.idle_ends_at = now + kIdleLimit;
    co_return opened;
}

asio::awaitable<Response> Doorkeeper::begin_session(AccountRow account, const Call& call,
                                                    std::string_view how, Proof proof) {
    auto opened = co_await open_session(std::move(account), call, how, std::move(proof));
    if (!opened) co_return std::move(opened.error());
    co_return co_await show_me(std::move(opened->caller), std::move(opened->cookie));
}

json Doorkeeper::me_view(const Caller& caller, std::vector<std::string> staff) const {
    const bot::LineSettings line = parts_.line->engine->get()->line();
    const auto org = line.placeholders.find("org");
    json schedules = json::array();
    for (const bot::Schedule& one : parts_.line->roster.rota.schedules) schedules.push_back(one.name);
    return {{"name", caller.actor.name},
            {"roles", role_words(caller.roles)},
            {"may", caller.actor.may.words()},
            {"second_factor", caller.second_factor},
            {"ends_at", iso_time(caller.ends_at)},
            {"idle_ends_at", iso_time(caller.idle_ends_at)},
            {"line",
             {{"name", org == line.placeholders.end() ? std::string("Handrail") : org->second},
              {"time_zone", line.time_zone},
              {"quiet_from_hour", line.quiet_from_hour},
              {"quiet_until_hour", line.quiet_until_hour},
              {"demo", parts_.demo},
              {"staff", std::move(staff)},
              {"schedules", std::move(schedules)}}}};
}

asio::awaitable<Response> Doorkeeper::show_me(Caller caller, std::string cookie) {
    using Accounts = std::vector<AccountRow>;
    const std::function<Accounts(store::StoreReader&)> look = [](store::StoreReader& reader) {
        return reader.staff().accounts();
    };
    const auto accounts = co_await read_from<Accounts>(parts_.store, look);
    if (!accounts) co_return store_down();
    Response response = answer(200, me_view(caller, names_of_staff(*accounts)));
    if (!cookie.empty()) response.headers.emplace_back("Set-Cookie", cookie_header(cookie, kSessionLimit));
    co_return response;
}

asio::awaitable<MaybeAccount> Doorkeeper::own_account(const Call& call) {
    if (!call.caller.account) co_return std::nullopt;
    const std::function<MaybeAccount(store::StoreReader&)> look =
        [id = *call.caller.account](store::StoreReader& reader) { return reader.staff().account(id); };
    auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    co_return found ? std::move(*found) : std::nullopt;
}

asio::awaitable<boost::system::result<AccountRow, Response>> Doorkeeper::proven_account(
    const Call& call, std::string password) {
    auto account = co_await own_account(call);
    if (!account) co_return no_account();
    if (auto wait = held_back(account->name, call)) co_return std::move(*wait);
    const auto fits = co_await password_is(std::move(password), *account);
    if (!fits) co_return store_down();
    if (!*fits) {
        failed(account->name, call);
        co_return wrong_sign_in();
    }
    co_return std::move(*account);
}

}  // namespace webhooks::staff
