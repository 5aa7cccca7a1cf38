#include "webhooks/cli/quarantine_replay.hpp"

#include <doctest.h>

#include <nlohmann/json.hpp>

#include "tests/shell/run_handrail.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/set_up.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"

// What no test from outside can bring about: an entry that has lain for hours, or that nobody can read.

namespace {

using namespace std::chrono_literals;
using webhooks::Config;
using webhooks::store::QuarantineEntry;

struct Fixture {
    Fixture() {
        config = webhooks::demo_config(8'080, 8'081);
        config.store = {scratch.path("handrail.db"), scratch.path("handrail.key")};
        webhooks::store::SqliteSettings sqlite;
        sqlite.path = config.store.path;
        store = webhooks::store::open_sqlite(sqlite, webhooks::open_vault(config.store));
    }
    ~Fixture() { store->close(); }

    /// A text signed at `at`, as the endpoint keeps it.
    std::string request_signed(bot::TimePoint at, const std::string& secret) const {
        const std::string body = R"({"id":"m1","from":"+15550110","to":"+15550199","text":"hello"})";
        nlohmann::json headers = nlohmann::json::array();
        for (const std::string& line :
             webhooks::gateways::StandardWebhooks(secret).header_lines("m1", at, body)) {
            const auto colon = line.find(": ");
            headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
        }
        return nlohmann::json{{"method", "POST"},
                              {"target", "/webhooks/generic/demo/sms"},
                              {"headers", headers},
                              {"body", body}}
            .dump();
    }
    /// Keeps it, replays it, and tells what came and how many are left.
    std::pair<webhooks::cli::Replayed, std::size_t> replayed(QuarantineEntry entry, bool named = false) {
        REQUIRE_FALSE(store->transact([&](webhooks::store::StoreTx& tx) -> webhooks::store::error_code {
            tx.quarantine(entry, 10);
            return {};
        }));
        auto content = webhooks::cli::load_flows_or_complain(HANDRAIL_SOURCE_DIR "/flows");
        REQUIRE(content != nullptr);
        webhooks::cli::Replay replay(config, webhooks::make_line(config, std::move(content)), *store);
        auto came = replay.one(entries().back(), named);
        return {std::move(came), entries().size()};
    }
    std::vector<QuarantineEntry> entries() {
        std::vector<QuarantineEntry> all;
        REQUIRE_FALSE(store->read([&](webhooks::store::StoreReader& reader) -> webhooks::store::error_code {
            all = reader.quarantined();
            return {};
        }));
        return all;
    }

    test::Scratch scratch;
    Config config;
    std::unique_ptr<webhooks::store::Store> store;
};

}  // namespace

TEST_CASE("quarantine: a signed time stamp does not grow old by lying in quarantine") {
    Fixture fixture;
    const bot::TimePoint then = webhooks::net::now() - 3h;
    const std::string request = fixture.request_signed(then, fixture.config.demo_secret);
    SUBCASE("received when it was signed") {
        const auto [came, left] = fixture.replayed({0, then + 2s, "demo", "bad_signature", request});
        CHECK(came.what == "taken, 1 text to send");
        CHECK(came.accepted);
        CHECK(left == 0);
    }
    SUBCASE("old already when it was received: a replay of somebody else's") {
        const auto [came, left] = fixture.replayed({0, then + 20min, "demo", "stale_timestamp", request});
        CHECK(came.what == "stays: stale_timestamp");
        CHECK_FALSE(came.accepted);
        CHECK(left == 1);
    }
}

TEST_CASE(
    "quarantine: what came under a used signature is taken only by its id, however good the signature") {
    Fixture fixture;
    const bot::TimePoint now = webhooks::net::now();
    const std::string request = fixture.request_signed(now, fixture.config.demo_secret);
    SUBCASE("with all others") {
        const auto [came, left] = fixture.replayed({0, now, "demo", "replayed", request});
        CHECK(came.what == "stays: replayed: give its id");
        CHECK_FALSE(came.accepted);
        CHECK(left == 1);
    }
    SUBCASE("by its id") {
        const auto [came, left] = fixture.replayed({0, now, "demo", "replayed", request}, true);
        CHECK(came.what == "taken, 1 text to send");
        CHECK(left == 0);
    }
}

TEST_CASE("quarantine: what cannot be answered stays, with the reason") {
    const bot::TimePoint now = webhooks::net::now();
    struct Row {
        const char* why;
        const char* account;
        const char* request;
        const char* what;
    };
    static constexpr Row kRows[]{
        {"an account that is gone", "elsewhere", "{}", "stays: no such account is configured now"},
        {"no JSON", "demo", "[unreadable]", "stays: it cannot be read (changed, or sealed with another key)"},
        {"a member missing", "demo", R"({"method":"POST","target":"/"})",
         "stays: it cannot be read (changed, or sealed with another key)"},
        {"headers that are none", "demo", R"({"method":"POST","target":"/","body":"","headers":[["a"]]})",
         "stays: it cannot be read (changed, or sealed with another key)"},
        {"no signature", "demo", R"({"method":"POST","target":"/","body":"{}","headers":[]})",
         "stays: missing_signature"},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        Fixture fixture;
        const auto [came, left] = fixture.replayed({0, now, row.account, "bad_signature", row.request});
        CHECK(came.what == row.what);
        CHECK_FALSE(came.accepted);
        CHECK(left == 1);
    }
}
