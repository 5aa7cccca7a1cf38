#include "webhooks/inbound/intake.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "tests/store/fixture.hpp"
#include "tests/unit/fixture.hpp"
#include "webhooks/inbound/clockwork.hpp"
#include "webhooks/net/clock.hpp"

using namespace store_test;
using namespace webhooks::inbound;

namespace {

/// A line on a store of its own: the fixture's flows, Maya on call and Luis at once after her.
struct OpenLine {
    SqliteFixture db;
    std::shared_ptr<Line> line = std::make_shared<Line>();
    int texts = 0;

    OpenLine() {
        line->engine =
            std::make_shared<CurrentEngine>(std::make_shared<const bot::Engine>(fixture::engine()));
        line->gate = std::make_shared<webhooks::outbox::ConsentGate>();
        line->gather = line->crossed = std::chrono::minutes{1};
        line->roster.people = {{"Maya", "+15550101"}, {"Luis", "+15550102"}};
        line->roster.policies.fill({{{0s, {"Maya"}, ""}, {0s, {"Luis"}, "NOA.2"}}, 600s});
        line->roster.page_account = "main";
        line->roster.page_channel = "+15550199";
    }
    ContactId text(const std::string& body, const std::string& from = "+15550100") {
        auto received = std::make_shared<Received>();
        const auto id = "SM" + std::to_string(++texts);
        REQUIRE(db.store().transact(receive_job(line, "main", {id, from, "+15550199", body, {}}, false,
                                                received)) == error_code{});
        return db.write([&](StoreTx& tx) { return tx.find_contact(from).value(); });
    }
    std::vector<MessageRow> outbox() {
        return db.read([](StoreReader& reader) {
            return reader.outbox(1'000, std::numeric_limits<std::int64_t>::max());
        });
    }
    std::ptrdiff_t waiting() {
        return std::ranges::count_if(outbox(), [](const MessageRow& row) { return row.state == "queued"; });
    }
    void damage(const std::string& sql) {
        RawDatabase raw(db.folder() / "store.db");
        REQUIRE(raw.run(sql) == SQLITE_OK);
    }
};

}  // namespace

TEST_CASE("intake: quick texts are one thought, but who never pauses is answered too") {
    OpenLine chat;
    chat.text("hello");
    const std::ptrdiff_t one_answer = chat.waiting();
    chat.text("purple elephants");
    chat.text("more elephants");
    CHECK(chat.waiting() <= one_answer);
    for (int i = 0; i < 30; ++i) chat.text("elephants again");
    const auto rows = chat.outbox();
    std::int64_t newest_cancelled = 0, oldest_waiting = std::numeric_limits<std::int64_t>::max();
    for (const MessageRow& row : rows) {
        if (row.state == "cancelled") newest_cancelled = std::max(newest_cancelled, row.id.value);
        if (row.state == "queued") oldest_waiting = std::min(oldest_waiting, row.id.value);
    }
    CHECK(oldest_waiting < newest_cancelled);  // some answer stood while later texts were still gathered
}

TEST_CASE("intake: what comes from any number of ours is kept and never answered") {
    OpenLine chat;
    chat.line->numbers = {"+15550198", "+15550199"};
    chat.text("hello", "+15550198");
    chat.text("hello", "+15550199");
    CHECK(chat.outbox().empty());
    chat.text("hello", "+15550100");
    CHECK_FALSE(chat.outbox().empty());
}

TEST_CASE("turns: the carrier's opt-out is kept even when the conversation cannot be read") {
    OpenLine chat;
    const ContactId texter = chat.text("hello");
    chat.damage("UPDATE contact SET sealed = x'00'");
    chat.db.write([&](StoreTx& tx) {
        Turns(tx, *chat.line, webhooks::net::now()).event(texter, bot::CarrierOptedOut{"21610"});
    });
    const auto ledger = chat.db.read([&](StoreReader& reader) { return reader.consent_ledger(texter); });
    REQUIRE_FALSE(ledger.empty());
    CHECK(std::ranges::any_of(ledger,
                              [](const ConsentEntry& entry) { return entry.to == bot::Consent::opted_out; }));
}

TEST_CASE("clockwork: one contact whose number does not open keeps nobody's ladder from climbing") {
    OpenLine chat;
    chat.text("i want to die", "+15550100");
    chat.text("i want to die", "+15550104");
    chat.damage("UPDATE contact SET number = x'00' WHERE id = (SELECT min(id) FROM contact)");
    chat.db.reopen();

    boost::asio::io_context io{1};
    bool committed = false;
    Clockwork clockwork(io.get_executor(), chat.db.store(), chat.line, [&] { committed = true; });
    clockwork.start();
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!committed && std::chrono::steady_clock::now() < end) io.run_one_for(10ms);
    CHECK(committed);
    const auto pages =
        chat.db.write([](StoreTx& tx) { return tx.claim_due(webhooks::net::now() + 1h, 100); });
    CHECK(std::ranges::count_if(pages, [](const Claimed& page) { return page.to == "+15550102"; }) == 2);
    clockwork.stop();
    io.run_for(2s);
}

TEST_CASE("intake: a texter in danger who opts out and in again may be texted again") {
    OpenLine chat;
    const ContactId texter = chat.text("i want to die");
    const auto call_only = [&] {
        return chat.db.write([&](StoreTx& tx) { return tx.open_escalation_of(texter)->call_do_not_text; });
    };
    chat.text("STOP");
    CHECK(call_only());
    chat.text("START");
    CHECK_FALSE(call_only());
}

TEST_CASE("intake: danger from an on-call phone is heard") {
    OpenLine chat;
    chat.text("i want to die", "+15550101");
    const auto pages =
        chat.db.write([](StoreTx& tx) { return tx.claim_due(webhooks::net::now() + 1h, 100); });
    CHECK(std::ranges::any_of(pages, [](const Claimed& page) {
        return page.to == "+15550101" && page.text.find("988") != std::string::npos;
    }));
    CHECK(std::ranges::any_of(pages, [](const Claimed& page) {
        return page.to == "+15550102" && page.text.find("Please call Maya now.") != std::string::npos;
    }));
}
