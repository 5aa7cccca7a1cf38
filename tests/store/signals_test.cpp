// What goes to other systems and to people who watch: outgoing webhooks, live events, quarantine.
#include "fixture.hpp"

using namespace store_test;

namespace {

NewHook hook(const std::string& key, const std::string& endpoint = "pager") {
    return {endpoint, "escalation.opened", key, R"({"escalation":1})", kNow};
}

template <class Backend>
std::vector<ClaimedHook> claim(Backend& db, TimePoint now = kNow, std::size_t limit = 10) {
    return db.write([&](StoreTx& tx) { return tx.claim_hooks(now, limit); });
}

}  // namespace

HANDRAIL_STORE_TEST("a webhook is owed once per endpoint and key") {
    Backend db;
    db.write([](StoreTx& tx) {
        tx.enqueue_hook(hook("esc1-opened"));
        tx.enqueue_hook(hook("esc1-opened"));
        tx.enqueue_hook(hook("esc1-opened", "other"));
    });
    const auto hooks = claim(db);
    REQUIRE(hooks.size() == 2);
    CHECK(hooks[0].endpoint == "pager");
    CHECK(hooks[0].event == "escalation.opened");
    CHECK(hooks[0].key == "esc1-opened");
    CHECK(hooks[0].payload == R"({"escalation":1})");
    CHECK(hooks[0].attempts == 1);
    CHECK(hooks[0].at == kNow);
    CHECK(claim(db).empty());
}

HANDRAIL_STORE_TEST("a webhook is tried again at its time, and never after it was taken") {
    Backend db;
    db.write([](StoreTx& tx) { tx.enqueue_hook(hook("a")); });
    const std::int64_t id = claim(db).at(0).id;
    db.write([&](StoreTx& tx) { tx.mark_hook_retry(id, kNow + 5s); });
    CHECK(db.write([](StoreTx& tx) { return tx.next_hook_due(); }) == kNow + 5s);
    CHECK(claim(db, kNow + 4s).empty());
    CHECK(claim(db, kNow + 5s).at(0).attempts == 2);
    db.write([&](StoreTx& tx) {
        tx.mark_hook_sent(id, kNow);
        tx.mark_hook_retry(id, kNow);
    });
    CHECK(claim(db, kNow + 1h).empty());
    CHECK_FALSE(db.write([](StoreTx& tx) { return tx.next_hook_due(); }));
}

HANDRAIL_STORE_TEST("a webhook given up is not tried again") {
    Backend db;
    db.write([](StoreTx& tx) { tx.enqueue_hook(hook("a")); });
    const std::int64_t id = claim(db).at(0).id;
    db.write([&](StoreTx& tx) { tx.mark_hook_failed(id, kNow); });
    db.reopen();
    db.write([](StoreTx& tx) { tx.release_claimed_hooks(); });
    CHECK(claim(db, kNow + 1h).empty());
}

HANDRAIL_STORE_TEST("a webhook that a crash left claimed is owed again") {
    Backend db;
    db.write([](StoreTx& tx) { tx.enqueue_hook(hook("a")); });
    CHECK(claim(db).size() == 1);
    db.reopen();
    CHECK(claim(db, kNow + 1h).empty());
    db.write([](StoreTx& tx) { tx.release_claimed_hooks(); });
    const auto hooks = claim(db, kNow + 1h);
    REQUIRE(hooks.size() == 1);
    CHECK(hooks[0].key == "a");
    CHECK(hooks[0].attempts == 2);
}

HANDRAIL_STORE_TEST("live events are numbered by commit and read from any point on") {
    Backend db;
    CHECK(db.read([](StoreReader& reader) { return reader.last_event_id(); }) == 0);
    db.write([](StoreTx& tx) {
        for (int i = 0; i < 5; ++i) tx.publish("message.sent", std::to_string(i), kNow);
    });
    db.reopen();
    db.write([](StoreTx& tx) { tx.publish("consent.changed", "5", kNow + 1s); });
    const auto events = db.read([](StoreReader& reader) { return reader.events_after(3, 2); });
    REQUIRE(events.size() == 2);
    CHECK(events[0].id == 4);
    CHECK(events[0].data == "3");
    CHECK(events[1].id == 5);
    const auto last = db.read([](StoreReader& reader) { return reader.events_after(5, 10); });
    REQUIRE(last.size() == 1);
    CHECK(last[0].type == "consent.changed");
    CHECK(last[0].at == kNow + 1s);
    CHECK(db.read([](StoreReader& reader) { return reader.last_event_id(); }) == 6);
}

HANDRAIL_STORE_TEST("the quarantine keeps the latest and no more") {
    Backend db;
    db.write([](StoreTx& tx) {
        for (int i = 0; i < 20; ++i)
            tx.quarantine({0, kNow, "main", "bad_signature", "request " + std::to_string(i)}, 5);
    });
    const auto requests = [&] {
        std::vector<std::string> all;
        for (const auto& entry : db.read([](StoreReader& reader) { return reader.quarantined(); }))
            all.push_back(entry.request);
        return all;
    };
    CHECK(requests() ==
          std::vector<std::string>{"request 15", "request 16", "request 17", "request 18", "request 19"});
    const auto entries = db.read([](StoreReader& reader) { return reader.quarantined(); });
    CHECK(entries.back().account == "main");
    CHECK(entries.back().reason == "bad_signature");
    CHECK(entries.back().at == kNow);
    db.write([&](StoreTx& tx) { tx.remove_quarantined(entries.back().id); });
    CHECK(requests().size() == 4);
    db.reopen();
    db.write([](StoreTx& tx) { tx.quarantine({0, kNow, "main", "bad_signature", "newer"}, 5); });
    const auto after = db.read([](StoreReader& reader) { return reader.quarantined(); });
    CHECK(after.back().id > entries.back().id);  // an id is never given twice
}

namespace {

std::int64_t add_webhook(StoreTx& tx, std::set<std::string> events, WebhookState state = WebhookState::on) {
    WebhookRow row;
    row.name = "archive";
    row.url = "https://archive.example.org/in";
    row.secret = "whsec_canary-secret";
    row.created_by = "Ana";
    row.events = std::move(events);
    row.state = state;
    row.created_at = kNow;
    return tx.staff().add_webhook(row);
}

template <class Backend>
std::vector<ClaimedHook> claim_of(Backend& db, std::int64_t webhook, std::size_t limit = 10) {
    return db.write([&](StoreTx& tx) { return tx.claim_deliveries(webhook, kNow, limit); });
}

std::string keys_of(const std::vector<ClaimedHook>& hooks) {
    std::string all;
    for (const ClaimedHook& hook : hooks) all += hook.key + " " + hook.event + ";";
    return all;
}

}  // namespace

HANDRAIL_STORE_TEST("a live event is owed to the managed webhooks that want it, in the same commit") {
    Backend db;
    std::int64_t all = 0, some = 0, off = 0;
    db.write([&](StoreTx& tx) {
        all = add_webhook(tx, {});
        some = add_webhook(tx, {"consent.changed", "oncall.changed"});
        off = add_webhook(tx, {}, WebhookState::off);
        tx.publish("oncall.changed", R"({"a":1})", kNow);
    });
    CHECK(all == kFirstWebhook);
    db.write([](StoreTx& tx) {
        tx.publish("consent", "{}", kNow);  // the beginning of a type is not the type
        tx.publish("consent.changed", R"({"b":2})", kNow);
    });
    CHECK(claim(db).empty());
    CHECK(keys_of(claim_of(db, all)) == "event-1 oncall.changed;event-2 consent;event-3 consent.changed;");
    const auto hooks = claim_of(db, some);
    CHECK(keys_of(hooks) == "event-1 oncall.changed;event-3 consent.changed;");
    CHECK(hooks.at(1).payload.starts_with(R"({"type":"consent.changed","timestamp":")"));
    CHECK(hooks.at(1).payload.ends_with(R"(","data":{"b":2}})"));
    CHECK(hooks.at(1).webhook == some);
    CHECK(claim_of(db, off).empty());
}

HANDRAIL_STORE_TEST("a job that is undone owes nobody its events") {
    Backend db;
    const std::int64_t id = db.write([](StoreTx& tx) { return add_webhook(tx, {}); });
    const error_code failed = db.store().transact([](StoreTx& tx) {
        tx.publish("oncall.changed", "{}", kNow);
        return error_code(boost::system::errc::operation_canceled, boost::system::generic_category());
    });
    CHECK(failed.failed());
    CHECK(claim_of(db, id).empty());
}

HANDRAIL_STORE_TEST("a managed webhook is changed, seen and removed, and its id is never another's") {
    Backend db;
    const std::int64_t id = db.write([](StoreTx& tx) { return add_webhook(tx, {"oncall.changed"}); });
    db.write([&](StoreTx& tx) {
        WebhookRow row = *tx.staff().webhook(id);
        row.old_secret = std::exchange(row.secret, "whsec_fresh");
        row.old_until = kNow + 1h;
        row.failing_since = kNow;
        row.state = WebhookState::given_up;
        tx.staff().save_webhook(row);
        tx.publish("oncall.changed", "{}", kNow);
    });
    const auto rows = db.read([](StoreReader& reader) { return reader.staff().webhooks(); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].name == "archive");
    CHECK(rows[0].events == std::set<std::string>{"oncall.changed"});
    CHECK(rows[0].secret == "whsec_fresh");
    CHECK(rows[0].old_secret == "whsec_canary-secret");
    CHECK(rows[0].old_until == kNow + 1h);
    CHECK(rows[0].failing_since == kNow);
    CHECK(rows[0].state == WebhookState::given_up);
    CHECK(claim_of(db, id).empty());
    CHECK(db.write([&](StoreTx& tx) { return tx.staff().remove_webhook(id); }));
    CHECK_FALSE(db.write([&](StoreTx& tx) { return tx.staff().remove_webhook(id); }));
    CHECK(db.write([](StoreTx& tx) { return add_webhook(tx, {}); }) == id + 1);
}

HANDRAIL_STORE_TEST("what is owed to a managed webhook can be dropped, but for what is under way") {
    Backend db;
    const std::int64_t id = db.write([](StoreTx& tx) { return add_webhook(tx, {}); });
    db.write([](StoreTx& tx) {
        for (int i = 0; i < 3; ++i) tx.publish("oncall.changed", "{}", kNow);
    });
    CHECK(claim_of(db, id, 1).size() == 1);
    db.write([&](StoreTx& tx) { tx.staff().drop_deliveries(id, "removed", kNow); });
    const auto rows = db.read(
        [&](StoreReader& reader) { return reader.staff().deliveries(endpoint_of_webhook(id), 10, 1'000); });
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].state == "failed");
    CHECK(rows[0].outcome == "removed");
    CHECK(rows[2].state == "sending");
    CHECK(db.read([&](StoreReader& reader) {
        return reader.staff().deliveries_owed(endpoint_of_webhook(id));
    }) == 1);
}
