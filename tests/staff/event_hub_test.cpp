#include "webhooks/staff/event_hub.hpp"

#include <boost/asio/io_context.hpp>

#include "tests/store/fixture.hpp"

using namespace store_test;
using webhooks::staff::EventHub;

namespace {

/// A hub on a loop of its own; a page is a stream that is emptied, or not.
class Hub {
public:
    Hub() { hub.start(); }
    ~Hub() {
        hub.stop();
        run(50ms);
    }
    void publish(int count) {
        db.write([count](StoreTx& tx) {
            for (int i = 0; i < count; ++i) tx.publish("oncall.changed", "{}", kNow);
        });
        hub.wake();
    }
    void run(std::chrono::milliseconds span) {
        io.restart();
        io.run_for(span);
    }
    /// What a page has got once it has this many frames, or after twenty seconds.
    std::string read(webhooks::http::EventStream& page, std::size_t frames) {
        std::string all;
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (count(all) < frames && std::chrono::steady_clock::now() < end) {
            run(5ms);
            all += page.take();
        }
        return all;
    }
    static std::size_t count(const std::string& text) {
        std::size_t frames = 0;
        for (std::size_t at = 0; (at = text.find("id: ", at)) != std::string::npos; ++at) ++frames;
        return frames;
    }

    boost::asio::io_context io{1};
    SqliteFixture db;
    EventHub hub{io.get_executor(), db.store()};
};

std::string frames(int from, int until) {
    std::string all;
    for (int id = from; id <= until; ++id)
        all += "id: " + std::to_string(id) + "\nevent: oncall.changed\ndata: {}\n\n";
    return all;
}

}  // namespace

TEST_CASE("event hub: a page whose reader has gone to sleep holds up no other") {
    Hub hub;
    const auto sleeper = hub.hub.subscribe(0);
    const auto page = hub.hub.subscribe(0);
    hub.publish(300);
    CHECK(hub.read(*page, 300) == frames(1, 300));
    CHECK(sleeper->take().starts_with("id: 1\n"));
}

TEST_CASE("event hub: one that comes back far behind gets it all, the others what is new meanwhile") {
    Hub hub;
    hub.publish(400);
    const auto page = hub.hub.subscribe(400);
    const auto late = hub.hub.subscribe(10);
    hub.publish(1);
    CHECK(hub.read(*page, 1) == frames(401, 401));
    CHECK(hub.read(*late, 391) == frames(11, 401));
}
