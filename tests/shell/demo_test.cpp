#include <doctest.h>

#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/shell/served.hpp"

// The demo as the page and a curious stranger meet it: the real program over a socket.

namespace {

using nlohmann::json;
using test::Scratch;
using test::Served;

constexpr const char* kTexter = "+15550104";

int send(const Served& served, const std::string& from, const std::string& text) {
    return served.post("/demo/texts", json{{"from", from}, {"text", text}}.dump()).status;
}

json phone(const Served& served) { return json::parse(served.get("/demo/phone?number=%2B15550104").body); }

/// What the page would show once `holds`; asked again after each commit, as the page does.
json shown_once(const Served& served, const std::function<bool(const json&)>& holds) {
    json state = phone(served);
    for (int i = 0; i < 1'500 && !holds(state); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        state = phone(served);
    }
    CAPTURE(state.dump());
    REQUIRE(holds(state));
    return state;
}

int count_from_line(const json& state) {
    int count = 0;
    for (const json& message : state["messages"]) count += message["direction"] == "out" ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("demo: the page and its files come under a policy without inline code") {
    const Scratch scratch;
    Served served(scratch);
    const tests::Reply page = served.get("/demo");
    CHECK(page.status == 200);
    CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
    const std::string policy = page.header("Content-Security-Policy").value_or("");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    CHECK(policy.find("unsafe") == std::string::npos);
    for (const char* inline_code : {"<style", "style=", "onclick", "<script>", "http://", "https://"})
        CHECK(page.body.find(inline_code) == std::string::npos);

    int files = 0;
    for (std::size_t at = page.body.find("\"/demo/"); at != std::string::npos;
         at = page.body.find("\"/demo/", at + 1)) {
        const std::string path = page.body.substr(at + 1, page.body.find('"', at + 1) - at - 1);
        CAPTURE(path);
        const tests::Reply file = served.get(path);
        CHECK(file.status == 200);
        CHECK(file.body.find("innerHTML") == std::string::npos);
        ++files;
    }
    CHECK(files >= 3);
    CHECK(served.get("/demo/app.js").header("Content-Type") == "text/javascript; charset=utf-8");
}

TEST_CASE("demo: who is not the page gets nowhere") {
    const Scratch scratch;
    Served served(scratch);
    struct Row {
        const char* why;
        std::string header;
        std::string body;
        int status;
    };
    const std::string good = json{{"from", kTexter}, {"text", "hi"}}.dump();
    const std::string as_json = "Content-Type: application/json\r\n";
    const Row rows[]{
        {"a page elsewhere can post plain text, so that is not taken", "Content-Type: text/plain\r\n", good,
         415},
        {"nor is a body of no type", "", good, 415},
        {"a real number", as_json, json{{"from", "+12025550104"}, {"text", "hi"}}.dump(), 400},
        {"the line's own number", as_json, json{{"from", "+15550199"}, {"text", "hi"}}.dump(), 400},
        {"no text", as_json, json{{"from", kTexter}, {"text", ""}}.dump(), 400},
        {"a text that no carrier takes", as_json,
         json{{"from", kTexter}, {"text", std::string(1'601, 'a')}}.dump(), 400},
        {"not JSON", as_json, "{", 400},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        CHECK(test::exchange(served.port(), "POST", "/demo/texts", row.header, row.body).status ==
              row.status);
    }
    CHECK(served
              .post("/demo/gateway",
                    json{{"id", "1"}, {"from", "+15550199"}, {"to", kTexter}, {"text", "x"}}.dump())
              .status == 403);
    CHECK(served.get("/demo/phone?number=%2B12025550104").status == 400);
    tests::RawClient rebound(served.port());
    REQUIRE(rebound.send("GET /demo HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"));
    CHECK(rebound.read_reply().value().status == 421);
    CHECK(phone(served)["messages"].empty());
}

TEST_CASE(
    "demo: a text is answered and told on the stream, STOP shows in the ledger, a restart forgets nothing") {
    const Scratch scratch;
    json before;
    {
        Served served(scratch);
        tests::RawClient stream(served.port());
        REQUIRE(stream.send("GET /demo/events HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: 0\r\n\r\n"));
        REQUIRE(stream.reads_until("Content-Type: text/event-stream\r\n"));
        CHECK(send(served, kTexter, "i slipped last night") == 202);
        CHECK(stream.reads_until("event: message.received\n"));
        CHECK(stream.reads_until("event: message.sent\n"));
        const json answered = shown_once(served, [](const json& state) {
            return count_from_line(state) > 0 && state["typing"] == false &&
                   state["messages"].back()["state"] == "delivered";
        });
        CHECK(answered["messages"][0]["text"] == "i slipped last night");
        CHECK(answered["messages"].back()["segments"] >= 1);
        CHECK(answered["ledger"].size() == 1);

        CHECK(send(served, kTexter, "STOP") == 202);
        before = shown_once(served, [&](const json& state) {
            return state["ledger"].size() == 2 && state["messages"].back()["kind"] == "opt_out_confirm" &&
                   state["messages"].back()["state"] == "delivered";
        });
        CHECK(before["ledger"][1]["to"] == "opted_out");
        CHECK(before["ledger"][1]["wording"] == "STOP");
        served.signal(SIGTERM);
        CHECK(served.ended() == 0);
    }
    const Served again(scratch);
    const json after = phone(again);
    CHECK(after["messages"] == before["messages"]);
    CHECK(after["ledger"] == before["ledger"]);
}

TEST_CASE("demo: danger pages the person on call, whose ACK takes the case") {
    const Scratch scratch;
    Served served(scratch);
    CHECK(send(served, kTexter, "i want to kill myself") == 202);
    const json paged = shown_once(served, [](const json& state) {
        return state["escalations"].size() == 1 && !state["on_call"][0]["texts"].empty();
    });
    const std::string code = paged["escalations"][0]["code"];
    const std::string page = paged["on_call"][0]["texts"][0]["text"];
    CHECK(page.find("ACK " + code) != std::string::npos);
    CHECK(page.find(kTexter) == std::string::npos);
    CHECK(send(served, "+15550101", "ack " + code) == 202);
    const json taken = shown_once(served, [](const json& state) {
        return state["escalations"][0]["state"] == "acknowledged" && state["on_call"][0]["texts"].size() == 3;
    });
    CHECK(taken["escalations"][0]["acknowledged_by"] == "Maya");
}

TEST_CASE("demo: a new texter gets a number that has never texted") {
    const Scratch scratch;
    Served served(scratch);
    CHECK(send(served, kTexter, "hi") == 202);
    for (int i = 0; i < 20; ++i) {
        const json fresh = json::parse(served.post("/demo/phones", "{}").body);
        const std::string number = fresh["number"];
        CHECK(number.starts_with("+155501"));
        for (const char* taken : {kTexter, "+15550101", "+15550102", "+15550199"}) CHECK(number != taken);
    }
}
