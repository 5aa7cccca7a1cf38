#include "webhooks/inbound/sign_up.hpp"

#include <doctest.h>

#include "tests/inbound/open_line.hpp"

using namespace inbound_test;

namespace {

struct SignUpLine : inbound_test::OpenLine {
    SignUpLine() { line->numbers = {"+15550198", "+15550199"}; }
    TurnOutcome sign_up(const std::string& number) {
        auto out = std::make_shared<TurnOutcome>();
        REQUIRE(db.store().transact(sign_up_job(
                    line, {number, bot::Language::es, "the words", "second", "+15550198"}, out)) ==
                error_code{});
        return *out;
    }
    std::int64_t last_event() {
        return db.read([](StoreReader& reader) { return reader.last_event_id(); });
    }
};

}  // namespace

TEST_CASE(
    "sign-up: an unknown number is asked at once, by the number that was set, and the ledger says why") {
    SignUpLine line;
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
        SignUpLine line;
        for (const char* text : row.texts) line.text(text);
        if (*row.damage != 0) line.damage(row.damage);
        const auto before = line.outbox().size();
        const auto event = line.last_event();
        CHECK(line.sign_up(row.number).queued.empty());
        CHECK(line.outbox().size() == before);
        CHECK(line.last_event() > event);
    }
}

TEST_CASE("sign-up: asked before and unreadable since, it is not asked again") {
    SignUpLine line;
    CHECK(line.sign_up("+15550100").queued.size() == 1);
    line.damage("UPDATE contact SET sealed = x'00'");
    CHECK(line.sign_up("+15550100").queued.empty());
}
