#include "webhooks/staff/session_api.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/fields.hpp"
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
constexpr std::size_t kLongestPassword = 1'024;
constexpr std::size_t kShortestPassword = 12;

Response too_soon(std::chrono::seconds wait) {
    Response response = refuse(429, "throttled", "Too many wrong attempts: wait a while.");
    response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return response;
}

Response wrong_sign_in() { return refuse(401, "wrong_sign_in", "Name and password do not fit."); }

std::string set_cookie(const std::string& value, std::chrono::seconds lasts, bool secure) {
    return std::string(kCookie) + "=" + value +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lasts.count()) +
           (secure ? "; Secure" : "");
}

std::vector<std::string> names_of_staff(const std::vector<AccountRow>& accounts) {
    std::vector<std::string> names;
    for (const AccountRow& account : accounts)
        if (!account.disabled && permissions_of(account.roles).has(Permission::act))
            names.push_back(account.name);
    return names;
}

void audit(StoreTx& tx, const std::string& who, std::string_view what, const std::string& address,
           bot::TimePoint now) {
    tx.staff().add_audit({0, std::nullopt, who, std::string(what), {}, address, now});
}

/// The one of these words that is easily guessed: as long as it must be, and nothing of the name in it.
bool is_weak(const std::string& password, const std::string& name) {
    const auto lower = [](std::string text) {
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return text;
    };
    const bool one_letter = std::ranges::all_of(password, [&](char c) { return c == password.front(); });
    return one_letter || (name.size() >= 3 && lower(password).find(lower(name)) != std::string::npos);
}

Response weak() {
    return refuse(422, "weak_password", "At least 12 letters, not all the same, without your name in it.");
}

}  // namespace

bool is_staff_name(std::string_view name) {
    std::size_t letters = 0;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view(" .-'").find(c) != std::string_view::npos;
        if (!plain && byte < 0x80) return false;
        if ((byte & 0xC0U) != 0x80U) ++letters;
    }
    return letters >= 1 && letters <= 12 && name.front() != ' ' && name.back() != ' ';
}

void add_demo_accounts(StoreTx& tx, const std::vector<std::string>& names, bot::TimePoint now) {
    for (const std::string& name : names) {
        AccountRow account;
        account.name = name;
        account.roles = bit_of(Role::counsellor) | bit_of(Role::supervisor) | bit_of(Role::administrator);
        account.created_at = now;
        static_cast<void>(tx.staff().add_account(account));
    }
}

std::string give_link(StoreTx& tx, AccountRow account, bot::TimePoint now) {
    const std::string secret = fresh_secret();
    account.password.clear();
    account.second_factor.clear();
    account.pending_second_factor.clear();
    account.link = net::sha256_hex(secret);
    account.link_until = now + kLinkLasts;
    tx.staff().save_account(account);
    tx.staff().end_sessions(account.id);
    return std::to_string(account.id.value) + "." + secret;
}

void SessionApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (SessionApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, bool open, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, std::nullopt, open,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/sign-in", true, &SessionApi::ways);
    route("POST", "/session", true, &SessionApi::sign_in);
    route("POST", "/session/demo", true, &SessionApi::sign_in_demo);
    route("POST", "/session/end", false, &SessionApi::sign_out);
    route("POST", "/welcome", true, &SessionApi::welcome);
    route("GET", "/me", false, &SessionApi::me);
    route("POST", "/me/password", false, &SessionApi::change_password);
    route("POST", "/me/second-factor", false, &SessionApi::begin_second_factor);
    route("POST", "/me/second-factor/confirm", false, &SessionApi::confirm_second_factor);
    route("POST", "/me/second-factor/remove", false, &SessionApi::remove_second_factor);
}

template <class T>
asio::awaitable<std::optional<T>> SessionApi::hash(std::function<T()> work) {
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

asio::awaitable<std::optional<bool>> SessionApi::password_is(std::string password, AccountRow account) {
    // An account without a password, and none at all, take as long as any other.
    const std::function<bool()> work = [password, known = account.password] {
        return password_fits(known.empty() ? hash_of_nobody() : known, password) && !known.empty();
    };
    co_return co_await hash<bool>(work);
}

asio::awaitable<Response> SessionApi::ways(const Call&) {
    std::vector<std::string> people;
    if (parts_.demo)
        for (const bot::Responder& person : parts_.line->roster.people) people.push_back(person.name);
    const auto& names = parts_.line->engine->get()->line().placeholders;
    const auto org = names.find("org");
    co_return answer(200, {{"demo", parts_.demo},
                           {"demo_people", people},
                           {"line", org == names.end() ? std::string("Handrail") : org->second}});
}

asio::awaitable<Response> SessionApi::sign_in(const Call& call) {
    Fields fields(call.body);
    const std::string name = fields.text("name", 0, 64);
    const std::string password = fields.text("password", 0, kLongestPassword);
    const std::string code = fields.maybe_text("code", 16).value_or("");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (const auto wait = throttle_.wait(name, call.address, Throttle::Clock::now()))
        co_return too_soon(*wait);

    const std::function<MaybeAccount(store::StoreReader&)> look = [name](store::StoreReader& reader) {
        return reader.staff().account_named(name);
    };
    const auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    if (!found) co_return store_down();
    AccountRow account = found->value_or(AccountRow{});
    const auto fits = co_await password_is(password, account);
    if (!fits) co_return store_down();
    if (!*fits || account.disabled) {
        throttle_.failed(name, call.address, Throttle::Clock::now());
        co_return wrong_sign_in();
    }
    if (!account.second_factor.empty()) {
        if (code.empty())
            co_return refuse(401, "code_needed", "The code of your authenticator is needed too.");
        const std::int64_t step = step_of_code(account.second_factor, code, account.code_step, net::now());
        if (step == 0) {
            throttle_.failed(name, call.address, Throttle::Clock::now());
            co_return refuse(401, "wrong_code", "This code does not fit, or was used before.");
        }
        account.code_step = step;
    }
    throttle_.succeeded(name, call.address);
    co_return co_await begin_session(std::move(account), call, "signed_in");
}

asio::awaitable<Response> SessionApi::begin_session(AccountRow account, const Call& call,
                                                    std::string_view how) {
    const std::string cookie = fresh_secret();
    const std::string hash = net::sha256_hex(cookie);
    const bot::TimePoint now = net::now();
    // The account may have changed while its password was hashed; a code is used once.
    const std::function<bool(StoreTx&)> work = [=, what = std::string(how),
                                                address = call.address](StoreTx& tx) {
        auto current = tx.staff().account(account.id);
        if (!current || current->disabled || current->password != account.password ||
            (current->code_step >= account.code_step && current->code_step != 0 &&
             !account.second_factor.empty()))
            return false;
        current->code_step = account.code_step;
        current->last_seen_at = now;
        tx.staff().save_account(*current);
        tx.staff().drop_sessions(now - kSessionLimit, now - kIdleLimit);
        tx.staff().add_session({hash, account.id, now, now});
        audit(tx, account.name, what, address, now);
        return true;
    };
    const auto begun = co_await write_to<bool>(parts_, work);
    if (!begun) co_return store_down();
    if (!*begun) co_return wrong_sign_in();
    Caller caller;
    caller.actor = {account.name, permissions_of(account.roles), call.address};
    caller.roles = account.roles;
    caller.second_factor = !account.second_factor.empty();
    caller.session = hash;
    caller.ends_at = now + kSessionLimit;
    caller.idle_ends_at = now + kIdleLimit;
    co_return co_await show_me(std::move(caller), cookie);
}

asio::awaitable<Response> SessionApi::sign_in_demo(const Call& call) {
    if (!parts_.demo) co_return refuse(404, "not_a_demo", "Only a demo signs in without a password.");
    Fields fields(call.body);
    const std::string name = fields.text("name", 1, 64);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::function<MaybeAccount(store::StoreReader&)> look = [name](store::StoreReader& reader) {
        return reader.staff().account_named(name);
    };
    const auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    if (!found) co_return store_down();
    if (!*found || !(*found)->password.empty() || !(*found)->link.empty())
        co_return refuse(404, "not_a_demo", "No demo account of that name.");
    co_return co_await begin_session(**found, call, "signed_in_demo");
}

asio::awaitable<Response> SessionApi::sign_out(const Call& call) {
    Fields fields(call.body);
    const bool everywhere = fields.flag("everywhere");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (call.caller.session.empty())
        co_return refuse(403, "not_a_session", "A token is revoked, not signed out.");
    const std::function<bool(StoreTx&)> work = [everywhere, caller = call.caller](StoreTx& tx) {
        if (everywhere)
            tx.staff().end_sessions(*caller.account);
        else
            tx.staff().end_session(caller.session);
        audit(tx, caller.actor.name, everywhere ? "signed_out_everywhere" : "signed_out",
              caller.actor.address, net::now());
        return true;
    };
    const auto ended = co_await write_to<bool>(parts_, work);
    if (!ended) co_return store_down();
    parts_.events.end_streams(everywhere ? std::string() : call.caller.session,
                              everywhere ? call.caller.actor.name : std::string());
    Response response = done();
    response.headers.emplace_back(
        "Set-Cookie", set_cookie("", std::chrono::seconds{0}, parts_.public_url.starts_with("https:")));
    co_return response;
}

asio::awaitable<Response> SessionApi::welcome(const Call& call) {
    Fields fields(call.body);
    const std::string link = fields.text("link", 0, 200);
    const std::string password = fields.text("password", kShortestPassword, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (const auto wait = throttle_.wait("link", call.address, Throttle::Clock::now()))
        co_return too_soon(*wait);
    const std::size_t dot = std::min(link.find('.'), link.size());
    const auto id = as_number(std::string_view(link).substr(0, dot));
    const std::string secret = dot < link.size() ? link.substr(dot + 1) : std::string();
    const std::function<MaybeAccount(store::StoreReader&)> look = [id](store::StoreReader& reader) {
        return id ? reader.staff().account({*id}) : std::nullopt;
    };
    const auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    if (!found) co_return store_down();
    const bot::TimePoint now = net::now();
    const bool good = *found && !(*found)->disabled && !(*found)->link.empty() && (*found)->link_until &&
                      now < *(*found)->link_until &&
                      net::same_secret((*found)->link, net::sha256_hex(secret));
    if (!good) {
        throttle_.failed("link", call.address, Throttle::Clock::now());
        co_return refuse(401, "link_used", "This link was used, or is too old: ask for another one.");
    }
    AccountRow account = **found;
    if (is_weak(password, account.name)) co_return weak();
    const std::function<std::string()> make = [password] { return hash_password(password); };
    const auto hashed = co_await hash<std::string>(make);
    if (!hashed) co_return store_down();
    const std::function<bool(StoreTx&)> work = [account, hashed, address = call.address, now](StoreTx& tx) {
        auto current = tx.staff().account(account.id);
        if (!current || current->link != account.link) return false;
        current->password = *hashed;
        current->link.clear();
        current->link_until.reset();
        tx.staff().save_account(*current);
        audit(tx, account.name, "password_set", address, now);
        return true;
    };
    const auto set = co_await write_to<bool>(parts_, work);
    if (!set) co_return store_down();
    if (!*set) co_return refuse(401, "link_used", "This link was used: ask for another one.");
    account.password = *hashed;
    co_return co_await begin_session(std::move(account), call, "signed_in");
}

json SessionApi::me_view(const Caller& caller, std::vector<std::string> staff) const {
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

asio::awaitable<Response> SessionApi::show_me(Caller caller, std::string cookie) {
    using Accounts = std::vector<AccountRow>;
    const std::function<Accounts(store::StoreReader&)> look = [](store::StoreReader& reader) {
        return reader.staff().accounts();
    };
    const auto accounts = co_await read_from<Accounts>(parts_.store, look);
    if (!accounts) co_return store_down();
    Response response = answer(200, me_view(caller, names_of_staff(*accounts)));
    if (!cookie.empty())
        response.headers.emplace_back(
            "Set-Cookie", set_cookie(cookie, kSessionLimit, parts_.public_url.starts_with("https:")));
    co_return response;
}

asio::awaitable<Response> SessionApi::me(const Call& call) { co_return co_await show_me(call.caller, {}); }

asio::awaitable<std::optional<AccountRow>> SessionApi::own_account(const Call& call) {
    if (!call.caller.account) co_return std::nullopt;
    const std::function<MaybeAccount(store::StoreReader&)> look =
        [id = *call.caller.account](store::StoreReader& reader) { return reader.staff().account(id); };
    auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    co_return found ? std::move(*found) : std::nullopt;
}

/// A session is enough to look, not to change what it was opened with. Guesses count as at the sign-in.
asio::awaitable<std::variant<AccountRow, Response>> SessionApi::proven_account(const Call& call,
                                                                               std::string password) {
    auto account = co_await own_account(call);
    if (!account) co_return refuse(403, "not_a_session", "Only for an account.");
    if (const auto wait = throttle_.wait(account->name, call.address, Throttle::Clock::now()))
        co_return too_soon(*wait);
    const auto fits = co_await password_is(std::move(password), *account);
    if (!fits) co_return store_down();
    if (!*fits) {
        throttle_.failed(account->name, call.address, Throttle::Clock::now());
        co_return wrong_sign_in();
    }
    co_return std::move(*account);
}

/// Keeps a change of one's own account. @param end_others  every session but this one ends
asio::awaitable<Response> SessionApi::save(AccountRow account, const Call& call, std::string_view what,
                                           bool end_others) {
    const std::function<bool(StoreTx&)> work = [account, caller = call.caller, what = std::string(what),
                                                end_others](StoreTx& tx) {
        tx.staff().save_account(account);
        if (end_others) {
            const auto own = tx.staff().session(caller.session);
            tx.staff().end_sessions(account.id);
            if (own) tx.staff().add_session(*own);
        }
        audit(tx, account.name, what, caller.actor.address, net::now());
        return true;
    };
    const auto saved = co_await write_to<bool>(parts_, work);
    co_return saved ? done() : store_down();
}

asio::awaitable<Response> SessionApi::change_password(const Call& call) {
    Fields fields(call.body);
    const std::string old = fields.text("old", 0, kLongestPassword);
    const std::string fresh = fields.text("new", kShortestPassword, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto proven = co_await proven_account(call, old);
    if (auto* refused = std::get_if<Response>(&proven)) co_return std::move(*refused);
    AccountRow account = std::get<AccountRow>(std::move(proven));
    if (is_weak(fresh, account.name)) co_return weak();
    const std::function<std::string()> make = [fresh] { return hash_password(fresh); };
    const auto hashed = co_await hash<std::string>(make);
    if (!hashed) co_return store_down();
    account.password = *hashed;
    co_return co_await save(std::move(account), call, "password_changed", true);
}

asio::awaitable<Response> SessionApi::begin_second_factor(const Call& call) {
    Fields fields(call.body);
    const std::string password = fields.text("password", 0, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto proven = co_await proven_account(call, password);
    if (auto* refused = std::get_if<Response>(&proven)) co_return std::move(*refused);
    AccountRow account = std::get<AccountRow>(std::move(proven));
    account.pending_second_factor = fresh_code_secret();
    const std::string secret = account.pending_second_factor;
    std::string uri = "otpauth://totp/Handrail?issuer=Handrail&digits=6&period=30&secret=";
    uri += secret;
    Response saved = co_await save(std::move(account), call, "second_factor_begun", false);
    if (saved.status != 204) co_return saved;
    co_return answer(200, {{"secret", secret}, {"uri", uri}});
}

asio::awaitable<Response> SessionApi::confirm_second_factor(const Call& call) {
    Fields fields(call.body);
    const std::string code = fields.text("code", 0, 16);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto account = co_await own_account(call);
    if (!account) co_return refuse(403, "not_a_session", "Only for an account.");
    const std::int64_t step = step_of_code(account->pending_second_factor, code, 0, net::now());
    if (step == 0) co_return refuse(401, "wrong_code", "This code does not fit.");
    account->second_factor = std::exchange(account->pending_second_factor, {});
    account->code_step = step;
    co_return co_await save(std::move(*account), call, "second_factor_set", true);
}

asio::awaitable<Response> SessionApi::remove_second_factor(const Call& call) {
    Fields fields(call.body);
    const std::string password = fields.text("password", 0, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto proven = co_await proven_account(call, password);
    if (auto* refused = std::get_if<Response>(&proven)) co_return std::move(*refused);
    AccountRow account = std::get<AccountRow>(std::move(proven));
    account.second_factor.clear();
    account.pending_second_factor.clear();
    co_return co_await save(std::move(account), call, "second_factor_removed", false);
}

}  // namespace webhooks::staff
