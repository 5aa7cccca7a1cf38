#include "webhooks/inbound/intake.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "tests/inbound/open_line.hpp"
#include "webhooks/inbound/clockwork.hpp"

using namespace inbound_test;

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
