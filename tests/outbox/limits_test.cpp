#include "webhooks/outbox/limits.hpp"

#include <cstdio>

#include "tests/outbox/line.hpp"

using namespace tests;

namespace {

Claimed text_to(const std::string& number, MessageKind kind = MessageKind::reply,
                const std::string& text = "hi") {
    Claimed message;
    message.to = number;
    message.kind = kind;
    message.text = text;
    message.attempts = 1;
    return message;
}

}  // namespace

TEST_CASE("limits: only allowed countries, but for people in danger and people on call") {
    outbox::SendingLimits settings;
    settings.allowed_prefixes = {"+1", "+44"};
    const outbox::Limits limits(settings);
    SqliteFixture db;
    db.write([&](StoreTx& tx) {
        CHECK_FALSE(limits.forbids(tx, text_to("+15550100"), kNow));
        CHECK_FALSE(limits.forbids(tx, text_to("+447700900100"), kNow));
        CHECK(limits.forbids(tx, text_to("+88160000000"), kNow) == "country_not_allowed");
        CHECK_FALSE(limits.forbids(tx, text_to("+88160000000", MessageKind::crisis), kNow));
        CHECK_FALSE(limits.forbids(tx, text_to("+88160000000", MessageKind::page), kNow));
    });
}

TEST_CASE(
    "limits: so many segments to a number, to numbers alike, in an hour, in a day; then it starts anew") {
    struct Row {
        const char* why;
        int outbox::SendingLimits::*limit;
        const char* next;  // a number that counts towards the same limit
        const char* apart;
        std::chrono::hours lasts;
    };
    static constexpr Row kRows[]{
        {"number", &outbox::SendingLimits::per_number_a_day, "+15550100", "+15550101", 24h},
        {"prefix", &outbox::SendingLimits::per_prefix_an_hour, "+15550101", "+15560100", 1h},
        {"hour", &outbox::SendingLimits::an_hour, "+15560100", nullptr, 1h},
        {"day", &outbox::SendingLimits::a_day, "+15560100", nullptr, 24h},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        outbox::SendingLimits settings;
        settings.*row.limit = 3;
        const outbox::Limits limits(settings);
        SqliteFixture db;
        const std::string two_segments(200, 'x');
        db.write([&](StoreTx& tx) {
            CHECK_FALSE(limits.forbids(tx, text_to("+15550100", MessageKind::reply, two_segments), kNow));
        });
        db.reopen();  // it outlives a restart
        db.write([&](StoreTx& tx) {
            CHECK_FALSE(limits.forbids(tx, text_to(row.next), kNow));
            CHECK(limits.forbids(tx, text_to(row.next), kNow) == "spend_cap");
            CHECK_FALSE(limits.forbids(tx, text_to(row.next, MessageKind::crisis), kNow));
            CHECK_FALSE(limits.forbids(tx, text_to(row.next, MessageKind::page), kNow));
            if (row.apart != nullptr) CHECK_FALSE(limits.forbids(tx, text_to(row.apart), kNow));
            CHECK_FALSE(limits.forbids(tx, text_to(row.next), kNow + row.lasts));
        });
    }
}

TEST_CASE("limits: two machines that answer each other stop, a person who says many things is answered") {
    struct Row {
        const char* why;
        std::vector<std::string> theirs;
        bool echo;
        int answered;
    };
    const Row rows[]{
        {"I'm driving, I'm driving", {"I'm driving"}, false, 6},
        {"our own words back", {}, true, 6},
        {"a person", {"i slipped", "1", "just once", "no", "help me", "thank you"}, false, 20},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Line line;
        line.add_account("main");
        line.start();
        const ContactId contact = line.db.write([&](StoreTx& tx) { return tx.contact_of("+15550100"); });
        int sent = 0;
        for (int i = 0; i < 20; ++i) {
            const std::string ours = "answer " + std::to_string(i);
            const std::string theirs = row.echo ? "answer " + std::to_string(i - 1)
                                                : row.theirs[static_cast<std::size_t>(i) % row.theirs.size()];
            line.db.write([&](StoreTx& tx) {
                tx.record_inbound({"main", "SM" + std::to_string(i), "+15550100", "+15550199", theirs, "[]",
                                   webhooks::net::now()});
            });
            const MessageId id = line.queue(ours, "main", MessageKind::reply, "+15550199", contact);
            REQUIRE(line.runs_until([&] {
                const std::string state = line.fate(id).state;
                return state == "sent" || state == "failed";
            }));
            sent += line.fate(id).state == "sent";
            if (line.fate(id).state == "failed") CHECK(line.fate(id).code == "loop");
        }
        CHECK(sent == row.answered);
        // A person must see who is answered no more, and be told once.
        CHECK(line.silenced == std::vector<ContactId>(row.answered < 20 ? 1 : 0, contact));
    }
}

TEST_CASE("limits: while sending is halted only pages leave, and the rest goes on afterwards") {
    Line line;
    line.add_account("main");
    const std::string file = line.db.settings().path + ".halt";
    line.limits = outbox::Limits({}, file);
    std::fclose(std::fopen(file.c_str(), "w"));
    line.start();
    const MessageId crisis = line.queue("crisis", "main", MessageKind::crisis);
    const MessageId reply = line.queue("reply");
    const MessageId page = line.queue("page", "main", MessageKind::page);
    CHECK(line.becomes(page, {"sent", ""}));
    CHECK(line.fate(crisis) == Fate{"queued", ""});
    CHECK(line.fate(reply) == Fate{"queued", ""});
    std::remove(file.c_str());
    CHECK(line.becomes(reply, {"sent", ""}));
    CHECK(line.becomes(crisis, {"sent", ""}));
    CHECK(line.texts() == std::vector<std::string>{"page", "crisis", "reply"});
}
