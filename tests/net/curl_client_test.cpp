#include "webhooks/net/curl_client.hpp"

#include <curl/curl.h>
#include <doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <filesystem>

#include "tests/http/live_server.hpp"
#include "tests/net/peer.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/retry_after.hpp"

using namespace tests;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace net = webhooks::net;
using boost::system::error_code;

namespace {

struct Outcome {
    error_code failed;
    net::IncomingReply reply;
    int completions = 0;
};

/// A client on a loop of its own; `exchange` runs it until the request is done.
class Fixture {
public:
    Outcome exchange(net::OutgoingRequest request) {
        Outcome outcome;
        begin(std::move(request), outcome);
        run();
        return outcome;
    }
    void begin(net::OutgoingRequest request, Outcome& outcome) {
        client.async_exchange(std::move(request), [&outcome](error_code failed, net::IncomingReply reply) {
            outcome = {failed, std::move(reply), outcome.completions + 1};
        });
    }
    void run() {
        io.restart();
        io.run_for(20s);
    }

    asio::io_context io{1};
    net::CurlClient client{io.get_executor()};
};

net::OutgoingRequest post(std::string url, std::string body = "Body=hi") {
    net::OutgoingRequest request;
    request.url = std::move(url);
    request.body = std::move(body);
    return request;
}

std::string url_of(const LiveServer& server, const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

net::OutgoingRequest get(std::string url) {
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = std::move(url);
    return request;
}

std::size_t open_descriptors() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                                  std::filesystem::directory_iterator{}));
}

}  // namespace

TEST_CASE("curl client: the request on the wire") {
    Peer peer({{Peer::ok("taken", "X-Note:  two words \r\n")}});
    Fixture fixture;
    net::OutgoingRequest request = post(peer.url("/send?a=b"), "Body=a+b%0A");
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "webhook-id: 42"};
    request.basic_auth = "user:pass:word";
    const Outcome outcome = fixture.exchange(std::move(request));
    CHECK(!outcome.failed);
    CHECK(outcome.reply.status == 200);
    CHECK(outcome.reply.body == "taken");
    REQUIRE(net::header(outcome.reply, "x-note") != nullptr);
    CHECK(*net::header(outcome.reply, "x-note") == "two words");
    REQUIRE(peer.requests().size() == 1);
    CHECK(
        peer.requests()[0] ==
        "POST /send?a=b HTTP/1.1\r\nHost: " + peer.url("").substr(7) +
            "\r\nAuthorization: Basic dXNlcjpwYXNzOndvcmQ=\r\nUser-Agent: handrail\r\nAccept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nwebhook-id: 42\r\nContent-Length: 11\r\n\r\n"
            "Body=a+b%0A");
}

TEST_CASE("curl client: every status is a reply, and no other address is followed") {
    struct Row {
        const char* head;
        long status;
    };
    static constexpr Row kRows[]{
        {"HTTP/1.1 204 No Content\r\n\r\n", 204},
        {"HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", 429},
        {"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n", 503},
        {"HTTP/1.1 302 Elsewhere\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 302},
        {"HTTP/1.1 307 Elsewhere\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 307}};
    for (const Row& row : kRows) {
        CAPTURE(row.status);
        Peer peer({{row.head}});
        const Outcome outcome = Fixture().exchange(post(peer.url()));
        CHECK(!outcome.failed);
        CHECK(outcome.reply.status == row.status);
        CHECK(peer.requests().size() == 1);
    }
}

TEST_CASE("curl client: a URL that somebody else chose leads to no private address, by whatever name") {
    Peer peer({{Peer::ok("taken")}});
    Fixture fixture;
    const std::string port = peer.url("").substr(peer.url("").rfind(':'));
    CHECK(!fixture.exchange(post(peer.url())).failed);  // now there is a connection that might be used again
    for (const char* host : {"127.0.0.1", "inside.localhost", "[::1]", "[::ffff:127.0.0.1]"}) {
        CAPTURE(std::string(host));
        net::OutgoingRequest request = post("http://" + std::string(host) + port + "/");
        request.only_public = true;
        const Outcome outcome = fixture.exchange(std::move(request));
        CHECK(outcome.failed == net::Error::private_address);
        CHECK(net::certainly_not_sent(outcome.failed));
    }
    CHECK(peer.connections() == 1);
    CHECK(peer.requests().size() == 1);
}

TEST_CASE("curl client: the headers of an interim reply are not the reply's") {
    Peer peer({{"HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" + Peer::ok("x")}});
    const Outcome outcome = Fixture().exchange(get(peer.url()));
    CHECK(outcome.reply.status == 200);
    CHECK(net::header(outcome.reply, "retry-after") == nullptr);
}

TEST_CASE("curl client: what surely did not leave is told from what may have") {
    Fixture fixture;
    SUBCASE("nobody listens there") {
        std::string url;
        {
            Peer gone({});
            url = gone.url();
        }
        bool asked = false;
        net::OutgoingRequest request = post(url);
        request.may_send = [&] { return asked = true; };
        const Outcome outcome = fixture.exchange(std::move(request));
        CHECK(outcome.failed == error_code(CURLE_COULDNT_CONNECT, net::curl_unsent_category()));
        CHECK(net::certainly_not_sent(outcome.failed));
        CHECK_FALSE(asked);
    }
    SUBCASE("no such host") {
        net::OutgoingRequest request = post("http://no-such-host.invalid/");
        request.deadline = 3s;
        const Outcome outcome = fixture.exchange(std::move(request));
        CHECK(outcome.failed);
        CHECK(net::certainly_not_sent(outcome.failed));
    }
    SUBCASE("never answers") {
        Peer peer({});
        net::OutgoingRequest request = post(peer.url());
        request.deadline = 200ms;
        const Outcome outcome = fixture.exchange(std::move(request));
        CHECK(outcome.failed == error_code(CURLE_OPERATION_TIMEDOUT, net::curl_category()));
        CHECK_FALSE(net::certainly_not_sent(outcome.failed));
        CHECK(peer.requests().size() == 1);
    }
    SUBCASE("closes without an answer") {
        Peer peer({{"", true}});
        const Outcome outcome = fixture.exchange(post(peer.url()));
        CHECK(outcome.failed == error_code(CURLE_GOT_NOTHING, net::curl_category()));
        CHECK_FALSE(net::certainly_not_sent(outcome.failed));
    }
    SUBCASE("cuts the answer short") {
        Peer peer({{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"sid\":", true}});
        const Outcome outcome = fixture.exchange(post(peer.url()));
        CHECK(outcome.failed == error_code(CURLE_PARTIAL_FILE, net::curl_category()));
        CHECK_FALSE(net::certainly_not_sent(outcome.failed));
    }
    SUBCASE("speaks something else") {
        Peer peer({{"SSH-2.0-OpenSSH_9.2\r\n", true}});
        const Outcome outcome = fixture.exchange(post(peer.url()));
        CHECK(outcome.failed);
        CHECK_FALSE(net::certainly_not_sent(outcome.failed));
    }
}

TEST_CASE("curl client: a request is withdrawn at the last moment, connected and nothing written") {
    Peer peer({{Peer::ok("first")}, {Peer::ok("second")}});
    Fixture fixture;
    int asked = 0;
    bool allowed = false;
    const auto request = [&] {
        net::OutgoingRequest one = post(peer.url());
        one.may_send = [&] {
            ++asked;
            CHECK(peer.takes(1));  // the connection stands
            return allowed;
        };
        return one;
    };
    const Outcome withdrawn = fixture.exchange(request());
    CHECK(withdrawn.failed == net::Error::withdrawn);
    CHECK(net::certainly_not_sent(withdrawn.failed));
    CHECK(asked == 1);
    allowed = true;
    const Outcome sent = fixture.exchange(request());
    CHECK(sent.reply.body == "first");
    CHECK(asked == 2);
    CHECK(peer.requests().size() == 1);
    // On a connection that is used again too.
    allowed = false;
    CHECK(fixture.exchange(request()).failed == net::Error::withdrawn);
    CHECK(asked == 3);
    CHECK(peer.requests().size() == 1);
}

TEST_CASE("curl client: a gate that throws keeps the request back") {
    Peer peer({{Peer::ok("sent")}});
    net::OutgoingRequest request = post(peer.url());
    request.may_send = []() -> bool { throw std::runtime_error("no"); };
    CHECK(Fixture().exchange(std::move(request)).failed == net::Error::withdrawn);
    CHECK(peer.requests().empty());
}

TEST_CASE("curl client: a request cut off on a connection used again is not written a second time") {
    // libcurl would send it anew by itself; the peer may have acted on the first.
    Peer peer({{Peer::ok("first")}, {"", true}, {Peer::ok("third")}});
    Fixture fixture;
    CHECK(fixture.exchange(post(peer.url())).reply.body == "first");
    const Outcome cut = fixture.exchange(post(peer.url()));
    CHECK(cut.failed == error_code(CURLE_GOT_NOTHING, net::curl_category()));
    CHECK_FALSE(net::certainly_not_sent(cut.failed));
    CHECK(peer.requests().size() == 2);
    CHECK(fixture.exchange(post(peer.url())).reply.body == "third");
}

TEST_CASE("curl client: a reply may be 64 KiB and not a byte more") {
    const std::string most(64 * 1024, 'x');
    const std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n" + most + "x\r\n0\r\n\r\n";
    std::string headers;
    for (int i = 0; i < 1'000; ++i) headers += "X-Filler: " + std::string(60, 'x') + "\r\n";
    struct Row {
        const char* why;
        std::string reply;
        bool fits;
    };
    const Row rows[]{{"all of it", Peer::ok(most), true},
                     {"one more", Peer::ok(most + "x"), false},
                     {"one more, of unknown length", chunked, false},
                     {"in its headers", Peer::ok("x", headers), false}};
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Peer peer({{row.reply}});
        const Outcome outcome = Fixture().exchange(post(peer.url()));
        CHECK(!outcome.failed == row.fits);
        if (row.fits) CHECK(outcome.reply.body == most);
        if (!row.fits) {
            CHECK(outcome.failed == net::Error::reply_too_large);
            CHECK_FALSE(net::certainly_not_sent(outcome.failed));
        }
    }
    LiveServer server;
    CHECK(Fixture().exchange(get(url_of(server, "/large"))).failed == net::Error::reply_too_large);
}

TEST_CASE("curl client: a connection is used again") {
    LiveServer server;
    Fixture fixture;
    for (int i = 0; i < 20; ++i) {
        const Outcome outcome = fixture.exchange(post(url_of(server, "/echo"), std::to_string(i)));
        CHECK(outcome.reply.body == std::to_string(i));
    }
    CHECK(server.handled() == 20);
    CHECK(server.open_connections() == 1);
}

TEST_CASE(
    "curl client: a thousand at once over bounded connections, each its own answer, nothing left over") {
    LiveServer server;
    const std::size_t before = open_descriptors();
    {
        Fixture fixture;
        std::vector<Outcome> outcomes(1'000);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            net::OutgoingRequest request = post(url_of(server, "/echo"), std::to_string(i));
            request.url.replace(7, 9, "localhost");  // by name, so that the resolver takes part
            fixture.begin(std::move(request), outcomes[i]);
        }
        CHECK(fixture.client.in_flight() == 1'000);
        fixture.run();
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            CHECK(outcomes[i].completions == 1);
            CHECK(outcomes[i].reply.body == std::to_string(i));
        }
        CHECK(fixture.client.in_flight() == 0);
        CHECK(server.open_connections() <= 320);
    }
    CHECK(server.opens(0));
    CHECK(open_descriptors() == before);
}

TEST_CASE("curl client: what waits for a connection past its deadline surely did not leave") {
    LiveServer server;
    Fixture fixture;
    std::vector<Outcome> outcomes(332);  // 320 at a time
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        net::OutgoingRequest request = get(url_of(server, "/slow"));
        request.deadline = i < 320 ? 3s : 300ms;
        fixture.begin(std::move(request), outcomes[i]);
    }
    fixture.run();
    int unsent = 0, uncertain = 0;
    for (const Outcome& outcome : outcomes) {
        CHECK(outcome.failed.value() == CURLE_OPERATION_TIMEDOUT);
        ++(net::certainly_not_sent(outcome.failed) ? unsent : uncertain);
    }
    CHECK(unsent == 12);
    CHECK(uncertain == 320);
    CHECK(server.handled() == 320);
}

TEST_CASE("curl client: the one who waits may give up") {
    LiveServer server;
    Fixture fixture;
    asio::cancellation_signal signal;
    Outcome outcome;
    fixture.client.async_exchange(
        get(url_of(server, "/slow")),
        asio::bind_cancellation_slot(signal.slot(), [&](error_code failed, net::IncomingReply reply) {
            outcome = {failed, std::move(reply), outcome.completions + 1};
        }));
    while (server.handled() < 1) fixture.io.run_for(1ms);
    fixture.io.run_for(10ms);
    signal.emit(asio::cancellation_type::terminal);
    signal.emit(asio::cancellation_type::terminal);
    fixture.run();
    CHECK(outcome.failed == asio::error::operation_aborted);
    CHECK(outcome.completions == 1);
    CHECK_FALSE(net::certainly_not_sent(outcome.failed));
    CHECK(fixture.client.in_flight() == 0);
}

TEST_CASE("curl client: its end completes what is under way") {
    LiveServer server;
    const std::size_t before = open_descriptors();
    {
        asio::io_context io{1};
        std::vector<error_code> failures;
        {
            net::CurlClient client(io.get_executor());
            for (int i = 0; i < 5; ++i) {
                client.async_exchange(get(url_of(server, "/slow")),
                                      [&](error_code failed, const auto&) { failures.push_back(failed); });
            }
            while (server.handled() < 5) io.run_for(1ms);
            CHECK(failures.empty());
        }
        io.restart();
        io.run_for(10s);
        CHECK(failures == std::vector<error_code>(5, asio::error::operation_aborted));
    }
    server.release();  // only then does the server look at its connections
    CHECK(server.opens(0));
    CHECK(open_descriptors() == before);
}

TEST_CASE("curl client: a certificate that nobody vouches for ends it before anything is written") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("handrail-net-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const std::string key = folder / "key.pem", certificate = folder / "certificate.pem";
    REQUIRE(std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
                         "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
                         key + " -out " + certificate + " 2>/dev/null")
                            .c_str()) == 0);
    {
        http::Listen listen;
        listen.tls.certificate_chain = certificate;
        listen.tls.private_key = key;
        LiveServer server({}, listen);
        bool asked = false;
        net::OutgoingRequest request = get(url_of(server, "/hello"));
        request.url.replace(0, 4, "https");
        request.may_send = [&] { return asked = true; };
        const Outcome outcome = Fixture().exchange(std::move(request));
        CHECK(outcome.failed == error_code(CURLE_PEER_FAILED_VERIFICATION, net::curl_unsent_category()));
        CHECK(net::certainly_not_sent(outcome.failed));
        CHECK_FALSE(asked);
        CHECK(server.handled() == 0);
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("curl client: what it must not do") {
    Peer peer({{Peer::ok("x")}});
    Fixture fixture;
    SUBCASE("a line break in a header is refused before anything is sent") {
        for (const char* line : {"webhook-id: 1\r\nX-Evil: 2", "webhook-id: 1\n", "a: b\r"}) {
            net::OutgoingRequest request = post(peer.url());
            request.headers = {line};
            const Outcome outcome = fixture.exchange(std::move(request));
            CHECK(outcome.failed == net::Error::bad_request);
            CHECK(net::certainly_not_sent(outcome.failed));
        }
        CHECK(peer.connections() == 0);
    }
    SUBCASE("other protocols") {
        for (const char* url :
             {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "not a url", ""}) {
            CAPTURE(url);
            const Outcome outcome = fixture.exchange(get(url));
            CHECK(outcome.failed);
            CHECK(net::certainly_not_sent(outcome.failed));
            CHECK(outcome.reply.body.empty());
        }
    }
    SUBCASE("a proxy named in the environment is not used") {
        ::setenv("http_proxy", "http://127.0.0.1:1", 1);
        ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
        CHECK(fixture.exchange(get(peer.url())).reply.body == "x");
        ::unsetenv("http_proxy");
        ::unsetenv("ALL_PROXY");
    }
    SUBCASE("a user name in a URL is not taken") {
        std::string url = peer.url();
        url.insert(7, "user:secret@");
        CHECK(fixture.exchange(get(url)).failed);
        CHECK(peer.connections() == 0);
    }
}
