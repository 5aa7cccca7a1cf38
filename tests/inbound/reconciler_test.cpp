#include "webhooks/inbound/reconciler.hpp"

#include <date/date.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "tests/inbound/open_line.hpp"
#include "tests/net/peer.hpp"
#include "webhooks/gateways/registry.hpp"

using namespace inbound_test;
using nlohmann::json;
using tests::Peer;

namespace {

constexpr int kFull = 100;  // texts on one of Sinch's pages

/// A page of its list, the latest first; the texts are numbered, the oldest of all is 0.
std::string page_of(int newest, int oldest) {
    json items = json::array();
    for (int i = newest; i >= oldest; --i) {
        const auto at = webhooks::net::now() - 50min + std::chrono::seconds(i);
        items.push_back(
            {{"type", "mo_text"},
             {"id", "m-" + std::to_string(i)},
             {"from", "+15550100"},
             {"to", "15550199"},
             {"body", i == newest ? "i want to die" : "text " + std::to_string(i)},
             {"received_at", date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(at))}});
    }
    return Peer::ok(json{{"inbounds", std::move(items)}}.dump());
}

struct Asking : OpenLine {
    /// Looks at the list once. @return how many texts were taken in
    int look(std::vector<Peer::Step> pages) {
        Peer peer(std::move(pages));
        webhooks::gateways::AccountSettings settings;
        settings.kind = "sinch";
        settings.name = "main";
        settings.numbers = {"+15550199"};
        settings.account_id = "plan";
        settings.token = settings.secret = "0123456789abcdef";
        settings.api_base = peer.url("");
        const auto gateway = webhooks::gateways::make_gateway(settings, "https://sms.example.org");
        boost::asio::io_context io{1};
        webhooks::net::CurlClient curl{io.get_executor()};
        webhooks::telemetry::Metrics metrics;
        bool committed = false;
        Reconciler reconciler(
            io.get_executor(),
            {db.store(), curl, line, metrics, {{gateway.get(), "+15550199"}}, [&] { committed = true; }});
        reconciler.start(1h);
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!committed && std::chrono::steady_clock::now() < end) io.run_for(5ms);
        return static_cast<int>(texts().size());
    }
    std::vector<std::string> texts() {
        const auto contact = db.write([](StoreTx& tx) { return tx.find_contact("+15550100"); });
        std::vector<std::string> all;
        if (!contact) return all;
        const auto rows = db.read([&](StoreReader& reader) { return reader.messages(*contact, 1'000); });
        for (const MessageRow& row : rows)
            if (row.inbound) all.push_back(row.text);
        return all;
    }
};

}  // namespace

TEST_CASE("reconciler: a page that cannot be read does not cost what was read before it") {
    struct Row {
        const char* why;
        std::string second;
    };
    const Row rows[]{
        {"held back", "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n"},
        {"no list", Peer::ok("<html>")},
        {"too large", Peer::ok(std::string(5 * 1024 * 1024, ' '))},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Asking line;
        CHECK(line.look({{page_of(kFull, 1)}, {row.second}}) == kFull);
        const auto texts = line.texts();
        CHECK(std::ranges::count(texts, "i want to die") == 1);
        auto paged = line.leaving();
        CHECK(!paged["+15550101"].empty());
        // The next round finds the hole filled.
        CHECK(line.look({{page_of(kFull, 1)}, {page_of(0, 0)}}) == kFull + 1);
    }
}
