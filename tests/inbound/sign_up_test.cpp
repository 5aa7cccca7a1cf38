#include "webhooks/inbound/sign_up.hpp"

#include <doctest.h>

#include "tests/store/fixture.hpp"
#include "tests/unit/fixture.hpp"
#include "webhooks/inbound/intake.hpp"
#include "webhooks/net/clock.hpp"

using namespace store_test;
using namespace webhooks::inbound;

namespace {

/// The fixture's line: Maya on call, +15550198 and +15550199 ours.
struct OpenLine {
    SqliteFixture db;
    std::shared_ptr<Line> line = std::make_shared<Line>();
    int texts = 0;

    OpenLine() {
        line->engine = std::make_shared<const bot::Engine>(fixture::engine());
        line->gate = std::make_shared<webhooks::outbox::ConsentGate>();
        line->roster.people = {{"Maya", "+15550101"}};
        line->roster.policies.fill({{{0s, {"Maya"}, ""}}, 600s});
        line->numbers = {"+15550198", "+15550199"};
    }
    void text(const std::string& body) {
        const auto id = "SM" + std::to_string(++texts);
        REQUIRE(db.store().transact(receive_job(line, "main", {id, "+15550100", "+15550199", body, {}}, false,
                                                std::make_shared<Received>())) == error_code{});
    }
    TurnOutcome sign_up(const std::string& number) {
        auto out = std::make_shared<TurnOutcome>();
        REQUIRE(db.store().transact(sign_up_job(
                    line, {number, bot::Language::es, "the words", "second", "+15550198"}, out)) ==
                error_code{});
        return *out;
    }
    std::vector<MessageRow> outbox() {
        return db.read([](StoreReader& reader) {
            return reader.outbox(1'000, std::numeric_limits<std::int64_t>::max());
        });
    }
    std::int64_t last_event() {
        return db.read([](StoreReader& reader) { return reader.last_event_id(); });
    }
};

}  // namespace

TEST_CASE(
    "sign-up: an unknown number is asked at once, by the number that was set, and the ledger says why") {
    OpenLine line;
    CHECK(line.sign_up("+15550100").queued.size() == 1);
    const auto claimed = line.db.write([](StoreTx& tx) { return tx.claim_due(webhooks::net::now(), 10); });
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].to == "+15550100");
    CHECK(claimed[0].account == "second");
    CHECK(claimed[0].channel == "+15550198");
    CHECK(claimed[0].text.find("alguien") != std::string::npos);
    const auto ledger =
        line.db.read([&](StoreReader& reader) { return reader.consent_ledger(claimed[0].contact.value()); });
    REQUIRE(ledger.size() == 1);
    CHECK(ledger[0].to == bot::Consent::pending);
    CHECK(ledger[0].source == "web_sign_up");
    CHECK(ledger[0].wording == "the words");
}

TEST_CASE("sign-up: whoever is known to us hears nothing, and the store is written all the same") {
    struct Row {
        const char* why;
        std::vector<const char*> texts;
        const char* damage;
        const char* number;
    };
    const Row rows[]{
        {"in conversation", {"hello"}, "", "+15550100"},
        {"opted out", {"STOP"}, "", "+15550100"},
        {"opted out, and the conversation cannot be read any more",
         {"STOP"},
         "UPDATE contact SET sealed = x'00'",
         "+15550100"},
        {"in conversation, unreadable", {"hello"}, "UPDATE contact SET sealed = x'00'", "+15550100"},
        {"on call", {}, "", "+15550101"},
        {"ourselves", {}, "", "+15550198"},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        OpenLine line;
        for (const char* text : row.texts) line.text(text);
        if (*row.damage != 0)
            REQUIRE(RawDatabase(line.db.folder() / "store.db").run(row.damage) == SQLITE_OK);
        const auto before = line.outbox().size();
        const auto event = line.last_event();
        CHECK(line.sign_up(row.number).queued.empty());
        CHECK(line.outbox().size() == before);
        CHECK(line.last_event() > event);
    }
}

TEST_CASE("sign-up: asked before and unreadable since, it is not asked again") {
    OpenLine line;
    CHECK(line.sign_up("+15550100").queued.size() == 1);
    REQUIRE(RawDatabase(line.db.folder() / "store.db").run("UPDATE contact SET sealed = x'00'") == SQLITE_OK);
    CHECK(line.sign_up("+15550100").queued.empty());
}
