#pragma once
#include <algorithm>
#include <map>

#include "tests/store/fixture.hpp"
#include "tests/unit/fixture.hpp"
#include "webhooks/inbound/intake.hpp"
#include "webhooks/net/clock.hpp"

namespace inbound_test {

using namespace store_test;
using namespace webhooks::inbound;

/// A line on a store of its own: the fixture's flows, Maya on call and Luis at once after her.
struct OpenLine {
    SqliteFixture db;
    std::shared_ptr<Line> line = std::make_shared<Line>();
    std::shared_ptr<Received> received;  ///< what the last text came to
    int sent = 0;

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
        received = std::make_shared<Received>();
        const auto id = "SM" + std::to_string(++sent);
        webhooks::gateways::InboundMessage message{id, from, "+15550199", body, {}, {}, {}};
        REQUIRE(db.store().transact(receive_job(line, "main", std::move(message), false, received)) ==
                error_code{});
        return db.write([&](StoreTx& tx) { return tx.find_contact(from).value(); });
    }
    std::vector<MessageRow> outbox() {
        return db.read([](StoreReader& reader) {
            return reader.outbox(1'000, std::numeric_limits<std::int64_t>::max());
        });
    }
    /// What leaves now, by number; it counts as sent.
    std::map<std::string, std::vector<std::string>> leaving() {
        std::map<std::string, std::vector<std::string>> texts;
        db.write([&](StoreTx& tx) {
            const auto now = webhooks::net::now();
            for (int i = 0; i < 8; ++i) {  // never two of one contact at a time
                for (const Claimed& one : tx.claim_due(now + 1s, 100)) {
                    tx.mark_sent(one.id, {}, now);
                    texts[one.to].push_back(one.text);
                }
            }
        });
        return texts;
    }
    std::ptrdiff_t waiting() {
        return std::ranges::count_if(outbox(), [](const MessageRow& row) { return row.state == "queued"; });
    }
    void damage(const std::string& sql) {
        RawDatabase raw(db.folder() / "store.db");
        REQUIRE(raw.run(sql) == SQLITE_OK);
    }
};

}  // namespace inbound_test
