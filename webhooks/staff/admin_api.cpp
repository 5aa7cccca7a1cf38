#include "webhooks/staff/admin_api.hpp"

#include <algorithm>

#include "bot/staff.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/oidc_api.hpp"
#include "webhooks/staff/rendering.hpp"
#include "webhooks/staff/secrets.hpp"
#include "webhooks/staff/session_api.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::StoreReader;
using store::StoreTx;

std::uint32_t roles_of(Fields& fields, const std::vector<std::string>& words) {
    std::uint32_t roles = 0;
    for (const std::string& word : words) {
        const auto role = parse_role(word);
        if (!role) fields.refuse("roles", "counsellor, supervisor, administrator or auditor.");
        roles |= role ? bit_of(*role) : 0U;
    }
    return roles;
}

bool is_administrator(const store::AccountRow& account) {
    return !account.disabled && permissions_of(account.roles).has(Permission::manage_staff);
}

/// A login that is changed belongs to whoever comes with it first. @return false: it is another account's
bool give_login(StoreTx& tx, store::AccountRow& account, const std::string& login) {
    if (account.login == login) return true;
    if (tx.staff().account_with_login(login)) return false;
    account.login = login;
    tx.staff().bind_subject(account.id, {});
    return true;
}

Refusal login_taken() { return {409, "login_taken", "Another account has this login.", {}, {}, {}}; }

Response nobody() { return refuse(404, "not_found", "There is no account of that name."); }

/// Percent-encoded names come in paths.
std::string decoded(std::string_view text) {
    const auto form = http::parse_form("n=" + std::string(text));
    return form && !form->empty() ? form->front().second : std::string();
}

}  // namespace

void AdminApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (AdminApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, Permission needs, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, needs, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/staff", Permission::read_staff, &AdminApi::staff);
    route("POST", "/staff", Permission::manage_staff, &AdminApi::add_staff);
    route("POST", "/staff/{}", Permission::manage_staff, &AdminApi::change_staff);
    route("POST", "/staff/{}/reset", Permission::manage_staff, &AdminApi::reset_staff);
    route("GET", "/tokens", Permission::manage_tokens, &AdminApi::tokens);
    route("POST", "/tokens", Permission::manage_tokens, &AdminApi::add_token);
    route("POST", "/tokens/{}/revoke", Permission::manage_tokens, &AdminApi::revoke_token);
    route("GET", "/audit", Permission::read_audit, &AdminApi::audit);
    route("GET", "/saved-replies", Permission::read_conversations, &AdminApi::saved_replies);
    route("POST", "/saved-replies", Permission::write_saved_replies, &AdminApi::add_saved_reply);
    route("POST", "/saved-replies/{}", Permission::write_saved_replies, &AdminApi::change_saved_reply);
    route("POST", "/saved-replies/{}/remove", Permission::write_saved_replies, &AdminApi::remove_saved_reply);
}

json AdminApi::link_view(const std::string& name, const std::string& link, bot::TimePoint now) const {
    return {{"name", name},
            {"link", parts_.public_url + "/dashboard/#welcome=" + link},
            {"until", iso_time(now + kLinkLasts)}};
}

asio::awaitable<Response> AdminApi::staff(const Call&) {
    using Rows = std::vector<store::AccountRow>;
    const std::function<Rows(StoreReader&)> look = [](StoreReader& reader) {
        return reader.staff().accounts();
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const store::AccountRow& row) { return render(row); });
}

asio::awaitable<Response> AdminApi::add_staff(const Call& call) {
    Fields fields(call.body);
    store::AccountRow account;
    account.name = fields.text("name", 1, 64);
    const auto words = fields.maybe_words("roles");
    if (!words || words->empty()) fields.refuse("roles", "At least one.");
    account.roles = roles_of(fields, words.value_or(std::vector<std::string>{}));
    account.login = lower_login(fields.maybe_text("login", 254).value_or(""));
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!is_staff_name(account.name))
        co_return refuse(422, "bad_name", "1 to 12 letters, digits, blanks, dots, hyphens: texters see it.");
    const bot::TimePoint now = net::now();
    account.created_at = now;
    using Link = Outcome<std::string>;
    const std::function<Link(StoreTx&)> work = [account, who = call.caller.actor, now](StoreTx& tx) -> Link {
        if (tx.staff().account_with_login(account.login)) return login_taken();
        const auto id = tx.staff().add_account(account);
        if (!id) return Refusal{409, "name_taken", "There is an account of that name.", {}, {}, {}};
        write_audit(tx, who, "account_made", account.name);
        return give_link(tx, *tx.staff().account(*id), now);
    };
    const auto link = co_await write_to<Link>(parts_, work);
    if (!link) co_return store_down();
    if (!*link) co_return refuse(link->error());
    co_return answer(201, link_view(account.name, **link, now));
}

asio::awaitable<Response> AdminApi::change_staff(const Call& call) {
    Fields fields(call.body);
    const auto words = fields.maybe_words("roles");
    const auto disabled = fields.maybe_flag("disabled");
    const auto login = fields.maybe_text("login", 254);
    if (words && words->empty()) fields.refuse("roles", "At least one.");
    const std::uint32_t roles = roles_of(fields, words.value_or(std::vector<std::string>{}));
    if (auto problem = fields.problem()) co_return std::move(*problem);
    using Result = Outcome<store::AccountRow>;
    const std::function<Result(StoreTx&)> work = [=, name = decoded(call.ids.front()),
                                                  has_roles = words.has_value(),
                                                  who = call.caller.actor](StoreTx& tx) -> Result {
        auto account = tx.staff().account_named(name);
        if (!account) return Refusal{404, "not_found", "There is no account of that name.", {}, {}, {}};
        const bool was = is_administrator(*account);
        if (has_roles) account->roles = roles;
        account->disabled = disabled.value_or(account->disabled);
        const auto all = tx.staff().accounts();
        const auto others = std::ranges::count_if(
            all, [&](const auto& one) { return one.id != account->id && is_administrator(one); });
        if (was && !is_administrator(*account) && others == 0)
            return Refusal{409, "last_administrator", "Nobody else manages accounts.", {}, {}, {}};
        if (login && !give_login(tx, *account, lower_login(*login))) return login_taken();
        tx.staff().save_account(*account);
        tx.staff().end_sessions(account->id);  // what they may do has changed
        write_audit(tx, who, account->disabled ? "account_disabled" : "account_changed", name);
        return *account;
    };
    const auto changed = co_await write_to<Result>(parts_, work);
    if (!changed) co_return store_down();
    if (!*changed) co_return refuse(changed->error());
    parts_.events.end_streams({}, (*changed)->name);
    co_return answer(200, render(**changed));
}

asio::awaitable<Response> AdminApi::reset_staff(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::string name = decoded(call.ids.front());
    const bot::TimePoint now = net::now();
    using Link = std::optional<std::string>;
    const std::function<Link(StoreTx&)> work = [name, now, who = call.caller.actor](StoreTx& tx) -> Link {
        const auto account = tx.staff().account_named(name);
        if (!account) return std::nullopt;
        write_audit(tx, who, "account_reset", name);
        return give_link(tx, *account, now);
    };
    const auto link = co_await write_to<Link>(parts_, work);
    if (!link) co_return store_down();
    if (!*link) co_return nobody();
    parts_.events.end_streams({}, name);
    co_return answer(200, link_view(name, **link, now));
}

asio::awaitable<Response> AdminApi::tokens(const Call&) {
    using Rows = std::vector<store::TokenRow>;
    const std::function<Rows(StoreReader&)> look = [](StoreReader& reader) {
        return reader.staff().tokens();
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    json items = json::array();
    for (const ApiToken& one : parts_.tokens)
        items.push_back({{"id", 0},
                         {"name", one.name},
                         {"scopes", json::array({"read_conversations"})},
                         {"sees_numbers", one.sees_numbers},
                         {"from_config", true},
                         {"created_at", nullptr},
                         {"created_by", ""},
                         {"last_used_at", nullptr}});
    for (const store::TokenRow& row : *rows)
        if (!row.revoked) items.push_back(render(row));
    co_return answer(200, {{"items", std::move(items)}});
}

asio::awaitable<Response> AdminApi::add_token(const Call& call) {
    Fields fields(call.body);
    store::TokenRow row;
    row.name = fields.text("name", 1, 64);
    const auto words = fields.maybe_words("scopes");
    if (!words || words->empty()) fields.refuse("scopes", "At least one.");
    Permissions scopes;
    for (const std::string& word : words.value_or(std::vector<std::string>{})) {
        const auto scope = parse_permission(word);
        if (!scope) fields.refuse("scopes", "Not a permission.");
        if (scope) scopes.add(*scope);
    }
    row.sees_numbers = fields.flag("sees_numbers");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::string secret = "hr_" + fresh_secret();
    row.token = net::sha256_hex(secret);
    row.scopes = scopes.bits();
    row.created_by = call.caller.actor.name;
    row.created_at = net::now();
    const std::function<bool(StoreTx&)> work = [&row, who = call.caller.actor](StoreTx& tx) {
        const auto all = tx.staff().tokens();
        if (std::ranges::any_of(all, [&](const auto& one) { return !one.revoked && one.name == row.name; }))
            return false;
        row.id = tx.staff().add_token(row);
        write_audit(tx, who, "token_made", row.name);
        return true;
    };
    const auto added = co_await write_to<bool>(parts_, work);
    if (!added) co_return store_down();
    if (!*added) co_return refuse(409, "name_taken", "There is a token of that name.");
    co_return answer(201, {{"token", secret}, {"about", render(row)}});
}

asio::awaitable<Response> AdminApi::revoke_token(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<bool(StoreTx&)> work = [id = *id, who = call.caller.actor](StoreTx& tx) {
        if (!tx.staff().revoke_token(id)) return false;
        write_audit(tx, who, "token_revoked", std::to_string(id));
        return true;
    };
    const auto revoked = co_await write_to<bool>(parts_, work);
    if (!revoked) co_return store_down();
    co_return *revoked ? done() : not_found();
}

asio::awaitable<Response> AdminApi::audit(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    std::optional<std::int64_t> contact;
    if (const auto word = http::field(call.query, "contact")) {
        contact = as_number(*word);
        if (!contact) co_return refuse(400, "bad_request", "contact is the id of a contact.");
    }
    const std::string who(http::field(call.query, "who").value_or(""));
    using Rows = std::vector<store::AuditEntry>;
    const std::function<Rows(StoreReader&)> look = [contact, p = *page](StoreReader& reader) {
        return contact ? reader.staff().audit_of({*contact}, p.limit, p.before)
                       : reader.staff().audit(p.limit, p.before);
    };
    auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    if (!who.empty()) std::erase_if(*rows, [&](const store::AuditEntry& entry) { return entry.who != who; });
    co_return list_of(*rows, [](const store::AuditEntry& row) { return render(row); });
}

asio::awaitable<Response> AdminApi::saved_replies(const Call&) {
    using Rows = std::vector<store::SavedReplyRow>;
    const std::function<Rows(StoreReader&)> look = [](StoreReader& reader) {
        return reader.staff().saved_replies();
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const store::SavedReplyRow& row) { return render(row); });
}

namespace {

store::SavedReplyRow read_saved_reply(Fields& fields) {
    store::SavedReplyRow reply;
    reply.name = fields.text("name", 1, 80);
    reply.en = fields.text("en", 0, 1'000);
    reply.es = fields.text("es", 0, 1'000);
    return reply;
}

std::string unknown_placeholder(const store::SavedReplyRow& reply, const bot::LineSettings& line) {
    const std::string unknown = bot::reply_words(reply.en, "", line).unknown;
    return unknown.empty() ? bot::reply_words(reply.es, "", line).unknown : unknown;
}

}  // namespace

asio::awaitable<Response> AdminApi::add_saved_reply(const Call& call) {
    Fields fields(call.body);
    store::SavedReplyRow reply = read_saved_reply(fields);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::string unknown = unknown_placeholder(reply, parts_.line->engine->get()->line());
    if (!unknown.empty())
        co_return refuse(422, "unknown_placeholder", "Not a placeholder of this line: " + unknown);
    const std::function<std::int64_t(StoreTx&)> work = [reply, who = call.caller.actor](StoreTx& tx) {
        write_audit(tx, who, "saved_reply_made", reply.name);
        return tx.staff().add_saved_reply(reply);
    };
    const auto id = co_await write_to<std::int64_t>(parts_, work);
    if (!id) co_return store_down();
    reply.id = *id;
    co_return answer(201, render(reply));
}

asio::awaitable<Response> AdminApi::change_saved_reply(const Call& call) {
    Fields fields(call.body);
    store::SavedReplyRow reply = read_saved_reply(fields);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    reply.id = *id;
    const std::string unknown = unknown_placeholder(reply, parts_.line->engine->get()->line());
    if (!unknown.empty())
        co_return refuse(422, "unknown_placeholder", "Not a placeholder of this line: " + unknown);
    const std::function<bool(StoreTx&)> work = [reply, who = call.caller.actor](StoreTx& tx) {
        if (!tx.staff().save_saved_reply(reply)) return false;
        write_audit(tx, who, "saved_reply_changed", reply.name);
        return true;
    };
    const auto saved = co_await write_to<bool>(parts_, work);
    if (!saved) co_return store_down();
    co_return *saved ? answer(200, render(reply)) : not_found();
}

asio::awaitable<Response> AdminApi::remove_saved_reply(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<bool(StoreTx&)> work = [id = *id, who = call.caller.actor](StoreTx& tx) {
        if (!tx.staff().remove_saved_reply(id)) return false;
        write_audit(tx, who, "saved_reply_removed", std::to_string(id));
        return true;
    };
    const auto removed = co_await write_to<bool>(parts_, work);
    if (!removed) co_return store_down();
    co_return *removed ? done() : not_found();
}

}  // namespace webhooks::staff
