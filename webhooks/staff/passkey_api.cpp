#include "webhooks/staff/passkey_api.hpp"

#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::AccountRow;
using store::PasskeyRow;
using store::StoreReader;
using store::StoreTx;
using Passkeys = std::vector<PasskeyRow>;

constexpr std::size_t kMostPasskeys = 10;
constexpr std::size_t kLongestAnswer = 8'192;  // letters of base64url
constexpr std::string_view kSignIn = "sign-in";

/// A passkey that one session begins to make is made in that session.
std::string purpose_of_making(const Caller& caller) { return "make " + caller.session; }

/// What the authenticator keeps to find the account again: nothing of the person is in it (14.6.1).
std::string handle_of(store::AccountId account) { return "account " + std::to_string(account.value); }

Response unavailable() {
    return refuse(409, "passkeys_unavailable",
                  "Passkeys need server.public_url to be https and a host name, not an address.");
}

json render(const PasskeyRow& row) {
    return {{"id", row.id},
            {"name", row.name},
            {"created_at", iso_time(row.created_at)},
            {"last_used_at", iso_time(row.last_used_at)}};
}

/// Reads bytes in base64url.
std::string bytes(Fields& fields, const std::string& name, std::size_t longest) {
    const std::string text = fields.text(name, 1, longest);
    std::string decoded = net::decode_base64url(text);
    if (decoded.empty() && !text.empty()) fields.refuse(name, "Must be base64url without padding.");
    return decoded;
}

}  // namespace

PasskeyApi::PasskeyApi(const Parts& parts, Doorkeeper& door)
    : parts_(parts), door_(door), party_(parts.demo ? std::nullopt : relying_party_of(parts.public_url)) {}

void PasskeyApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (PasskeyApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, bool open, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, std::nullopt, open,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/me/passkeys", false, &PasskeyApi::list);
    route("POST", "/me/passkeys/begin", false, &PasskeyApi::begin);
    route("POST", "/me/passkeys", false, &PasskeyApi::make);
    route("POST", "/me/passkeys/{}/remove", false, &PasskeyApi::remove);
    route("POST", "/session/passkey/begin", true, &PasskeyApi::begin_sign_in);
    route("POST", "/session/passkey", true, &PasskeyApi::sign_in);
}

asio::awaitable<std::optional<Passkeys>> PasskeyApi::passkeys_of(store::AccountId account) {
    const std::function<Passkeys(StoreReader&)> look = [account](StoreReader& reader) {
        return reader.staff().passkeys(account);
    };
    co_return co_await read_from<Passkeys>(parts_.store, look);
}

asio::awaitable<Response> PasskeyApi::list(const Call& call) {
    if (!call.caller.account) co_return no_account();
    const auto rows = co_await passkeys_of(*call.caller.account);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const PasskeyRow& row) { return render(row); });
}

// ---- making one

Response PasskeyApi::options_for(const AccountRow& account, const Call& call, const Passkeys& known) const {
    json exclude = json::array();
    for (const PasskeyRow& row : known) exclude.push_back(net::encode_base64url(row.credential));
    return answer(200, {{"challenge", challenges_.issue(purpose_of_making(call.caller), net::now())},
                        {"relying_party", party_->id},
                        {"user_handle", net::encode_base64url(handle_of(account.id))},
                        {"user_name", account.name},
                        {"algorithms", passkey_algorithms()},
                        {"exclude", std::move(exclude)}});
}

asio::awaitable<Response> PasskeyApi::begin(const Call& call) {
    Fields fields(call.body);
    const std::string password = fields.text("password", 0, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!party_) co_return unavailable();
    auto account = co_await door_.proven_account(call, password);
    if (!account) co_return std::move(account.error());
    const auto known = co_await passkeys_of(account->id);
    if (!known) co_return store_down();
    co_return options_for(*account, call, *known);
}

asio::awaitable<Response> PasskeyApi::make(const Call& call) {
    Fields fields(call.body);
    PasskeyRow row;
    row.name = fields.text("name", 1, 64);
    const std::string client_data = bytes(fields, "client_data", kLongestAnswer);
    const std::string object = bytes(fields, "attestation_object", kLongestAnswer);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!party_) co_return unavailable();
    if (!call.caller.account) co_return no_account();
    const std::string challenge = challenge_in(client_data);
    const bot::TimePoint now = net::now();
    if (!challenges_.is_open(challenge, purpose_of_making(call.caller), now))
        co_return refuse(422, "passkey_refused", "Too late, or not what was begun: begin once more.");
    auto made = check_new_passkey(*party_, challenge, client_data, object);
    if (!made) co_return refuse(422, "passkey_refused", to_string(made.error()));
    challenges_.use(challenge, now);
    row.account = *call.caller.account;
    row.credential = std::move(made->credential);
    row.algorithm = made->key.algorithm;
    row.key = std::move(made->key.bytes);
    row.sign_count = made->sign_count;
    row.created_at = now;
    co_return co_await keep(std::move(row), call);
}

asio::awaitable<Response> PasskeyApi::keep(PasskeyRow row, const Call& call) {
    using Result = Outcome<PasskeyRow>;
    const std::function<Result(StoreTx&)> work = [row, session = call.caller.session,
                                                  who = call.caller.actor](StoreTx& tx) mutable -> Result {
        // The session was looked at before this; a key made now would outlive a reset of its account.
        const auto account = tx.staff().account(row.account);
        if (!tx.staff().session(session) || !account || account->disabled)
            return Refusal{401, "not_signed_in", "This session has ended: sign in once more.", {}, {}, {}};
        if (tx.staff().passkeys(row.account).size() >= kMostPasskeys)
            return Refusal{409, "too_many_passkeys", "There are ten already: remove one.", {}, {}, {}};
        const auto id = tx.staff().add_passkey(row);
        if (!id) return Refusal{409, "passkey_known", "This passkey is kept already.", {}, {}, {}};
        audit_account(tx, who.name, "passkey_made", row.name, who.address);
        row.id = *id;
        return row;
    };
    const auto kept = co_await write_to<Result>(parts_, work);
    if (!kept) co_return store_down();
    if (!*kept) co_return refuse(kept->error());
    co_return answer(201, render(**kept));
}

asio::awaitable<Response> PasskeyApi::remove(const Call& call) {
    Fields fields(call.body);
    const std::string password = fields.text("password", 0, kLongestPassword);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto account = co_await door_.proven_account(call, password);
    if (!account) co_return account.error();
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<bool(StoreTx&)> work = [id = *id, account = account->id,
                                                who = call.caller.actor](StoreTx& tx) {
        if (!tx.staff().remove_passkey(account, id)) return false;
        audit_account(tx, who.name, "passkey_removed", std::to_string(id), who.address);
        return true;
    };
    const auto removed = co_await write_to<bool>(parts_, work);
    if (!removed) co_return store_down();
    co_return *removed ? done() : not_found();
}

// ---- signing in with one

asio::awaitable<Response> PasskeyApi::begin_sign_in(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!party_) co_return unavailable();
    co_return answer(200,
                     {{"challenge", challenges_.issue(kSignIn, net::now())}, {"relying_party", party_->id}});
}

/// One answer for whatever was wrong; which it was, the audit log says where the passkey is somebody's.
asio::awaitable<Response> PasskeyApi::refuse_sign_in(const Call& call, std::string who, std::string throttled,
                                                     std::string why) {
    door_.failed(throttled, call);
    if (!who.empty()) {
        const std::function<bool(StoreTx&)> work = [=, address = call.address](StoreTx& tx) {
            audit_account(tx, who, "passkey_refused", why, address);
            return true;
        };
        if (!co_await write_to<bool>(parts_, work)) co_return store_down();
    }
    co_return refuse(401, "passkey_refused", "This passkey does not sign in here.");
}

asio::awaitable<std::optional<PasskeyApi::Owned>> PasskeyApi::find(std::string credential) {
    const std::function<Owned(StoreReader&)> look = [credential](StoreReader& reader) {
        Owned found{reader.staff().passkey(credential), {}};
        if (found.passkey) found.account = reader.staff().account(found.passkey->account);
        return found;
    };
    co_return co_await read_from<Owned>(parts_.store, look);
}

/// @return its new count of signatures, or what is wrong with it. A good answer is used up.
boost::system::result<std::uint32_t, std::string> PasskeyApi::judge(const Owned& found,
                                                                    const PasskeyAnswer& brought) {
    const bot::TimePoint now = net::now();
    const std::string challenge = challenge_in(brought.client_data);
    if (!challenges_.is_open(challenge, kSignIn, now)) return std::string("challenge not open");
    const PasskeyRow& passkey = *found.passkey;
    const auto count = check_passkey(*party_, challenge, {passkey.algorithm, passkey.key}, brought);
    if (!count) return std::string(to_string(count.error()));
    challenges_.use(challenge, now);
    if (found.account->disabled) return std::string("account disabled");
    if (is_copied(passkey.sign_count, *count)) return std::string("copied: its count went backwards");
    return *count;
}

asio::awaitable<Response> PasskeyApi::sign_in(const Call& call) {
    Fields fields(call.body);
    const std::string credential = bytes(fields, "credential", 2'048);
    const std::string handle = bytes(fields, "user_handle", 128);
    PasskeyAnswer brought;
    brought.client_data = bytes(fields, "client_data", kLongestAnswer);
    brought.authenticator_data = bytes(fields, "authenticator_data", kLongestAnswer);
    brought.signature = bytes(fields, "signature", 2'048);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!party_) co_return unavailable();
    const std::string throttled = "passkey " + net::sha256_hex(credential);
    if (auto wait = door_.held_back(throttled, call)) co_return std::move(*wait);
    const auto found = co_await find(credential);
    if (!found) co_return store_down();
    if (!found->account || handle_of(found->account->id) != handle)
        co_return co_await refuse_sign_in(call, {}, throttled, {});
    const auto count = judge(*found, brought);
    if (!count) co_return co_await refuse_sign_in(call, found->account->name, throttled, count.error());
    door_.succeeded(throttled, call);
    // It may have been removed, or used elsewhere, since it was looked up.
    Doorkeeper::Proof proof = [credential, count = *count](StoreTx& tx, AccountRow& current) {
        const auto passkey = tx.staff().passkey(credential);
        if (!passkey || passkey->account != current.id || is_copied(passkey->sign_count, count)) return false;
        tx.staff().passkey_used(passkey->id, count, net::now());
        return true;
    };
    co_return co_await door_.begin_session(*found->account, call, "signed_in_passkey", std::move(proof));
}

}  // namespace webhooks::staff
