#include <doctest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/shell/served.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/net/clock.hpp"

// `handrail serve` as an operator and a service manager meet it: the real program, its files, signals and
// ports.

namespace {

using nlohmann::json;
using test::Scratch;
using test::Served;

const std::string kSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const std::string kToken = "reader-0123456789abcdef";

/// A line with a generic gateway that nobody listens to.
std::string config_file(const Scratch& in, std::uint16_t port, std::uint16_t admin_port,
                        const std::string& drain = "5s") {
    const std::string secret = in.file("secret", kSecret);
    const std::string token = in.file("token", kToken);
    for (const std::string& file : {secret, token}) ::chmod(file.c_str(), 0600);
    return in.file("handrail.toml", R"(
[server]
port = )" + std::to_string(port) + R"(
public_url = "http://127.0.0.1:)" + std::to_string(port) +
                                        R"("
drain = ")" + drain + R"("
[admin]
port = )" + std::to_string(admin_port) + R"(
[line]
organisation = "Riverside Recovery"
short_name = "Riverside"
helpline = "800-555-0142"
url = "riverside.example/help"
time_zone = "America/New_York"
[[gateway]]
kind = "generic"
name = "modem"
numbers = ["+15550112"]
secret = "file:)" + secret + R"("
send_url = "http://127.0.0.1:9/send"
[oncall]
page_from = { gateway = "modem", number = "+15550112" }
[[oncall.person]]
name = "Maya"
phone = "+15550101"
[[api.token]]
name = "reader"
token = "file:)" + token + "\"\n");
}

struct Line {
    Scratch scratch;
    std::uint16_t port = test::free_port();
    std::uint16_t admin_port = test::free_port();
    std::string config;
    explicit Line(const std::string& drain = "5s") : config(config_file(scratch, port, admin_port, drain)) {}
    [[nodiscard]] std::vector<std::string> arguments() const { return {"--config", config}; }
};

/// One signed text; the status of the answer.
int text(std::uint16_t port, const std::string& id, const std::string& words) {
    const std::string body =
        json{{"id", id}, {"from", "+15550104"}, {"to", "+15550112"}, {"text", words}}.dump();
    std::string header = "Content-Type: application/json\r\n";
    const webhooks::gateways::StandardWebhooks signer(kSecret);
    for (const std::string& line : signer.header_lines("wh-" + id, webhooks::net::now(), body))
        header += line + "\r\n";
    return test::exchange(port, "POST", "/webhooks/generic/modem/sms", header, body).status;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

/// A request that has begun and is not whole: the server owes it an answer.
const std::string kHalf =
    "POST /webhooks/generic/modem/sms HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n";

}  // namespace

TEST_CASE("serve: a broken configuration is listed whole, and nothing is started") {
    const Scratch scratch;
    const std::string file =
        scratch.file("h.toml", "[server]\nport = 0\nfrob = 1\n[line]\nquiet_from = 99\n");
    const test::Ran ran = test::run_handrail({"serve", "--config", file});
    CHECK(ran.status == 78);
    for (const char* wrong :
         {":2: server.port: ", ":3: server.frob: ", ":5: line.quiet_from: ", "gateway: "}) {
        CAPTURE(std::string(wrong));
        CHECK(ran.err.find(wrong) != std::string::npos);
    }
    CHECK(ran.out.empty());
}

TEST_CASE("serve: every defect of the flows is listed, and nothing is started") {
    const Line line;
    std::filesystem::create_directory(line.scratch.path("broken"));
    (void)line.scratch.file("broken/a.json", "{");
    (void)line.scratch.file("broken/b.json", "[]");
    REQUIRE(::setenv("HANDRAIL_FLOWS", line.scratch.path("broken").c_str(), 1) == 0);
    Served served(line.scratch, line.arguments(), line.port, line.admin_port);
    ::unsetenv("HANDRAIL_FLOWS");
    CHECK(served.ended() == 78);
    CHECK(served.err().find("a.json") != std::string::npos);
    CHECK(served.err().find("b.json") != std::string::npos);
    CHECK_FALSE(exists(line.scratch.path("handrail.db")));
}

TEST_CASE("serve: what a person has to mend ends with 78, what may pass with 1") {
    Line line;
    int status = 78;
    const char* said = "";
    std::unique_ptr<Served> other;
    SUBCASE("a key that others may read") {
        ::chmod(line.scratch.file("handrail.key", std::string(64, 'a')).c_str(), 0644);
        said = "others may read it";
    }
    SUBCASE("a store whose key is gone") {
        (void)line.scratch.file("handrail.db", "");
        said = "key file handrail.key: is missing";
    }
    SUBCASE("a key that is none") {
        ::chmod(line.scratch.file("handrail.key", "hunter2").c_str(), 0600);
        said = "64 hex digits";
    }
    SUBCASE("a port that is taken, and no file is left behind") {
        const Scratch elsewhere;
        other = std::make_unique<Served>(elsewhere, std::vector<std::string>{"--config", line.config},
                                         line.port, line.admin_port);
        status = 1;
        said = "cannot listen on 127.0.0.1 port";
    }
    SUBCASE("a store that another process serves") {
        other = std::make_unique<Served>(line.scratch);
        status = 1;
        said = "another handrail is serving it";
    }
    const Scratch& in = line.scratch;
    const bool had_store = exists(in.path("handrail.db"));
    // Ended by itself when the constructor returns: it never becomes ready.
    std::filesystem::remove(in.path("served.err"));
    Served served(in, line.arguments(), line.port, line.admin_port);
    CHECK(served.ended() == status);
    CAPTURE(served.err());
    CHECK(served.err().find(said) != std::string::npos);
    CHECK(exists(in.path("handrail.db")) == had_store);
}

TEST_CASE("serve: starts with a new key, says what it serves, and ends with 0 on a signal") {
    for (const int signal : {SIGTERM, SIGINT}) {
        CAPTURE(signal);
        const Line line;
        Served served(line.scratch, line.arguments(), line.port, line.admin_port);
        CHECK(mode_of(line.scratch.path("handrail.key")) == 0600);
        CHECK(mode_of(line.scratch.path("handrail.db")) == 0600);
        CHECK(served.out().find("/webhooks/generic/modem/sms") != std::string::npos);
        CHECK(served.out().find("Maya") != std::string::npos);
        served.signal(signal);
        CHECK(served.ended() == 0);
        CHECK_FALSE(exists(line.scratch.path("handrail.db-wal")));
        for (const char* secret : {"+15550101", kSecret.c_str(), kToken.c_str()})
            CHECK((served.out() + served.err()).find(secret) == std::string::npos);
    }
}

TEST_CASE("serve: takes a signed text once, keeps it over a kill, and counts it") {
    const Line line;
    {
        Served served(line.scratch, line.arguments(), line.port, line.admin_port);
        CHECK(text(line.port, "m1", "hi") == 204);
        CHECK(text(line.port, "m1", "hi") == 204);
        CHECK(served.post("/webhooks/generic/modem/sms", "{}").status == 403);
        const tests::Reply metrics = served.admin("/metrics");
        CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
        for (const char* line_of :
             {"handrail_inbound_total{account=\"modem\",result=\"accepted\"} 1",
              "handrail_inbound_total{account=\"modem\",result=\"duplicate\"} 1",
              "handrail_inbound_total{account=\"modem\",result=\"refused\"} 1",
              "handrail_texts_queued_total{kind=\"reply\"} ", "handrail_outbox_queued "}) {
            CAPTURE(std::string(line_of));
            CHECK(metrics.body.find(line_of) != std::string::npos);
        }
        CHECK(metrics.body.find("15550104") == std::string::npos);
        served.signal(SIGKILL);
        CHECK(served.ended() == 128 + SIGKILL);
    }
    Served again(line.scratch, line.arguments(), line.port, line.admin_port);
    CHECK(text(line.port, "m1", "hi") == 204);
    const auto bearer = "Authorization: Bearer " + kToken + "\r\n";
    const json messages = json::parse(again.get("/api/v1/conversations/1/messages", bearer).body);
    int inbound = 0;
    for (const json& message : messages["items"]) inbound += message["direction"] == "in" ? 1 : 0;
    CHECK(inbound == 1);
    CHECK(again.get("/api/v1/conversations").status == 401);
    CHECK(again.get("/demo").status == 404);
    CHECK(again.get("/metrics").status == 404);
}

TEST_CASE("serve: the admin listener says alive, ready, and draining while a request is finished") {
    const Line line("20s");
    Served served(line.scratch, line.arguments(), line.port, line.admin_port);
    CHECK(served.admin("/healthz").status == 200);
    CHECK(json::parse(served.admin("/readyz").body) == json{{"ready", true}, {"not", json::array()}});

    tests::RawClient under_way(line.port);
    REQUIRE(under_way.send(kHalf));
    // The server has read it when a later request has been answered.
    CHECK(served.get("/nothing").status == 404);
    served.signal(SIGTERM);
    tests::Reply ready = served.admin("/readyz");
    while (ready.status == 200) ready = served.admin("/readyz");
    CHECK(ready.status == 503);
    CHECK(json::parse(ready.body)["not"] == json::array({"draining"}));
    CHECK(served.admin("/healthz").status == 200);
    REQUIRE(under_way.send("{}"));
    const auto reply = under_way.read_reply();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 403);
    CHECK(served.ended() == 0);
}

TEST_CASE("serve: a stop waits no longer than it was told to, and a second signal ends it at once") {
    struct Row {
        const char* why;
        const char* drain;
        bool again;
        int status;
    };
    const Row rows[]{
        {"a client that never finishes is cut, and that is a clean stop", "300ms", false, 0},
        {"the second signal does not wait", "60s", true, 1},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        const Line line(row.drain);
        Served served(line.scratch, line.arguments(), line.port, line.admin_port);
        tests::RawClient under_way(line.port);
        REQUIRE(under_way.send(kHalf));
        CHECK(served.get("/nothing").status == 404);
        served.signal(SIGTERM);
        if (row.again) {
            while (served.admin("/readyz").status == 200) {
            }
            served.signal(SIGTERM);
        }
        CHECK(served.ended() == row.status);
    }
}

TEST_CASE("serve: the event stream goes on where a client left it") {
    const Line line;
    Served served(line.scratch, line.arguments(), line.port, line.admin_port);
    const std::string head =
        "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + kToken;
    tests::RawClient first(line.port);
    REQUIRE(first.send(head + "\r\nLast-Event-ID: 0\r\n\r\n"));
    CHECK(text(line.port, "m1", "hi") == 204);
    REQUIRE(first.reads_until("id: 1\nevent: message.received\n"));

    CHECK(text(line.port, "m2", "hello again") == 204);
    tests::RawClient back(line.port);
    REQUIRE(back.send(head + "\r\nLast-Event-ID: 1\r\n\r\n"));
    REQUIRE(back.reads_until("\r\n\r\n"));
    CHECK(back.read(6) == "id: 2\n");
    CHECK(back.reads_until("event: message.received\n"));

    const auto wrong =
        served.get("/api/v1/events", "Authorization: Bearer " + kToken + "\r\nLast-Event-ID: frob\r\n");
    CHECK(wrong.status == 400);
}
