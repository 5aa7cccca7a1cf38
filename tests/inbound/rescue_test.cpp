// A fault of ours while a text is handled: it is stored, answered and a person is told (I13), an opt-out is
// kept.
#include "tests/inbound/open_line.hpp"
#include "webhooks/oncall/cases.hpp"

using namespace inbound_test;

namespace {

const std::string kMia = "+15550100", kMaya = "+15550101", kLuis = "+15550102";

/// The fault is put in from below, so that it strikes whatever code writes there.
struct Fault {
    const char* why;
    const char* where;  ///< of a trigger
};
constexpr Fault kFaults[]{
    {"no case can be opened", "INSERT ON escalation"},
    {"a case's history cannot be written", "INSERT ON escalation_log"},
    {"the consent ledger takes no line", "INSERT ON consent_ledger"},
    {"the conversation cannot be saved", "UPDATE OF sealed ON contact WHEN length(NEW.sealed) > 250"},
    {"the outcome cannot be noted", "UPDATE OF answered ON inbound"},
    {"live events cannot be written", "INSERT ON event_batch"},
};

struct FaultyLine : OpenLine {
    void breaks(const Fault& fault) {
        line->gather = line->crossed = {};
        damage("CREATE TRIGGER fault BEFORE " + std::string(fault.where) +
               " BEGIN SELECT RAISE(ABORT, 'a fault'); END");
    }
    bool is_stored(ContactId texter, const std::string& words) {
        const auto rows = db.read([&](StoreReader& reader) { return reader.messages(texter, 100); });
        return std::ranges::any_of(rows,
                                   [&](const MessageRow& row) { return row.inbound && row.text == words; });
    }
    bot::Consent consent_of(ContactId texter) {
        return db.write([&](StoreTx& tx) { return tx.lock_conversation(texter)->consent; });
    }
};

bool any_holds(const std::vector<std::string>& texts, std::string_view words) {
    return std::ranges::any_of(
        texts, [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("rescue: in danger the text is stored, answered with numbers to call, and a person is paged") {
    for (const Fault& fault : kFaults) {
        CAPTURE(std::string(fault.why));
        FaultyLine chat;
        chat.breaks(fault);
        const ContactId texter = chat.text("i want to die");
        CHECK(chat.is_stored(texter, "i want to die"));
        auto texts = chat.leaving();
        CHECK((any_holds(texts[kMaya], "P1 case") || any_holds(texts[kMaya], "no case could be opened")));
        CHECK(any_holds(texts[kMia], "988"));
    }
}

TEST_CASE("rescue: an opt-out whose turn fails is an opt-out") {
    for (const Fault& fault : kFaults) {
        CAPTURE(std::string(fault.why));
        FaultyLine chat;
        const ContactId texter = chat.text("hello");
        chat.breaks(fault);
        chat.text("STOP");
        CHECK(chat.consent_of(texter) == bot::Consent::opted_out);
        CHECK(chat.leaving()[kMia].size() <= 1);  // its confirmation
        chat.text("purple elephants");
        CHECK(chat.consent_of(texter) == bot::Consent::opted_out);
        CHECK_FALSE(any_holds(chat.leaving()[kMia], "Something went wrong"));
    }
}

TEST_CASE("rescue: small talk is paged too, and the next text is answered as ever") {
    FaultyLine chat;
    chat.breaks({"", "INSERT ON consent_ledger"});
    chat.text("hello");
    CHECK(chat.received->turn.failed);
    CHECK(chat.received->turn.opened == std::vector{bot::Priority::p2});
    CHECK(any_holds(chat.leaving()[kMia], "Something went wrong on our side"));
    chat.damage("DROP TRIGGER fault");
    chat.text("hello");
    CHECK_FALSE(chat.received->turn.failed);
    CHECK_FALSE(chat.leaving()[kMia].empty());
}

TEST_CASE("rescue: each text that no case can be opened for is paged") {
    FaultyLine chat;
    chat.breaks({"", "INSERT ON escalation"});
    chat.damage(
        "CREATE TRIGGER unsaved BEFORE UPDATE OF sealed ON contact BEGIN SELECT RAISE(ABORT, 'a fault'); "
        "END");
    chat.text("i want to die");
    chat.text("i want to die");
    CHECK(chat.leaving()[kLuis].size() == 2);
}

TEST_CASE("rescue: what cannot be answered at all is stored nevertheless") {
    FaultyLine chat;
    chat.breaks({"", "INSERT ON outbox"});
    const ContactId texter = chat.text("i want to die");
    CHECK(chat.is_stored(texter, "i want to die"));
}

TEST_CASE("rescue: somebody on call learns that their text was not heard") {
    FaultyLine chat;
    chat.text("i want to die");
    chat.breaks({"", "UPDATE ON escalation"});
    chat.text("ack", kMaya);
    CHECK_FALSE(chat.received->acknowledged.has_value());
    CHECK(any_holds(chat.leaving()[kMaya], "could not read your text"));
}

TEST_CASE("rescue: a ladder that cannot climb pages everybody and stops no other") {
    FaultyLine chat;
    chat.text("i want to die");
    chat.text("i want to die", "+15550104");
    chat.damage(
        "CREATE TRIGGER fault BEFORE UPDATE ON escalation WHEN NEW.id = 1 AND NEW.next_rung > 1"
        " BEGIN SELECT RAISE(ABORT, 'a fault'); END");
    const auto climb = [&] {
        return chat.db.write([&](StoreTx& tx) {
            return webhooks::oncall::climb_due(tx, chat.line->roster, webhooks::net::now(), 64).ladders;
        });
    };
    CHECK(climb() == 2);
    CHECK(climb() == 0);  // put off, not tried again at once
    CHECK(chat.leaving()[kLuis].size() == 2);
}

TEST_CASE("rescue: the carrier's opt-out is kept when its turn fails") {
    FaultyLine chat;
    const ContactId texter = chat.text("hello");
    chat.breaks({"", "INSERT ON consent_ledger"});
    chat.db.write([&](StoreTx& tx) {
        Turns(tx, *chat.line, webhooks::net::now()).event(texter, bot::CarrierOptedOut{"21610"});
    });
    CHECK(chat.consent_of(texter) == bot::Consent::opted_out);
}
