// What somebody sees who holds the files but not the key (I16), and what becomes of cells that were tampered
// with.
#include <algorithm>
#include <iterator>

#include "fixture.hpp"

using namespace store_test;

namespace {

/// Everything that says who or what; none of it may stand in clear in any file.
constexpr const char* kCanaries[]{
    "5550143",      "5550187",       "canary-text",    "canary-media",   "canary-state",   "canary-before",
    "canary-last",  "canary-source", "canary-rule",    "canary-wording", "canary-outcome", "canary-reply",
    "CAN.1",        "canary/S1",     "canary-page",    "canary-timer",   "canary-reason",  "canary-heard",
    "Canaria",      "canary-log",    "canary-payload", "canary-event",   "canary-forged",  "canary-rule2",
    "canary-words", "canary-hook",   "canary-url",     "canary-secret",
};

void write_contact(StoreTx& tx) {
    NewInbound text{"main", "SM1", "+15550143", "+15550187", "canary-text", R"(["canary-media"])", kNow};
    const Recorded recorded = tx.record_inbound(text);
    ConversationRow row;
    row.state = "canary-state";
    row.channel = "+15550187";
    row.before_last = "canary-before";
    row.last_text = "canary-last";
    tx.save_conversation(recorded.contact, row, kNow);
    tx.append_consent({recorded.contact, bot::Consent::conversation, "canary-source", "canary-rule",
                       "canary-wording", recorded.message, kNow});
    tx.mark_answered(recorded.message, 1, "canary-outcome", {{"canary-rule2", "canary-words"}});
    auto reply = outbound(recorded.contact, "canary-reply");
    reply.to = "+15550143";
    reply.channel = "+15550187";
    reply.text_id = "CAN.1";
    reply.said_by = "canary/S1@1";
    reply.page_key = "canary-page";
    tx.enqueue(reply);
    tx.set_timer(recorded.contact, "canary-timer", kNow, 1);
}

void write_case(StoreTx& tx) {
    const ContactId contact = tx.find_contact("+15550143").value();
    NewEscalation danger{contact, "canary-reason", "canary-heard", false,
                         bot::open_escalation(bot::Priority::p0, {}, kNow)};
    danger.ladder.policy.rungs = {{0s, {"Canaria"}, ""}};
    const EscalationRow row = tx.open_escalation(danger);
    tx.log_escalation(row.id, "paged", "Canaria", "canary-log", kNow);
    tx.enqueue_hook({"pager", "escalation.opened", "esc1", "canary-payload", kNow});
    WebhookRow webhook;
    webhook.name = "canary-hook";
    webhook.url = "https://canary-url.example.org/";
    webhook.secret = "whsec_canary-secret";
    webhook.created_at = kNow;
    tx.staff().add_webhook(webhook);
    tx.publish("message.received", "canary-event", kNow);
    tx.quarantine({0, kNow, "main", "bad_signature", "canary-forged +15550143"}, 5);
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void check_nothing_in_clear(const TemporaryFolder& folder, std::size_t files) {
    std::size_t looked_at = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        const std::string bytes = contents(entry.path());
        CAPTURE(entry.path().filename().string());
        for (const char* canary : kCanaries) {
            CAPTURE(canary);
            CHECK(bytes.find(canary) == std::string::npos);
        }
        ++looked_at;
    }
    CHECK(looked_at == files);
}

}  // namespace

TEST_CASE("sealing: no number, name or word stands in clear in the database, its log or its index") {
    SqliteFixture db;
    db.write(write_contact);
    db.write(write_case);
    check_nothing_in_clear(db.folder(), 3);
    CHECK(contents(db.settings().path + "-wal").size() > 10'000);  // it was all still in the log
    db.close();
    check_nothing_in_clear(db.folder(), 1);
    CHECK(contents(db.settings().path).find("bad_signature") != std::string::npos);  // the search can find
}

TEST_CASE("sealing: only this user may read the files") {
    SqliteFixture db;
    db.record("SM1");
    for (const auto& entry : std::filesystem::directory_iterator(db.folder().path())) {
        CAPTURE(entry.path().filename().string());
        CHECK((entry.status().permissions() & std::filesystem::perms::mask) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
}

TEST_CASE("sealing: another key is refused, and changes nothing") {
    SqliteFixture db;
    db.record("SM1");
    db.close();
    const std::string before = contents(db.settings().path);
    try {
        (void)open_sqlite(db.settings(), test_vault(8));
        FAIL("opened with another key");
    } catch (const std::runtime_error& refusal) {
        const std::string why = refusal.what();
        CHECK(why.find(db.settings().path) != std::string::npos);
        CHECK(why.find("another key") != std::string::npos);
    }
    CHECK((contents(db.settings().path) == before));
    db.open();
    CHECK(db.record("SM1").seen == Seen::duplicate);
}

namespace {

/// Moves the sealed cell of each of two rows to the other.
void swap_cells(SqliteFixture& db, const std::string& table, const std::string& column = "sealed") {
    db.close();
    {
        RawDatabase raw(db.settings().path);
        const std::string of = "(SELECT " + column + " FROM was.t WHERE id = 3 - " + table + ".id)";
        REQUIRE(raw.run("ATTACH ':memory:' AS was; CREATE TABLE was.t AS SELECT id, " + column + " FROM " +
                        table + " WHERE id < 3; UPDATE " + table + " SET " + column + " = " + of +
                        " WHERE id < 3") == SQLITE_OK);
    }
    db.open();
}

void two_contacts(SqliteFixture& db) {
    for (const char* digit : {"0", "1"}) {
        const ContactId contact =
            db.record(std::string("SM") + digit, std::string("+1555010") + digit).contact;
        db.write([&](StoreTx& tx) {
            ConversationRow row;
            row.state = "{}";
            row.consent = bot::Consent::opted_out;
            row.turn = 5;
            row.account = "main";
            tx.save_conversation(contact, row, kNow);
        });
    }
}

}  // namespace

TEST_CASE("sealing: a text moved to another row does not open") {
    SqliteFixture db;
    two_contacts(db);
    swap_cells(db, "inbound");
    const auto rows = db.read([](StoreReader& reader) { return reader.messages(ContactId{1}, 10); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text == kUnreadable);
}

TEST_CASE("sealing: an opt-out outlives a conversation that does not open") {
    SqliteFixture db;
    two_contacts(db);
    swap_cells(db, "contact");
    const auto row = db.write([](StoreTx& tx) { return tx.lock_conversation(ContactId{1}); });
    REQUIRE(row);
    CHECK(row->state.empty());
    CHECK(row->consent == bot::Consent::opted_out);
    CHECK(row->turn == 5);
    CHECK(row->account == "main");
}

TEST_CASE("sealing: nothing is sent to a number that was moved") {
    SqliteFixture db;
    two_contacts(db);
    swap_cells(db, "contact", "number");
    const error_code outcome = db.store().transact([](StoreTx& tx) {
        tx.number_of(ContactId{1});
        return error_code{};
    });
    CHECK(outcome == Error::corrupt);
    CHECK(db.store().healthy());  // one damaged row does not stop the others
    CHECK(db.read([](StoreReader& reader) { return reader.contact(ContactId{1}); })->number == kUnreadable);
}

TEST_CASE("sealing: a message that does not open is closed with a record and stops nobody else's") {
    SqliteFixture db;
    two_contacts(db);
    db.write([](StoreTx& tx) {
        for (const char* text : {"one", "two", "three"}) {
            auto page = outbound({}, text, bot::MessageKind::page);
            page.contact.reset();
            page.page_key = text;
            tx.enqueue(page);
        }
    });
    swap_cells(db, "outbox");
    const auto claimed = db.write([](StoreTx& tx) { return tx.claim_due(kNow, 10); });
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].text == "three");
    const auto rows = db.read([](StoreReader& reader) { return reader.outbox(10, 3); });
    REQUIRE(rows.size() == 2);
    for (const MessageRow& row : rows) {
        CHECK(row.state == "failed");
        CHECK(row.error_code == "unreadable");
        CHECK(row.text == kUnreadable);
    }
}

TEST_CASE("sealing: a wait that does not open is dropped and stops nobody else's") {
    SqliteFixture db;
    two_contacts(db);
    db.write([](StoreTx& tx) {
        tx.set_timer(ContactId{1}, "step", kNow, 1);
        tx.set_timer(ContactId{2}, "step", kNow, 1);
    });
    db.close();
    RawDatabase(db.settings().path).run("UPDATE timer SET name = zeroblob(60) WHERE id < 2048");
    db.open();
    const auto due = [&] { return db.write([](StoreTx& tx) { return tx.due_timers(kNow, 10); }); };
    CHECK(due().size() == 1);
    CHECK(due().at(0).contact == ContactId{2});
}

TEST_CASE("sealing: a cell with one flipped bit does not open") {
    const auto vault = test_vault();
    const std::string cell = vault->seal("i want to talk", "inbound.sealed/1");
    CHECK(vault->open(cell, "inbound.sealed/1") == "i want to talk");
    CHECK_FALSE(vault->open(cell, "inbound.sealed/2"));
    CHECK_FALSE(vault->open(cell, "outbox.sealed/1"));
    CHECK_FALSE(test_vault(8)->open(cell, "inbound.sealed/1"));
    for (std::size_t i = 0; i < cell.size(); ++i) {
        std::string bent = cell;
        bent[i] = static_cast<char>(bent[i] ^ 1);
        CAPTURE(i);
        CHECK_FALSE(vault->open(bent, "inbound.sealed/1"));
    }
    for (std::size_t length = 0; length < cell.size(); ++length)
        CHECK_FALSE(vault->open(std::string_view(cell).substr(0, length), "inbound.sealed/1"));
}
