// What one gateway does not take goes by the next, if it cannot wait.
#include "tests/net/peer.hpp"
#include "tests/outbox/line.hpp"

using namespace tests;

namespace {

constexpr const char* kOther = "+15550198";

/// "main" as the row says, "other" sound.
void two_accounts(Line& line, const std::string& main_url) {
    line.add_account("main", 10'000, main_url);
    line.add_account("other");
    line.routes = outbox::Routes({{"main", "+15550199"}, {"other", kOther}});
}

std::string nobody() {
    Peer gone({});
    return gone.url("/send");
}

}  // namespace

TEST_CASE("fail-over: pages and crisis texts go by the other number at once, whatever ails the first") {
    struct Row {
        const char* why;
        int status;  // 0: nobody answers at all
        const char* body;
        const char* code;
    };
    static constexpr Row kRows[]{
        {"nobody there", 0, "", "unreachable"},
        {"down", 503, "{}", "http_503"},
        {"busy", 429, "{}", "http_429"},
        {"refuses it for good", 400, R"({"error_code":"not_ours"})", "not_ours"},
        {"does not know us any more", 401, "{}", "http_401"},
    };
    for (const Row& row : kRows) {
        for (const MessageKind kind : {MessageKind::page, MessageKind::crisis}) {
            CAPTURE(row.why);
            CAPTURE(bot::to_string(kind));
            Line line;
            two_accounts(line, row.status == 0 ? nobody() : "");
            if (row.status != 0) line.answers["x"].push_back(http::Response::json(row.status, row.body));
            const auto began = std::chrono::steady_clock::now();
            const MessageId id = line.queue("x", "main", kind);
            line.start();
            CHECK(line.becomes(id, {"sent", row.code}));
            CHECK(std::chrono::steady_clock::now() - began < 10s);
            REQUIRE_FALSE(line.arrived.empty());
            CHECK(line.arrived.back()["from"] == kOther);
            CHECK(line.arrived.size() == (row.status == 0 ? 1 : 2));
            CHECK(line.metrics.render().find("handrail_rerouted_total{from=\"main\",to=\"other\"} 1") !=
                  std::string::npos);
            // Its reports come by the account that took it.
            line.db.write([&](StoreTx& tx) {
                tx.apply_report("other", "", std::to_string(id.value), OutboxState::delivered, "", kNow);
            });
            CHECK(line.fate(id).state == "delivered");
        }
    }
}

TEST_CASE("fail-over: a page whose fate is not known goes by the other number, a confirmation does not") {
    Peer cuts({{"", true}, {"", true}});
    Line line;
    two_accounts(line, cuts.url("/send"));
    const MessageId page = line.queue("page", "main", MessageKind::page);
    const MessageId confirmation = line.queue("confirm", "main", MessageKind::opt_out_confirm);
    line.start();
    CHECK(line.becomes(page, {"sent", "no_answer"}));
    CHECK(line.becomes(confirmation, {"unknown", "no_answer"}));
    CHECK(line.texts() == std::vector<std::string>{"page"});
}

TEST_CASE("fail-over: an ordinary reply waits for its own number, unless the operator says otherwise") {
    for (const bool replies_too : {false, true}) {
        CAPTURE(replies_too);
        Line line;
        two_accounts(line, nobody());
        line.routes = outbox::Routes({{"main", "+15550199"}, {"other", kOther}}, replies_too);
        const MessageId id = line.queue("x");
        line.start();
        CHECK(line.becomes(id, {replies_too ? "sent" : "errored", "unreachable"}));
        CHECK(line.arrived.size() == (replies_too ? 1 : 0));
    }
}

TEST_CASE("fail-over: what all of them refuse has failed, and is not tried for ever") {
    Line line;
    two_accounts(line, "");
    line.answers["x"] = {http::Response::json(400, R"({"error_code":"one"})"),
                         http::Response::json(400, R"({"error_code":"two"})")};
    const MessageId id = line.queue("x", "main", MessageKind::page);
    line.start();
    CHECK(line.becomes(id, {"failed", "two"}));
    CHECK(line.arrived.size() == 2);
}

TEST_CASE(
    "fail-over: an account that takes nothing is left alone, and what can go elsewhere does without trying "
    "it") {
    Line line;
    two_accounts(line, "");
    for (int i = 0; i < outbox::Breaker::kFailures; ++i) {
        const std::string text = "fails " + std::to_string(i);
        line.answers[text].push_back(busy(503));
        (void)line.queue(text, "main", MessageKind::check_in);
    }
    line.start();
    REQUIRE(line.runs_until([&] {
        return line.metrics.render().find("handrail_gateway_down{account=\"main\"} 1") != std::string::npos;
    }));
    const MessageId waits = line.queue("waits");
    const MessageId page = line.queue("page", "main", MessageKind::page);
    CHECK(line.becomes(page, {"sent", "gateway_down"}));
    CHECK(line.arrived.back()["from"] == kOther);
    CHECK(line.fate(waits) == Fate{"queued", ""});
    // The next that is claimed is the probe; once that is taken, all is as it was.
    CHECK(line.becomes(waits, {"sent", ""}));
    CHECK(line.metrics.render().find("handrail_gateway_down{account=\"main\"} 0") != std::string::npos);
}

TEST_CASE("fail-over: a page for an account that is no longer configured still goes") {
    Line line;
    line.add_account("other");
    line.routes = outbox::Routes(std::vector<outbox::Route>{{"other", kOther}});
    const MessageId id = line.queue("x", "gone", MessageKind::page);
    line.start();
    CHECK(line.becomes(id, {"sent", "no_such_account"}));
}
