#include "fixture.hpp"

using namespace store_test;

HANDRAIL_STORE_TEST("a resent webhook is recorded once") {
    Backend db;
    const Recorded first = db.record("SM1");
    CHECK(first.seen == Seen::first);
    const Recorded again = db.record("SM1", "+15550100", "another body");
    CHECK(again.seen == Seen::duplicate);
    CHECK(again.contact == first.contact);
    CHECK(again.message == first.message);
    const auto rows = db.read([&](StoreReader& reader) { return reader.messages(first.contact, 10); });
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text == "hello");
}

HANDRAIL_STORE_TEST("a resent webhook from another number adds no contact") {
    Backend db;
    const Recorded first = db.record("SM1", "+15550100");
    CHECK(db.record("SM1", "+15550101").contact == first.contact);
    CHECK_FALSE(db.write([](StoreTx& tx) { return tx.find_contact("+15550101"); }));
}

HANDRAIL_STORE_TEST("a conversation is found again as it was saved") {
    Backend db;
    const ContactId contact = db.record("SM1").contact;
    CHECK_FALSE(db.write([&](StoreTx& tx) { return tx.lock_conversation(contact); }));
    ConversationRow row;
    row.state = R"({"stack":["slip"]})";
    row.consent = bot::Consent::recurring;
    row.turn = 3;
    row.account = "main";
    row.channel = "+15550199";
    row.before_last = "before";
    row.last_text = "i slipped";
    row.last_at = kNow;
    db.write([&](StoreTx& tx) { tx.save_conversation(contact, row, kNow); });
    db.reopen();
    const auto found = db.write([&](StoreTx& tx) { return tx.lock_conversation(contact); });
    REQUIRE(found);
    CHECK(found->state == row.state);
    CHECK(found->consent == row.consent);
    CHECK(found->turn == 3);
    CHECK(found->account == "main");
    CHECK(found->channel == "+15550199");
    CHECK(found->before_last == "before");
    CHECK(found->last_text == "i slipped");
    CHECK(found->last_at == kNow);
    CHECK(db.write([&](StoreTx& tx) { return tx.number_of(contact); }) == "+15550100");
    CHECK(db.write([](StoreTx& tx) { return tx.find_contact("+15550100"); }) == contact);
}

HANDRAIL_STORE_TEST("the same message id at two accounts is two messages") {
    Backend db;
    CHECK(db.record("SM1").seen == Seen::first);
    NewInbound other = Backend::inbound("SM1");
    other.account = "second";
    CHECK(db.write([&](StoreTx& tx) { return tx.record_inbound(other).seen; }) == Seen::first);
}

HANDRAIL_STORE_TEST("a resent webhook is known after a restart") {
    Backend db;
    const Recorded first = db.record("SM1");
    db.reopen();
    const Recorded again = db.record("SM1");
    CHECK(again.seen == Seen::duplicate);
    CHECK(again.message == first.message);
    CHECK(db.record("SM2").message > first.message);
}

HANDRAIL_STORE_TEST("any text is kept byte for byte") {
    using namespace std::string_literals;
    struct Row {
        const char* why;
        std::string text;
    };
    const Row rows[]{
        {"empty: a picture only", ""},
        {"a NUL inside", "a\0b"s},
        {"invalid UTF-8", "\xff\xfe\xc3("},
        {"emoji and right to left", "\xf0\x9f\x98\x80 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
        {"what would end a statement", "'); DROP TABLE inbound; --"},
        {"very long", std::string(1'000'000, 'x')},
    };
    Backend db;
    int number = 0;
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const Recorded recorded = db.record("SM" + std::to_string(number++), "+15550100", row.text);
        const auto messages =
            db.read([&](StoreReader& reader) { return reader.messages(recorded.contact, 1); });
        REQUIRE(messages.size() == 1);
        CHECK((messages[0].text == row.text));
    }
}

HANDRAIL_STORE_TEST("every message has its outcome on record") {
    Backend db;
    const Recorded recorded = db.record("SM1");
    const auto look = [&] {
        return db.read([&](StoreReader& reader) { return reader.messages(recorded.contact, 10); }).at(0);
    };
    CHECK(look().state == "received");
    db.write([&](StoreTx& tx) { tx.mark_answered(recorded.message, 4, "risk.sh_kms"); });
    CHECK(look().state == "answered");
    CHECK(look().said_by == "risk.sh_kms");
    CHECK(look().inbound);
}

HANDRAIL_STORE_TEST("what was heard in a text stays with it until its words are erased") {
    Backend db;
    const Recorded recorded = db.record("SM1", "+15550100", "i want to die");
    const std::vector<webhooks::store::Heard> said{{"sh.want_die", "wants to die"},
                                                   {"od.word", "says overdose"}};
    db.write([&](StoreTx& tx) { tx.mark_answered(recorded.message, 4, "risk.sh.want_die", said); });
    const auto look = [&] {
        return db.read([&](StoreReader& reader) { return reader.messages(recorded.contact, 10); }).at(0);
    };
    REQUIRE(look().heard.size() == 2);
    CHECK(look().heard[0].rule == "sh.want_die");
    CHECK(look().heard[1].words == "says overdose");
    CHECK(look().said_by == "risk.sh.want_die");
    db.write([&](StoreTx& tx) { tx.erase_words(recorded.contact, true, kNow); });
    CHECK(look().heard.empty());
}

HANDRAIL_STORE_TEST("texts of texters are looked at from the latest on, as long as they are asked for") {
    Backend db;
    db.record("SM1", "+15550100", "one");
    db.record("SM2", "+15550101", "two");
    db.record("SM3", "+15550100", "three");
    const auto looked = [&](std::size_t limit, const std::string& last) {
        return db.read([&](StoreReader& reader) {
            std::string all;
            reader.each_text(limit, [&](const MessageRow& row) {
                all += row.text + " " + std::to_string(row.contact.value) + ";";
                return row.text != last;
            });
            return all;
        });
    };
    CHECK(looked(10, "") == "three 1;two 2;one 1;");
    CHECK(looked(2, "") == "three 1;two 2;");
    CHECK(looked(10, "three") == "three 1;");
}

HANDRAIL_STORE_TEST("texts of both directions are read in the order they happened") {
    Backend db;
    const ContactId contact = db.record("SM1", "+15550100", "i slipped").contact;
    db.record("SM2", "+15550101", "somebody else");
    db.write([&](StoreTx& tx) { tx.enqueue(outbound(contact, "did it happen once?")); });
    db.record("SM3", "+15550100", "once");
    const auto texts = [&](std::size_t limit) {
        std::string all;
        for (const MessageRow& row :
             db.read([&](StoreReader& reader) { return reader.messages(contact, limit); })) {
            all += (row.inbound ? "> " : "< ") + row.text + "\n";
        }
        return all;
    };
    CHECK(texts(10) == "> i slipped\n> once\n< did it happen once?\n");
    CHECK(texts(1) == "< did it happen once?\n");
}

HANDRAIL_STORE_TEST("contacts are listed newest first, in pages") {
    Backend db;
    for (int i = 0; i < 5; ++i) db.record("SM" + std::to_string(i), "+1555010" + std::to_string(i));
    const auto numbers = [&](std::int64_t before) {
        std::vector<std::string> found;
        for (const ContactRow& row : db.read([&](StoreReader& reader) { return reader.contacts(2, before); }))
            found.push_back(row.number);
        return found;
    };
    CHECK(numbers(INT64_MAX) == std::vector<std::string>{"+15550104", "+15550103"});
    const ContactId third = db.record("SM2", "+15550102").contact;
    CHECK(numbers(third.value) == std::vector<std::string>{"+15550101", "+15550100"});
    CHECK(db.read([&](StoreReader& reader) { return reader.contact(third); })->number == "+15550102");
    CHECK_FALSE(db.read([](StoreReader& reader) { return reader.contact(ContactId{99}); }));
}

HANDRAIL_STORE_TEST("the consent ledger only grows, and says who agreed to what in which words") {
    Backend db;
    const Recorded recorded = db.record("SM1");
    db.write([&](StoreTx& tx) {
        tx.append_consent({recorded.contact, bot::Consent::conversation, "first_text", "", "hello",
                           recorded.message, kNow});
        tx.append_consent(
            {recorded.contact, bot::Consent::opted_out, "keyword", "stop", "STOP!", {}, kNow + 1s});
    });
    const auto ledger = db.read([&](StoreReader& reader) { return reader.consent_ledger(recorded.contact); });
    REQUIRE(ledger.size() == 2);
    CHECK(ledger[0].to == bot::Consent::conversation);
    CHECK(ledger[0].source == "first_text");
    CHECK(ledger[0].message == recorded.message);
    CHECK(ledger[1].to == bot::Consent::opted_out);
    CHECK(ledger[1].rule == "stop");
    CHECK(ledger[1].wording == "STOP!");
    CHECK_FALSE(ledger[1].message);
    CHECK(ledger[1].at == kNow + 1s);
    CHECK(db.read([](StoreReader& reader) { return reader.consent_ledger(ContactId{99}); }).empty());
}
