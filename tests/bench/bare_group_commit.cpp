// The yardstick of tests/bench: verify, de-duplicate, store state and reply in one transaction, answer;
// nothing else. One Beast thread, one store thread with group commit.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <iostream>

#include "bare_store.hpp"
#include "signed_form.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr std::string_view kOk =
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 61\r\n\r\n"
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>\r\n";
constexpr std::string_view kForbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

struct Server {
    Server(const std::string& database, std::string_view token, std::string url)
        : store(database), signer(token, std::move(url)) {}

    asio::io_context io{1};
    bench::BareStore store;
    bench::Signer signer;
};

/// Completes on the net thread after the commit that holds this text.
asio::awaitable<void> stored(Server& server, bench::Work& work) {
    auto start = [&server, &work](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        work.stored = [&server, shared] { asio::post(server.io, [shared] { std::move (*shared)(); }); };
        server.store.push(std::move(work));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start),
                                                                         asio::use_awaitable);
}

asio::awaitable<void> serve(Server& server, tcp::socket socket) {
    try {
        socket.set_option(tcp::no_delay(true));
        beast::flat_buffer buffer(16'384);
        for (;;) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(65'536);
            co_await http::async_read(socket, buffer, parser, asio::use_awaitable);
            const auto form = bench::decode(parser.get().body());
            const bool ours = server.signer.sign(form) == parser.get()["X-Twilio-Signature"];
            if (ours) {
                bench::Work work;
                work.sid = bench::value_of(form, "MessageSid");
                work.from = bench::value_of(form, "From");
                work.body = bench::value_of(form, "Body");
                co_await stored(server, work);
            }
            co_await asio::async_write(socket, asio::buffer(ours ? kOk : kForbidden), asio::use_awaitable);
        }
    } catch (const boost::system::system_error&) {  // the client has gone
    }
}

asio::awaitable<void> listen(Server& server, std::uint16_t port) {
    tcp::acceptor acceptor(server.io, {asio::ip::address_v4::loopback(), port});
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(server.io, serve(server, std::move(socket)), asio::detached);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::uint16_t port = 0;
    std::string database, token, url;
    CLI::App app("Bare group commit");
    app.add_option("--port", port)->required();
    app.add_option("--database", database)->required();
    app.add_option("--token", token)->envname("BENCH_TOKEN")->required();
    app.add_option("--url", url)->required();
    CLI11_PARSE(app, argc, argv);
    Server server(database, token, url);
    asio::signal_set stop(server.io, SIGTERM, SIGINT);
    stop.async_wait([&server](auto, auto) { server.io.stop(); });
    asio::co_spawn(server.io, listen(server, port), asio::detached);
    server.io.run();
    return 0;
}
