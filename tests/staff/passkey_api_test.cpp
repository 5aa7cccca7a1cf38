#include "webhooks/staff/passkey_api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/staff/soft_authenticator.hpp"
#include "tests/store/fixture.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/secrets.hpp"

// What no test from outside can bring about: the session ends while a request of it is under way.

using namespace store_test;
using namespace webhooks;
using nlohmann::json;
using staff_test::SoftAuthenticator;

namespace {

const std::string kPassword = "correct horse battery";
const std::string kSession = "the hash of a cookie";

/// Maya, signed in; her requests come past the sign-in as those that were under way already.
class Door {
public:
    Door() {
        account.name = "Maya";
        account.password = staff::hash_password(kPassword);
        const TimePoint now = net::now();
        db.write([&](StoreTx& tx) {
            account.id = tx.staff().add_account(account).value();
            tx.staff().add_session({kSession, account.id, now, now});
        });
        api.add(routes);
    }

    http::Response post(const std::string& path, json body) {
        for (const staff::Route& route : routes)
            if (route.method == "POST" && route.path == "/api/v1" + path) return run(route, std::move(body));
        FAIL("no such route: " << path);
        return {};
    }
    std::size_t passkeys() {
        return db.read([&](StoreReader& reader) { return reader.staff().passkeys(account.id).size(); });
    }

    SqliteFixture db;
    AccountRow account;

private:
    http::Response run(const staff::Route& route, json body) {
        staff::Caller caller;
        caller.actor.name = account.name;
        caller.account = account.id;
        caller.session = kSession;
        const http::Request request;
        const staff::Call call{request, caller, {}, {}, std::move(body), "127.0.0.1"};
        std::optional<http::Response> answered;
        boost::asio::co_spawn(io, route.handler(call),
                              [&](const std::exception_ptr& failure, http::Response response) {
                                  if (failure) std::rethrow_exception(failure);
                                  answered = std::move(response);
                              });
        io.restart();
        io.run_for(60s);
        REQUIRE(answered.has_value());
        return std::move(*answered);
    }

    boost::asio::io_context io{1};
    staff::EventHub events{io.get_executor(), db.store()};
    net::CurlClient curl{io.get_executor()};
    inbound::MediaFetch media{curl, [](std::string_view) { return nullptr; }};
    const staff::Parts parts{io.get_executor(),          db.store(), events, nullptr,      media, {}, [] {},
                             "https://line.example.org", {},         false,  std::nullopt, curl};
    staff::Doorkeeper door{parts};
    staff::PasskeyApi api{parts, door};
    staff::Routes routes;
};

}  // namespace

TEST_CASE(
    "passkey: none is kept for a session that has ended, or an account that is out, since it was begun") {
    struct Row {
        const char* why;
        int status;
        void (*meanwhile)(StaffTx&, AccountRow);
    };
    static constexpr Row kRows[]{
        {"nothing happens", 201, [](StaffTx&, AccountRow) {}},
        {"a new link was made for the account", 401,
         [](StaffTx& tx, AccountRow account) {
             tx.end_sessions(account.id);
             tx.remove_passkeys(account.id);
         }},
        {"signed out", 401, [](StaffTx& tx, AccountRow) { tx.end_session(kSession); }},
        {"disabled", 401,
         [](StaffTx& tx, AccountRow account) {
             account.disabled = true;
             tx.save_account(account);
         }},
    };
    for (const Row& row : kRows) {
        CAPTURE(std::string(row.why));
        Door door;
        const auto begun = door.post("/me/passkeys/begin", {{"password", kPassword}});
        REQUIRE(begun.status == 200);
        const std::string challenge = json::parse(begun.body).at("challenge");
        const std::string said =
            staff_test::client_data("webauthn.create", challenge, "https://line.example.org");
        door.db.write([&](StoreTx& tx) { row.meanwhile(tx.staff(), door.account); });
        const auto made = door.post(
            "/me/passkeys",
            {{"name", "Blue key"},
             {"client_data", net::encode_base64url(said)},
             {"attestation_object", net::encode_base64url(SoftAuthenticator(-7).attestation_object())}});
        CHECK(made.status == row.status);
        CHECK(door.passkeys() == (row.status == 201 ? 1 : 0));
    }
}
