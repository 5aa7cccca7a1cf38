#include "webhooks/outbox/dispatcher.hpp"

#include "tests/net/peer.hpp"
#include "tests/outbox/line.hpp"

using namespace tests;

namespace {

ContactId contact_of(Line& line, const std::string& number = "+15550100") {
    return line.db.write([&](StoreTx& tx) {
        return tx.record_inbound({"main", "SM" + number, number, "+15550199", "hi", "[]", kNow}).contact;
    });
}

}  // namespace

TEST_CASE("dispatcher: a text is handed over once, with all it needs, and recorded") {
    Line line;
    line.add_account("main");
    line.answers["hello"].push_back(http::Response::json(200, R"({"id":"x-1"})"));
    const MessageId id = line.queue("hello");
    line.start();
    CHECK(line.becomes(id, {"sent", ""}));
    REQUIRE(line.arrived.size() == 1);
    CHECK(line.arrived[0] == json{{"id", std::to_string(id.value)},
                                  {"from", "+15550199"},
                                  {"to", "+15550100"},
                                  {"text", "hello"}});
    CHECK(line.recorded == 1);
    line.db.write([&](StoreTx& tx) {
        tx.apply_report("main", "x-1", "", OutboxState::delivered, "", kNow);  // known by the gateway's id
    });
    CHECK(line.fate(id) == Fate{"delivered", ""});
}

TEST_CASE("dispatcher: what a reply makes of a text") {
    struct Row {
        const char* why;
        MessageKind kind;
        http::Response answer;
        Fate want;
    };
    const Row rows[]{
        {"taken", MessageKind::reply, busy(202), {"sent", ""}},
        {"refused",
         MessageKind::reply,
         http::Response::json(400, R"({"error_code":"bad_to"})"),
         {"failed", "bad_to"}},
        {"busy", MessageKind::check_in, busy(429), {"errored", "http_429"}},
        {"down", MessageKind::check_in, busy(503), {"errored", "http_503"}},
        {"not worth another try", MessageKind::reply, busy(503, "3600"), {"stale", "http_503"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Line line;
        line.add_account("main");
        line.answers["x"].push_back(row.answer);
        const MessageId id = line.queue("x", "main", row.kind);
        line.start();
        CHECK(line.becomes(id, row.want));
        CHECK(line.arrived.size() == 1);
    }
}

TEST_CASE("dispatcher: what was not taken is tried again under the same id") {
    Line line;
    line.add_account("main");
    line.answers["x"] = {busy(503), busy(429)};
    const MessageId id = line.queue("x", "main", MessageKind::crisis);
    line.start();
    CHECK(line.becomes(id, {"sent", "http_429"}));
    REQUIRE(line.arrived.size() == 3);
    CHECK(line.arrived[0] == line.arrived[1]);
    CHECK(line.arrived[0] == line.arrived[2]);
}

TEST_CASE("dispatcher: a gateway that cannot be reached is tried again, whatever the kind") {
    std::string nobody;
    {
        Peer gone({});
        nobody = gone.url("/send");
    }
    for (const MessageKind kind : {MessageKind::opt_out_confirm, MessageKind::check_in, MessageKind::page}) {
        CAPTURE(bot::to_string(kind));
        Line line;
        line.add_account("main", 10'000, nobody);
        const MessageId id = line.queue("x", "main", kind);
        line.start();
        CHECK(line.becomes(id, {"errored", "unreachable"}));
    }
}

TEST_CASE("dispatcher: a text that may have left goes again only where silence is worse than a double") {
    struct Row {
        MessageKind kind;
        const char* state;
    };
    static constexpr Row kRows[]{
        {MessageKind::crisis, "errored"},          {MessageKind::page, "errored"},
        {MessageKind::staff, "errored"},           {MessageKind::reply, "errored"},
        {MessageKind::opt_out_confirm, "unknown"}, {MessageKind::check_in, "unknown"}};
    for (const Row& row : kRows) {
        CAPTURE(bot::to_string(row.kind));
        Peer cuts({{"", true}, {Peer::ok("{}")}});
        Line line;
        line.add_account("main", 10'000, cuts.url("/send"));
        const MessageId id = line.queue("x", "main", row.kind);
        line.start();
        CHECK(line.becomes(id, {row.state, "no_answer"}));
        CHECK(cuts.requests().size() == 1);
    }
}

TEST_CASE("dispatcher: a block by the carrier is recorded as an opt-out with the text's end") {
    Line line;
    line.add_account("main");
    const ContactId contact = contact_of(line);
    line.answers["x"].push_back(http::Response::json(400, R"({"opted_out":true,"error_code":"21610"})"));
    const MessageId id = line.queue("x", "main", MessageKind::reply, "+15550199", contact);
    line.start();
    CHECK(line.becomes(id, {"failed", "21610"}));
    CHECK(line.opted_out == std::vector<std::pair<ContactId, std::string>>{{contact, "21610"}});
}

TEST_CASE("dispatcher: an opt-out between claim and hand-over withdraws the text") {
    Line line;
    line.add_account("main");
    const ContactId contact = contact_of(line);
    const MessageId id = line.queue("x", "main", MessageKind::reply, "+15550199", contact);
    line.start();
    REQUIRE(line.runs_until([&] { return line.dispatcher->sending() == 1; }));
    line.gate->close(contact);
    CHECK(line.becomes(id, {"cancelled", "opted_out"}));
    CHECK(line.arrived.empty());
    // Nothing in flight, nothing remembered; the record comes a moment before.
    CHECK(line.runs_until([&] { return line.gate->may_send(contact); }));
}

TEST_CASE("dispatcher: an account that is gone fails its texts and stops nothing") {
    Line line;
    line.add_account("main");
    const MessageId lost = line.queue("lost", "removed");
    const MessageId sent = line.queue("sent");
    line.start();
    CHECK(line.becomes(lost, {"failed", "no_such_account"}));
    CHECK(line.becomes(sent, {"sent", ""}));
}

TEST_CASE("dispatcher: what a crash left half sent is settled by kind before anything else") {
    Line line;
    line.add_account("main");
    const MessageId reply = line.queue("reply");
    const MessageId confirm = line.queue("confirm", "main", MessageKind::opt_out_confirm);
    line.db.write([](StoreTx& tx) { (void)tx.claim_due(webhooks::net::now(), 64); });
    line.db.reopen();
    line.start();
    CHECK(line.becomes(reply, {"sent", "restart"}));
    CHECK(line.fate(confirm) == Fate{"unknown", "restart"});
    CHECK(line.texts() == std::vector<std::string>{"reply"});
}

TEST_CASE("dispatcher: a number keeps its rate, and a page goes before the bot's texts that wait for it") {
    Line line;
    line.add_account("main", 1);
    for (const char* text : {"1", "2", "3"}) line.queue(text);
    line.start();
    REQUIRE(line.arrives("1"));
    const auto first = std::chrono::steady_clock::now();
    line.queue("page", "main", MessageKind::page);
    REQUIRE(line.arrives("2"));
    CHECK(line.texts() == std::vector<std::string>{"1", "page", "2"});
    CHECK(std::chrono::steady_clock::now() - first > 1s);  // two of them at one a second
}

TEST_CASE("dispatcher: a long queue of one number holds up no other number, nor another account") {
    Line line;
    line.add_account("main", 1);
    line.add_account("other", 1);
    for (int i = 0; i < 300; ++i) line.queue("backlog");
    line.start();
    REQUIRE(line.arrives("backlog"));
    line.queue("number", "main", MessageKind::reply, "+15550198");
    line.queue("account", "other");
    CHECK(line.arrives("number"));
    CHECK(line.arrives("account"));
    CHECK(std::count_if(line.arrived.begin(), line.arrived.end(),
                        [](const json& one) { return one["text"] == "backlog"; }) <= 2);
}

TEST_CASE(
    "dispatcher: a gateway that hangs on bot texts still takes a page and a crisis text of the same number") {
    Line line;
    line.add_account("main", 128);  // 64 under way, and 16 more for urgent ones
    line.add_account("other");
    line.hanging.insert("hangs");
    for (int i = 0; i < 200; ++i) line.queue("hangs");
    line.start();
    REQUIRE(line.runs_until([&] { return line.arrived.size() == 64; }));
    line.queue("page", "main", MessageKind::page);
    line.queue("crisis", "main", MessageKind::crisis);
    line.queue("reply", "other");
    CHECK(line.arrives("page"));
    CHECK(line.arrives("crisis"));
    CHECK(line.arrives("reply"));
    CHECK(line.arrived.size() == 67);
}

TEST_CASE("dispatcher: told to wait, a number holds its bot texts back but not a page") {
    Line line;
    line.add_account("main");
    line.answers["first"].push_back(busy(429, "2"));
    const MessageId first = line.queue("first");
    line.start();
    REQUIRE(line.becomes(first, {"errored", "http_429"}));
    line.queue("second");
    line.queue("page", "main", MessageKind::page);
    CHECK(line.arrives("second"));
    CHECK(line.becomes(first, {"sent", "http_429"}));
    CHECK(line.texts()[0] == "first");
    CHECK(line.texts()[1] == "page");
}

TEST_CASE("dispatcher: however long a gateway asks, a page waits at most half a minute") {
    Line line;
    line.add_account("main");
    line.answers["page"].push_back(busy(429, "3000"));
    const MessageId page = line.queue("page", "main", MessageKind::page, "+15550199", std::nullopt, 24h);
    line.start();
    REQUIRE(line.becomes(page, {"errored", "http_429"}));
    const auto due = line.db.write([](StoreTx& tx) { return tx.next_outbox_due(); });
    REQUIRE(due.has_value());
    CHECK(*due <= webhooks::net::now() + 30s);
    CHECK(*due >= webhooks::net::now() + 20s);
}

TEST_CASE("dispatcher: draining sends what is due and leaves what is not") {
    Line line;
    line.add_account("main");
    std::vector<MessageId> due;
    for (int i = 0; i < 20; ++i) due.push_back(line.queue("due"));
    NewOutbound later = outbound({}, "later", MessageKind::check_in, webhooks::net::now() + 1h);
    later.contact.reset();
    const MessageId queued = line.db.write([&](StoreTx& tx) { return tx.enqueue(later); });
    line.start();
    bool drained = false;
    asio::co_spawn(line.io, line.dispatcher->drain(10s), [&](const std::exception_ptr&) { drained = true; });
    REQUIRE(line.runs_until([&] { return drained; }));
    for (const MessageId id : due) CHECK(line.fate(id) == Fate{"sent", ""});
    CHECK(line.fate(queued) == Fate{"queued", ""});
    CHECK(line.dispatcher->sending() == 0);
    const MessageId after = line.queue("after the drain");
    line.io.restart();
    line.io.run_for(300ms);
    CHECK(line.fate(after) == Fate{"queued", ""});
}

TEST_CASE("dispatcher: what has grown too old to send, or cannot be read, is seen by whoever watches") {
    Line line;
    line.add_account("main");
    const ContactId contact = contact_of(line);
    const auto escalation = line.db.write([&](StoreTx& tx) {
        return tx
            .open_escalation({.contact = contact,
                              .reason = {},
                              .heard = {},
                              .ladder = bot::open_escalation(bot::Priority::p0, {}, kNow)})
            .id;
    });
    const MessageId crisis = line.queue("too late", "main", MessageKind::crisis, "+15550199", contact, -1s);
    const MessageId damaged = line.queue("damaged", "main", MessageKind::crisis);
    NewOutbound page = outbound({}, "P0 case 4821", MessageKind::page, kNow);
    page.contact.reset();
    page.escalation = escalation;
    page.page_key = "esc1/Maya/P0-0";
    const MessageId late_page = line.db.write([&](StoreTx& tx) { return tx.enqueue(page); });
    {
        RawDatabase raw(line.db.folder() / "store.db");
        REQUIRE(raw.run("UPDATE outbox SET sealed = x'00' WHERE id = " + std::to_string(damaged.value)) ==
                SQLITE_OK);
    }
    line.start();
    CHECK(line.becomes(crisis, {"stale", ""}));
    CHECK(line.becomes(late_page, {"stale", ""}));
    CHECK(line.becomes(damaged, {"failed", "unreadable"}));
    CHECK(line.arrived.empty());
    CHECK(line.failed_pages == std::vector{escalation});
    CHECK(line.lost == std::vector<std::string>{"too late"});
    CHECK(line.too_late == std::vector{crisis});
    const std::string metrics = line.metrics.render();
    CHECK(metrics.find(R"(handrail_handed_over_total{account="main",outcome="stale"} 2)") !=
          std::string::npos);
    CHECK(metrics.find(R"(handrail_handed_over_total{account="main",outcome="unreadable"} 1)") !=
          std::string::npos);
    const auto events = line.db.read([](StoreReader& reader) { return reader.events_after(0, 100); });
    const auto of_type = [&](std::string_view type) {
        return std::ranges::count_if(events, [&](const LiveEvent& event) { return event.type == type; });
    };
    CHECK(of_type("message.stale") == 2);
    CHECK(of_type("message.failed") == 1);
    CHECK(RawDatabase(line.db.folder() / "store.db").text("SELECT what FROM escalation_log") == "page_stale");
}
