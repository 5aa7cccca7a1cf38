// Raw bytes in, verdict out, over a real socket: every request that two servers could read differently must
// be refused before routing, and the connection must end with the refusal.
#include <doctest.h>

#include <nlohmann/json.hpp>

#include "live_server.hpp"
#include "raw_client.hpp"

namespace {

using tests::LiveServer;
using tests::RawClient;

const std::string kPost = "POST /echo HTTP/1.1\r\nHost: x\r\n";
const std::string kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";

std::string many_headers(int count) {
    std::string text = kPost;
    for (int i = 0; i < count; ++i) text += "A" + std::to_string(i) + ": b\r\n";
    return text + "Content-Length: 0\r\n\r\n";
}

struct Refused {
    std::string why;
    std::string bytes;
    int status;
    std::string field;
};

const Refused kRefused[]{
    {"two equal lengths", kPost + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, "Content-Length"},
    {"two lengths", kPost + "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", 400, "Content-Length"},
    {"a list of lengths", kPost + "Content-Length: 3, 3\r\n\r\nabc", 400, "Content-Length"},
    {"a sign", kPost + "Content-Length: +3\r\n\r\nabc", 400, "Content-Length"},
    {"a negative length", kPost + "Content-Length: -1\r\n\r\nabc", 400, "Content-Length"},
    {"an empty length", kPost + "Content-Length:\r\n\r\n", 400, "Content-Length"},
    {"a hexadecimal length", kPost + "Content-Length: 0x3\r\n\r\nabc", 400, "Content-Length"},
    {"a blank within", kPost + "Content-Length: 1 0\r\n\r\nabc", 400, "Content-Length"},
    {"a tab before", kPost + "Content-Length:\t3\r\n\r\nabc", 400, "Content-Length"},
    {"a length beyond 64 bits", kPost + "Content-Length: 18446744073709551617\r\n\r\na", 400,
     "Content-Length"},
    {"length, then chunked", kPost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "Transfer-Encoding"},
    {"chunked, then length", kPost + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400,
     "Transfer-Encoding"},
    {"identity and length", kPost + "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", 400,
     "Transfer-Encoding"},
    {"xchunked", kPost + "Transfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400,
     "Transfer-Encoding"},
    {"chunked, identity", kPost + "Transfer-Encoding: chunked, identity\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 400,
     "Transfer-Encoding"},
    {"gzip, chunked", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "Transfer-Encoding"},
    {"chunked in capitals", kPost + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 400, "Transfer-Encoding"},
    {"chunked twice", kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400, "Transfer-Encoding"},
    {"chunked after a tab", kPost + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", 400, "Transfer-Encoding"},
    {"chunked after a vertical tab", kPost + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", 400, "header"},
    {"space before the colon", kPost + "Content-Length : 3\r\n\r\nabc", 400, "header"},
    {"no colon", kPost + "Content-Length 3\r\n\r\nabc", 400, "header"},
    {"no name", kPost + ": 3\r\n\r\nabc", 400, "header"},
    {"obs-fold", kPost + "X-A: b\r\n c\r\nContent-Length: 3\r\n\r\nabc", 400, "header"},
    {"obs-fold of the length", kPost + "Content-Length:\r\n 3\r\n\r\nabc", 400, "Content-Length"},
    {"folded first line", "POST /echo HTTP/1.1\r\n Host: x\r\n\r\n", 400, "header"},
    {"bare LF", "POST /echo HTTP/1.1\nHost: x\nContent-Length: 3\n\nabc", 400, "header"},
    {"bare LF among CRLF", "POST /echo HTTP/1.1\r\nHost: x\nContent-Length: 3\r\n\r\nabc", 400, "header"},
    {"bare CR in a value", kPost + "X: a\rb\r\nContent-Length: 0\r\n\r\n", 400, "header"},
    {"CR CR LF", kPost + "X: a\r\r\nContent-Length: 0\r\n\r\n", 400, "header"},
    {"NUL in a value", kPost + std::string("X: a\0b\r\nContent-Length: 0\r\n\r\n", 29), 400, "header"},
    {"HTTP/1.0 and chunked", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
     400, "Transfer-Encoding"},
    {"no Host", "POST /echo HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400, "Host"},
    {"two Hosts", kPost + "Host: y\r\nContent-Length: 0\r\n\r\n", 400, "Host"},
    {"two equal Hosts", kPost + "Host: x\r\nContent-Length: 0\r\n\r\n", 400, "Host"},
    {"empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400, "Host"},
    {"Host with user", "GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, "Host"},
    {"Host with path", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "Host"},
    {"Host list", "GET /hello HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "Host"},
    {"Host with a word for port", "GET /hello HTTP/1.1\r\nHost: a:http\r\n\r\n", 400, "Host"},
    {"absolute target", "POST http://evil/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 400,
     "target"},
    {"asterisk target", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"},
    {"fragment", "GET /hello#a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"},
    {"tab in the target", "GET /hel\tlo HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"},
    {"target above ASCII", "GET /h\xc3\xa9llo HTTP/1.1\r\nHost: x\r\n\r\n", 400, "target"},
    {"two blanks after the method", "GET  /hello HTTP/1.1\r\nHost: x\r\n\r\n", 400, "version"},
    {"blank in the target", "GET /hel lo HTTP/1.1\r\nHost: x\r\n\r\n", 400, "version"},
    {"blank after the version", "GET /hello HTTP/1.1 \r\nHost: x\r\n\r\n", 400, "version"},
    {"HTTP/0.9", "GET /hello\r\n\r\n", 400, "request line"},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version"},
    {"HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: x\r\n\r\n", 505, "version"},
    {"lower-case version", "GET /hello http/1.1\r\nHost: x\r\n\r\n", 400, "version"},
    {"lower-case method", "get /hello HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request line"},
    {"a known method we do not serve", "DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method"},
    {"CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "method"},
    {"an unknown method", "BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n", 501, "method"},
    {"leading CRLF", "\r\n" + kGet, 400, "request line"},
    {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400, "request line"},
    {"GET with a body", "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 400, "method"},
    {"HEAD with a body", "HEAD /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400, "method"},
    {"an expectation", kPost + "Content-Length: 3\r\nExpect: 200-ok\r\n\r\n", 417, "Expect"},
    {"header of 9 kB", kPost + "X: " + std::string(9'000, 'a') + "\r\nContent-Length: 0\r\n\r\n", 431,
     "header"},
    {"target of 9 kB", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "header"},
    {"200 headers", many_headers(200), 431, "header"},
    {"65 headers", many_headers(63), 431, "header"},
    {"body over the limit", kPost + "Content-Length: 70000\r\n\r\n", 413, "Content-Length"},
    {"chunks over the limit", kChunked + "11170\r\n" + std::string(70'000, 'a') + "\r\n0\r\n\r\n", 413,
     "body"},
    {"chunk size 0x3", kChunked + "0x3\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"chunk size -3", kChunked + "-3\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"blank before the chunk size", kChunked + " 3\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"blank after the chunk size", kChunked + "3 \r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"no chunk size", kChunked + "\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"chunk extension", kChunked + "3;a=b\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"extension of the last chunk", kChunked + "0;a\r\n\r\n", 400, "chunk"},
    {"long chunk extension", kChunked + "3;" + std::string(9'000, 'a') + "\r\nabc\r\n0\r\n\r\n", 400,
     "chunk"},
    {"chunk size beyond 64 bits", kChunked + "10000000000000003\r\nabc\r\n0\r\n\r\n", 400, "chunk"},
    {"chunk data without CRLF", kChunked + "3\r\nabcX0\r\n\r\n", 400, "chunk"},
    {"chunk line with bare LF", kChunked + "3\nabc\n0\n\n", 400, "chunk"},
    {"trailer", kChunked + "0\r\nContent-Length: 5\r\n\r\n", 400, "chunk"},
    {"long trailer", kChunked + "0\r\nX: " + std::string(9'000, 'a'), 400, "chunk"},
};

TEST_CASE("whatever two servers could read differently is refused before routing and ends the connection") {
    LiveServer server;
    for (const Refused& row : kRefused) {
        CAPTURE(row.why);
        const int handled = server.handled();
        RawClient client(server.port());
        client.send(row.bytes + kGet);  // what follows must never be answered
        const auto reply = client.read_reply();
        REQUIRE(reply.has_value());
        CHECK(reply->status == row.status);
        CHECK(reply->header("Connection") == "close");
        CHECK(reply->header("Content-Type") == "application/problem+json");
        const auto document = nlohmann::json::parse(reply->body, nullptr, false);
        REQUIRE(document.is_object());
        CHECK(document["type"] == "about:blank");
        CHECK(document["status"] == row.status);
        CHECK(document["field"] == row.field);
        CHECK(!document["title"].get<std::string>().empty());
        client.finish_sending();
        CHECK(client.is_closed());
        CHECK(server.handled() == handled);
    }
}

struct Accepted {
    std::string why;
    std::string bytes;
    std::vector<std::string> bodies;
};

const Accepted kAccepted[]{
    {"a length", kPost + "Content-Length: 3\r\n\r\nabc", {"abc"}},
    {"a length with a leading zero", kPost + "Content-Length: 03\r\n\r\nabc", {"abc"}},
    {"no length", kPost + "\r\n", {""}},
    {"chunks", kChunked + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", {"abcde"}},
    {"chunk sizes in hex, any case",
     kChunked + "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n",
     {"01234567890123456789a"}},
    {"an empty chunked body", kChunked + "0\r\n\r\n", {""}},
    {"the last chunk with more zeros", kChunked + "1\r\nx\r\n000\r\n\r\n", {"x"}},
    {"header names in any case", "POST /echo HTTP/1.1\r\nhOST: x\r\ncontent-LENGTH: 1\r\n\r\nz", {"z"}},
    {"no blank after the colon, many after the value",
     "POST /echo HTTP/1.1\r\nHost:x   \r\nContent-Length:1\r\n\r\nz",
     {"z"}},
    {"Host with port", "GET /hello HTTP/1.1\r\nHost: x:8080\r\n\r\n", {"hello"}},
    {"Host as an IPv6 address", "GET /hello HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", {"hello"}},
    {"a query", "GET /hello?a=%20&b=|{} HTTP/1.1\r\nHost: x\r\n\r\n", {"hello"}},
    {"an empty length on GET", "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", {"hello"}},
    {"Upgrade is ignored",
     "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
     {"hello"}},
    {"64 headers", many_headers(62), {""}},
    {"a header line of 7 kB",
     kPost + "X: " + std::string(7'000, 'a') + "\r\nContent-Length: 1\r\n\r\nz",
     {"z"}},
    {"a value above ASCII", kPost + "X: caf\xc3\xa9\r\nContent-Length: 1\r\n\r\nz", {"z"}},
    {"the largest body",
     kPost + "Content-Length: 65536\r\n\r\n" + std::string(65'536, 'b'),
     {std::string(65'536, 'b')}},
    {"pipelined",
     kPost + "Content-Length: 1\r\n\r\na" + kGet + kChunked + "1\r\nb\r\n0\r\n\r\n" + kGet,
     {"a", "hello", "b", "hello"}},
};

TEST_CASE("plain requests are answered in order and the connection stays in step") {
    LiveServer server;
    for (const Accepted& row : kAccepted) {
        CAPTURE(row.why);
        RawClient client(server.port());
        client.send(row.bytes);
        for (const std::string& body : row.bodies) {
            const auto reply = client.read_reply();
            REQUIRE(reply.has_value());
            CHECK(reply->status == 200);
            CHECK(reply->body == body);
            CHECK(!reply->header("Connection"));
        }
        client.send(kGet);  // had anything been left over, this would not be understood
        const auto probe = client.read_reply();
        REQUIRE(probe.has_value());
        CHECK(probe->body == "hello");
    }
}

TEST_CASE("the same requests byte by byte") {
    LiveServer server;
    for (const Accepted& row : kAccepted) {
        if (row.bytes.size() > 2'000) continue;
        CAPTURE(row.why);
        RawClient client(server.port());
        client.socket().set_option(boost::asio::ip::tcp::no_delay(true));
        for (const char& byte : row.bytes) REQUIRE(client.send({&byte, 1}));
        for (const std::string& body : row.bodies) {
            const auto reply = client.read_reply();
            REQUIRE(reply.has_value());
            CHECK(reply->body == body);
        }
    }
}

TEST_CASE("HTTP/1.0 is answered once") {
    LiveServer server;
    for (const char* extra : {"", "Host: x\r\n", "Connection: keep-alive\r\n"}) {
        CAPTURE(extra);
        RawClient client(server.port());
        client.send(std::string("GET /hello HTTP/1.0\r\n") + extra + "\r\n" + kGet);
        const auto reply = client.read_reply();
        REQUIRE(reply.has_value());
        CHECK(reply->body == "hello");
        CHECK(reply->header("Connection") == "close");
        client.finish_sending();
        CHECK(client.is_closed());
    }
}

TEST_CASE("a host list: only our names are served") {
    tests::http::Listen listen;
    listen.hosts = {"line.example.org", "Other.example:8443"};
    LiveServer server({}, listen);
    struct Row {
        std::string host;
        int status;
    };
    for (const Row& row :
         {Row{"line.example.org", 200}, Row{"LINE.example.org:443", 200}, Row{"other.example:8443", 200},
          Row{"other.example", 421}, Row{"evil.example", 421}, Row{"line.example.org.evil", 421}}) {
        CAPTURE(row.host);
        RawClient client(server.port());
        client.send(std::string("GET /hello HTTP/1.1\r\nHost: ") + row.host +
                    "\r\nConnection: close\r\n\r\n");
        const auto reply = client.read_reply();
        REQUIRE(reply.has_value());
        CHECK(reply->status == row.status);
        CHECK(reply->header("Connection") == "close");
    }
    RawClient old(server.port());
    old.send("GET /hello HTTP/1.0\r\n\r\n");
    CHECK(old.read_reply()->status == 421);
}

TEST_CASE("Expect: 100-continue is told to go on, once, and only when it waits") {
    LiveServer server;
    RawClient client(server.port());
    const std::string head = kPost + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    client.send(head);
    REQUIRE(client.read_reply()->status == 100);
    client.send("ab");
    client.send("c");
    CHECK(client.read_reply()->body == "abc");
    client.send(head + "def");  // the body is here already: no 100
    const auto reply = client.read_reply();
    CHECK(reply->status == 200);
    CHECK(reply->body == "def");
}

}  // namespace
