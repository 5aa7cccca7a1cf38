// Delivery reports of pages: a page that the carrier could not deliver is a page that nobody reads.
#include "tests/inbound/open_line.hpp"
#include "webhooks/oncall/cases.hpp"

using namespace inbound_test;

namespace {

using webhooks::gateways::DeliveryReport;

/// A texter in danger; the ladder: Maya, an hour later Luis too, another hour later both again.
struct PagedLine : OpenLine {
    PagedLine() {
        line->gather = line->crossed = {};
        line->roster.policies.fill(
            {{{0s, {"Maya"}, ""}, {1h, {"Maya", "Luis"}, "NOA.2"}, {2h, {"Maya", "Luis"}, ""}}, 600s});
        text("i want to die");
    }
    /// Hands over what waits for this number. @return its id
    std::string hand_over_to(const std::string& number) {
        std::string id;
        db.write([&](StoreTx& tx) {
            for (const Claimed& one : tx.claim_due(webhooks::net::now() + 1s, 100)) {
                tx.mark_sent(one.id, "SM-" + std::to_string(one.id.value), webhooks::net::now());
                if (one.to == number) id = std::to_string(one.id.value);
            }
        });
        REQUIRE_FALSE(id.empty());
        return id;
    }
    void reports(const std::string& id, DeliveryReport::State state) {
        REQUIRE(db.store().transact(report_job(line, "main", {"SM-" + id, id, state, "30003"})) ==
                error_code{});
    }
    std::size_t climbs() {
        return db.write([&](StoreTx& tx) {
            return webhooks::oncall::climb_due(tx, line->roster, webhooks::net::now(), 64).ladders;
        });
    }
    std::string history() {
        return RawDatabase(db.folder() / "store.db").text("SELECT what FROM escalation_log ORDER BY id");
    }
};

constexpr auto kFailed = DeliveryReport::State::failed;
const std::string kMaya = "+15550101", kLuis = "+15550102";

}  // namespace

TEST_CASE("reports: a page that the carrier could not deliver goes into the history, and the next is paged") {
    PagedLine chat;
    const std::string page = chat.hand_over_to(kMaya);
    CHECK(chat.climbs() == 0);
    chat.reports(page, kFailed);
    CHECK(chat.history() == "opened\npaged\npage_failed");
    CHECK(chat.climbs() == 1);
    CHECK_FALSE(chat.hand_over_to(kLuis).empty());
    chat.reports(page, kFailed);  // said once more
    CHECK(chat.history().find("page_failed") == chat.history().rfind("page_failed"));
    CHECK(chat.climbs() == 0);
}

TEST_CASE("reports: while another page of the same rung may be read, the ladder keeps its time") {
    PagedLine chat;
    chat.reports(chat.hand_over_to(kMaya), kFailed);
    REQUIRE(chat.climbs() == 1);
    const std::string both = chat.hand_over_to(kLuis);
    chat.reports(std::to_string(std::stoll(both) - 1), kFailed);  // Maya's, enqueued before it
    CHECK(chat.climbs() == 0);
}

TEST_CASE("reports: dead phones page nobody faster than the ladder when the next rung has nobody else") {
    PagedLine chat;
    chat.reports(chat.hand_over_to(kMaya), kFailed);
    REQUIRE(chat.climbs() == 1);
    const std::string both = chat.hand_over_to(kLuis);
    chat.reports(both, kFailed);
    chat.reports(std::to_string(std::stoll(both) - 1), kFailed);
    CHECK(chat.climbs() == 0);
}

TEST_CASE("reports: a text that a carrier filtered goes out again in its plain form") {
    OpenLine chat;
    chat.line->gather = chat.line->crossed = {};
    for (const char* text : {"i slipped last night", "1", "1"}) chat.text(text);
    std::string id;
    chat.db.write([&](StoreTx& tx) {
        for (int i = 0; i < 8; ++i)
            for (const Claimed& one : tx.claim_due(webhooks::net::now() + 1s, 100)) {
                tx.mark_sent(one.id, "SM-" + std::to_string(one.id.value), webhooks::net::now());
                if (one.text.starts_with("One use after a stretch")) id = std::to_string(one.id.value);
            }
    });
    REQUIRE_FALSE(id.empty());
    DeliveryReport report{"SM-" + id, id, kFailed, "30007", false, true};
    for (int i = 0; i < 2; ++i)  // gateways repeat themselves
        REQUIRE(chat.db.store().transact(report_job(chat.line, "main", report)) == error_code{});
    const auto texts = chat.leaving()["+15550100"];
    REQUIRE(texts.size() == 1);
    CHECK(texts[0].starts_with("Once after a stretch"));
}

TEST_CASE("reports: what is delivered, or comes after the case was taken, hurries nobody") {
    PagedLine chat;
    const std::string page = chat.hand_over_to(kMaya);
    SUBCASE("delivered") { chat.reports(page, DeliveryReport::State::delivered); }
    SUBCASE("taken") {
        chat.text("ack", kMaya);
        chat.reports(page, kFailed);
    }
    CHECK(chat.climbs() == 0);
}
