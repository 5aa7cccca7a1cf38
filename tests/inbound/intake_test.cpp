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

namespace {

/// A texter in danger whom Maya has, from phone to phone.
struct HeldLine : OpenLine {
    ContactId texter = text("i want to die");
    std::string code = db.write([&](StoreTx& tx) { return tx.open_escalation_of(texter).value().code; });

    HeldLine() {
        text("ACK " + code, "+15550101");
        text("I am here. Where are you?", "+15550101");
        leaving();
    }
    bot::Conversation state() {
        const auto row = db.write([&](StoreTx& tx) { return tx.lock_conversation(texter).value(); });
        return bot::parse_conversation(row.state).value();
    }
    /// When the hold's next wait is over. @return what Maya's phone is told
    std::vector<std::string> hold_is_due() {
        const bot::Conversation before = state();
        const auto timer = std::ranges::find_if(
            before.timers, [](const auto& each) { return each.first.starts_with("hold"); });
        const bot::TimePoint due = timer->second.due;
        const bot::TimerFired fired{timer->first, timer->second.turn};
        db.write([&](StoreTx& tx) { Turns(tx, *line, due).event(texter, fired); });
        std::vector<std::string> texts;
        for (const Claimed& one : db.write([&](StoreTx& tx) { return tx.claim_due(due, 100); }))
            if (one.to == "+15550101") texts.push_back(one.text);
        return texts;
    }
};

bool any_says(const std::vector<std::string>& texts, const std::string& words) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(words) != text.npos; });
}

}  // namespace

TEST_CASE("relay: whoever has a conversation and writes nothing is asked, and KEEP keeps it") {
    HeldLine held;
    REQUIRE(held.state().held_by == "Maya");
    CHECK(any_says(held.hold_is_due(),
                   "are you still there? In 5 min the guide answers them again. Write to "
                   "them, or send KEEP " +
                       held.code));
    held.text("KEEP " + held.code, "+15550101");
    CHECK(any_says(held.leaving()["+15550101"], "stay with you for another 30 min"));
    CHECK(held.state().timers.contains("hold_ask"));
    held.text("where are you", "+15550100");
    CHECK(any_says(held.hold_is_due(), "they have written and wait for you"));
    held.hold_is_due();
    CHECK_FALSE(held.state().held_by.has_value());
    held.text("KEEP " + held.code, "+15550101");
    CHECK(any_says(held.leaving()["+15550101"], "the guide answers them. Write to them to take"));
}

TEST_CASE("relay: KEEP without one case that is theirs asks which, and \"keep it\" is said to the texter") {
    HeldLine held;
    held.text("KEEP 0000", "+15550101");
    CHECK(any_says(held.leaving()["+15550101"], "Which one? Send KEEP"));
    for (const std::string words : {"keep it in a safe place", "Keep calling 555 0198"}) {
        held.text(words, "+15550101");
        CHECK(any_says(held.leaving()["+15550100"], words));
    }
}
