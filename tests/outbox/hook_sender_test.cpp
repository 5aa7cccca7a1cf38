#include "webhooks/oncall/hook_sender.hpp"

#include "tests/net/peer.hpp"
#include "tests/outbox/line.hpp"

using namespace tests;
using webhooks::gateways::StandardWebhooks;
using webhooks::oncall::HookSender;
using webhooks::oncall::Roster;

namespace {

/// A store, a sender and the system that is told, on one loop.
class Hooks {
public:
    Hooks() {
        router_.add("POST", "/hook", [this](const http::Request& request) { return take(request); });
        server_.start();
        roster.endpoints = {{"dashboard", url("/hook"), kSecret, {}}};
    }
    [[nodiscard]] std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
    }
    void start() {
        sender.emplace(io.get_executor(), db.store(), curl, roster, metrics);
        sender->start();
    }
    void queue(const std::string& key, const std::string& endpoint = "dashboard") {
        db.write([&](StoreTx& tx) {
            tx.enqueue_hook({endpoint, "escalation.opened", key, R"({"type":"escalation.opened","note":"é"})",
                             webhooks::net::now()});
        });
        if (sender) sender->wake();
    }
    /// The first column of the row of that key: state 0 due, 1 claimed, 2 sent, 3 failed.
    std::string column(const std::string& name, const std::string& key) {
        return RawDatabase(db.settings().path)
            .text("SELECT " + name + " FROM hook WHERE key = '" + key + "'");
    }
    [[nodiscard]] bool becomes(const std::string& key, const std::string& state) {
        return runs_until([&] { return column("state", key) == state && sender->sending() == 0; });
    }
    /// That many tries are made, and it is put off.
    [[nodiscard]] bool is_put_off(const std::string& key, const std::string& tries) {
        return runs_until([&] { return column("attempts", key) == tries; }) && becomes(key, "0");
    }
    template <class Condition>
    [[nodiscard]] bool runs_until(Condition holds) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > end) return false;
            io.restart();
            io.run_one_for(10ms);
        }
        return true;
    }
    std::chrono::milliseconds due_in(const std::string& key) {
        return bot::from_millis(std::stoll(column("ready_at", key))) - webhooks::net::now();
    }
    void make_due(const std::string& key) {
        CHECK(RawDatabase(db.settings().path).run("UPDATE hook SET ready_at = 1 WHERE key = '" + key + "'") ==
              0);
        sender->wake();
    }

    asio::io_context io{1};
    SqliteFixture db;
    webhooks::telemetry::Metrics metrics;
    webhooks::net::CurlClient curl{io.get_executor()};
    Roster roster;
    std::optional<HookSender> sender;
    std::vector<http::Request> got;
    std::deque<http::Response> answers;  ///< then 204

private:
    asio::awaitable<http::Response> take(const http::Request& request) {
        got.push_back(request);
        http::Response answer;
        answer.status = 204;
        if (!answers.empty()) {
            answer = answers.front();
            answers.pop_front();
        }
        co_return answer;
    }
    http::Router router_;
    http::Server server_{io, any_port(), router_};
};

}  // namespace

TEST_CASE("hooks: another system is told once, in a form it can trust") {
    Hooks hooks;
    hooks.queue("esc1-opened");
    hooks.start();
    REQUIRE(hooks.becomes("esc1-opened", "2"));
    REQUIRE(hooks.got.size() == 1);
    const http::Request& request = hooks.got[0];
    CHECK(request.header("webhook-id") == "esc1-opened");
    CHECK(request.header("content-type") == "application/json");
    CHECK(request.body == R"({"type":"escalation.opened","note":"é"})");
    CHECK_FALSE(StandardWebhooks(kSecret).verify(request, webhooks::net::now()).has_value());
    CHECK(hooks.metrics.render().find(R"(endpoint="dashboard",outcome="sent"} 1)") != std::string::npos);
}

TEST_CASE("hooks: what comes while it sleeps is told at once") {
    Hooks hooks;
    hooks.start();
    hooks.queue("esc1-opened");
    CHECK(hooks.becomes("esc1-opened", "2"));
}

TEST_CASE("hooks: what is not taken is tried again, signed anew under the same id") {
    Hooks hooks;
    hooks.answers = {busy(500), busy(302)};
    hooks.queue("esc1-opened");
    hooks.start();
    REQUIRE(hooks.is_put_off("esc1-opened", "1"));
    CHECK(hooks.due_in("esc1-opened") > 1s);
    CHECK(hooks.due_in("esc1-opened") <= 6s);
    hooks.make_due("esc1-opened");
    REQUIRE(hooks.is_put_off("esc1-opened", "2"));
    CHECK(hooks.due_in("esc1-opened") > 3min);
    CHECK(hooks.due_in("esc1-opened") <= 6min);
    hooks.make_due("esc1-opened");
    REQUIRE(hooks.becomes("esc1-opened", "2"));
    REQUIRE(hooks.got.size() == 3);
    for (const http::Request& request : hooks.got) {
        CHECK(request.header("webhook-id") == "esc1-opened");
        CHECK_FALSE(StandardWebhooks(kSecret).verify(request, webhooks::net::now()).has_value());
    }
}

TEST_CASE("hooks: a longer wait is granted, a shorter one is not") {
    for (const auto& [retry_after, at_least] : {std::pair{"3600", 3'500s}, {"0", 1s}}) {
        const std::string asked = retry_after;
        CAPTURE(asked);
        Hooks hooks;
        hooks.answers = {busy(429, asked)};
        hooks.queue("k");
        hooks.start();
        REQUIRE(hooks.is_put_off("k", "1"));
        CHECK(hooks.due_in("k") >= at_least);
    }
}

TEST_CASE("hooks: a system that is gone for good, or no longer configured, is not told again") {
    Hooks hooks;
    hooks.answers = {busy(410)};
    hooks.queue("gone");
    hooks.queue("removed", "no-such-endpoint");
    hooks.start();
    CHECK(hooks.becomes("gone", "3"));
    CHECK(hooks.becomes("removed", "3"));
    CHECK(hooks.got.size() == 1);
}

TEST_CASE("hooks: after the tenth try it ends") {
    Hooks hooks;
    hooks.queue("k");
    RawDatabase(hooks.db.settings().path).run("UPDATE hook SET attempts = 8");
    hooks.answers = {busy(500), busy(500)};
    hooks.start();
    REQUIRE(hooks.is_put_off("k", "9"));
    hooks.make_due("k");
    CHECK(hooks.becomes("k", "3"));
}

TEST_CASE("hooks: what a crash left claimed is told after the restart, under the same id") {
    Hooks hooks;
    hooks.queue("k");
    CHECK(hooks.db.write([](StoreTx& tx) { return tx.claim_hooks(webhooks::net::now(), 10); }).size() == 1);
    hooks.db.reopen();
    hooks.start();
    CHECK(hooks.becomes("k", "2"));
    CHECK(hooks.got.size() == 1);
}

TEST_CASE("hooks: an endpoint that cuts or hangs up holds up no other") {
    Peer cuts({{"", true}});
    Hooks hooks;
    hooks.roster.endpoints.push_back({"broken", cuts.url("/hook"), kSecret, {}});
    hooks.queue("a", "broken");
    hooks.queue("b");
    hooks.start();
    CHECK(hooks.becomes("b", "2"));
    CHECK(hooks.is_put_off("a", "1"));
}

namespace {

std::int64_t add_webhook(Hooks& hooks, const std::string& url, std::set<std::string> events = {}) {
    return hooks.db.write([&](StoreTx& tx) {
        webhooks::store::WebhookRow row;
        row.name = "archive";
        row.url = url;
        row.secret = kSecret;
        row.events = std::move(events);
        row.created_at = webhooks::net::now();
        return tx.staff().add_webhook(row);
    });
}

}  // namespace

TEST_CASE("hooks: a managed webhook is owed what is published, and no more than it asked for") {
    Hooks hooks;
    hooks.roster.webhooks.allow_private = true;
    hooks.start();
    const std::int64_t id = add_webhook(hooks, hooks.url("/hook"), {"consent.changed"});
    CHECK(id == webhooks::store::kFirstWebhook);
    hooks.db.write([](StoreTx& tx) {
        tx.publish("message.received", R"({"contact":1})", webhooks::net::now());
        tx.publish("consent.changed", R"({"contact":1,"to":"opted_out"})", webhooks::net::now());
    });
    hooks.sender->wake();
    REQUIRE(hooks.becomes("event-2", "2"));
    REQUIRE(hooks.got.size() == 1);
    CHECK(hooks.got[0].header("webhook-id") == "event-2");
    CHECK(hooks.got[0].body.find(R"("type":"consent.changed")") != std::string::npos);
    CHECK(hooks.got[0].body.ends_with(R"("data":{"contact":1,"to":"opted_out"}})"));
    CHECK_FALSE(StandardWebhooks(kSecret).verify(hooks.got[0], webhooks::net::now()).has_value());
    CHECK(hooks.column("outcome", "event-2") == "204");
}

TEST_CASE("hooks: managed ones that never answer take no place from those of the configuration") {
    Peer silent({});
    Hooks hooks;
    hooks.roster.webhooks.allow_private = true;
    const std::int64_t id = add_webhook(hooks, silent.url("/"));
    hooks.db.write([](StoreTx& tx) {
        for (int i = 0; i < 500; ++i) tx.publish("message.received", "{}", webhooks::net::now());
    });
    hooks.start();
    REQUIRE(hooks.runs_until([&] { return hooks.sender->sending() == 8; }));
    hooks.queue("alarm");
    // The row is written a moment before the sender counts the alarm as ended.
    REQUIRE(hooks.runs_until(
        [&] { return hooks.column("state", "alarm") == "2" && hooks.sender->sending() == 8; }));
    CHECK(hooks.db.read([&](StoreReader& reader) {
        return reader.staff().deliveries_owed(webhooks::store::endpoint_of_webhook(id));
    }) == 500);
}

TEST_CASE("hooks: a managed webhook leads nowhere inside unless that is set") {
    Peer inside({{Peer::ok("taken")}});
    Hooks hooks;
    add_webhook(hooks, inside.url("/"));
    hooks.db.write([](StoreTx& tx) { tx.publish("oncall.changed", "{}", webhooks::net::now()); });
    hooks.start();
    REQUIRE(hooks.is_put_off("event-1", "1"));
    CHECK(hooks.column("outcome", "event-1") == "private_address");
    CHECK(inside.connections() == 0);
}

TEST_CASE("hooks: one that says it is gone is given up, and the people on call are told") {
    Hooks hooks;
    hooks.roster.webhooks.allow_private = true;
    hooks.roster.people = {{.name = "Maya", .phone = "+15550101"}};
    add_webhook(hooks, hooks.url("/hook"));
    hooks.answers = {busy(410)};
    hooks.db.write([](StoreTx& tx) { tx.publish("oncall.changed", "{}", webhooks::net::now()); });
    hooks.start();
    REQUIRE(hooks.becomes("event-1", "3"));
    RawDatabase raw(hooks.db.settings().path);
    CHECK(raw.text("SELECT state FROM webhook") == "2");
    CHECK(raw.text("SELECT count(*) FROM outbox WHERE contact IS NULL") == "1");
    CHECK(raw.text("SELECT count(*) FROM hook WHERE event = 'oncall.trouble' AND endpoint = 'dashboard'") ==
          "1");
}
