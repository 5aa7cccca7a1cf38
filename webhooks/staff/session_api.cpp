#include "webhooks/staff/session_api.hpp"

#include <algorithm>

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/passkey.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::AccountRow;
using store::StoreTx;
using MaybeAccount = std::optional<AccountRow>;

constexpr std::size_t kShortestPassword = 12;

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
    tx.staff().remove_passkeys(account.id);
    tx.staff().bind_subject(account.id, {});
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

asio::awaitable<Response> SessionApi::ways(const Call&) {
    std::vector<std::string> people;
    if (parts_.demo)
        for (const bot::Responder& person : parts_.line->roster.people) people.push_back(person.name);
    const auto& names = parts_.line->engine->get()->line().placeholders;
    const auto org = names.find("org");
    co_return answer(200, {{"demo", parts_.demo},
                           {"demo_people", people},
                           {"oidc", parts_.oidc ? nlohmann::json(parts_.oidc->name) : nlohmann::json()},
                           {"passkeys", !parts_.demo && relying_party_of(parts_.public_url).has_value()},
                           {"line", org == names.end() ? std::string("Handrail") : org->second}});
}

asio::awaitable<Response> SessionApi::sign_in(const Call& call) {
    Fields fields(call.body);
    const std::string name = fields.text("name", 0, 64);
    const std::string password = fields.text("password", 0, kLongestPassword);
    const std::string code = fields.maybe_text("code", 16).value_or("");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (auto wait = door_.held_back(name, call)) co_return std::move(*wait);

    const std::function<MaybeAccount(store::StoreReader&)> look = [name](store::StoreReader& reader) {
        return reader.staff().account_named(name);
    };
    const auto found = co_await read_from<MaybeAccount>(parts_.store, look);
    if (!found) co_return store_down();
    AccountRow account = found->value_or(AccountRow{});
    const auto fits = co_await door_.password_is(password, account);
    if (!fits) co_return store_down();
    if (!*fits || account.disabled) {
        door_.failed(name, call);
        co_return wrong_sign_in();
    }
    if (!account.second_factor.empty()) {
        if (code.empty())
            co_return refuse(401, "code_needed", "The code of your authenticator is needed too.");
        const std::int64_t step = step_of_code(account.second_factor, code, account.code_step, net::now());
        if (step == 0) {
            door_.failed(name, call);
            co_return refuse(401, "wrong_code", "This code does not fit, or was used before.");
        }
        account.code_step = step;
    }
    door_.succeeded(name, call);
    // The password may have changed while it was hashed; a code is used once.
    Doorkeeper::Proof proof = [known = account.password, step = account.code_step](StoreTx&,
                                                                                   AccountRow& current) {
        if (current.password != known) return false;
        if (!current.second_factor.empty() && current.code_step >= step) return false;
        current.code_step = step;
        return true;
    };
    co_return co_await door_.begin_session(std::move(account), call, "signed_in", std::move(proof));
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
    Doorkeeper::Proof proof = [](StoreTx&, AccountRow& current) {
        return current.password.empty() && current.link.empty();
    };
    co_return co_await door_.begin_session(**found, call, "signed_in_demo", std::move(proof));
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
        audit_account(tx, caller.actor.name, everywhere ? "signed_out_everywhere" : "signed_out", {},
                      caller.actor.address);
        return true;
    };
    const auto ended = co_await write_to<bool>(parts_, work);
    if (!ended) co_return store_down();
    parts_.events.end_streams(everywhere ? std::string() : call.caller.session,
                              everywhere ? call.caller.actor.name : std::string());
    Response response = done();
    response.headers.emplace_back("Set-Cookie", door_.cookie_header("", std::chrono::seconds{0}));
    co_return response;
}

asio::awaitable<Response> SessionApi::welcome(const Call& call) {
    Fields fields(call.body);
    const std::string link = fields.text("link", 0, 200);
    const std::string password = fields.text("password", kShortestPassword, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (auto wait = door_.held_back("link", call)) co_return std::move(*wait);
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
        door_.failed("link", call);
        co_return refuse(401, "link_used", "This link was used, or is too old: ask for another one.");
    }
    AccountRow account = **found;
    if (is_weak(password, account.name)) co_return weak();
    const auto hashed = co_await door_.hashed(password);
    if (!hashed) co_return store_down();
    const std::function<bool(StoreTx&)> work = [account, hashed, address = call.address, now](StoreTx& tx) {
        auto current = tx.staff().account(account.id);
        if (!current || current->link != account.link) return false;
        current->password = *hashed;
        current->link.clear();
        current->link_until.reset();
        tx.staff().save_account(*current);
        audit_account(tx, account.name, "password_set", {}, address);
        return true;
    };
    const auto set = co_await write_to<bool>(parts_, work);
    if (!set) co_return store_down();
    if (!*set) co_return refuse(401, "link_used", "This link was used: ask for another one.");
    Doorkeeper::Proof proof = [known = *hashed](StoreTx&, AccountRow& current) {
        return current.password == known;
    };
    co_return co_await door_.begin_session(std::move(account), call, "signed_in", std::move(proof));
}

asio::awaitable<Response> SessionApi::me(const Call& call) {
    co_return co_await door_.show_me(call.caller, {});
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
        audit_account(tx, account.name, what, {}, caller.actor.address);
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
    auto account = co_await door_.proven_account(call, old);
    if (!account) co_return std::move(account.error());
    if (is_weak(fresh, account->name)) co_return weak();
    const auto hashed = co_await door_.hashed(fresh);
    if (!hashed) co_return store_down();
    account->password = *hashed;
    co_return co_await save(std::move(*account), call, "password_changed", true);
}

asio::awaitable<Response> SessionApi::begin_second_factor(const Call& call) {
    Fields fields(call.body);
    const std::string password = fields.text("password", 0, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto account = co_await door_.proven_account(call, password);
    if (!account) co_return std::move(account.error());
    account->pending_second_factor = fresh_code_secret();
    const std::string secret = account->pending_second_factor;
    std::string uri = "otpauth://totp/Handrail?issuer=Handrail&digits=6&period=30&secret=";
    uri += secret;
    Response saved = co_await save(std::move(*account), call, "second_factor_begun", false);
    if (saved.status != 204) co_return saved;
    co_return answer(200, {{"secret", secret}, {"uri", uri}});
}

asio::awaitable<Response> SessionApi::confirm_second_factor(const Call& call) {
    Fields fields(call.body);
    const std::string code = fields.text("code", 0, 16);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    auto account = co_await door_.own_account(call);
    if (!account) co_return no_account();
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
    auto account = co_await door_.proven_account(call, password);
    if (!account) co_return std::move(account.error());
    account->second_factor.clear();
    account->pending_second_factor.clear();
    co_return co_await save(std::move(*account), call, "second_factor_removed", false);
}

}  // namespace webhooks::staff
