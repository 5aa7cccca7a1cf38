#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "webhooks/http/event_stream.hpp"
#include "webhooks/http/server.hpp"

namespace tests {

namespace http = webhooks::http;

/// A real server on loopback, on its own thread, with these routes:
///   GET  /hello    "hello"
///   POST /echo     the body back
///   GET  /throws   throws
///   GET  /events   an event stream that the test feeds through `on_net`
///   GET  /slow     answers "slow" once `release()` has been called
///   GET  /large    eight million bytes
class LiveServer {
public:
    explicit LiveServer(http::Limits limits = {}, http::Listen listen = {});
    ~LiveServer();
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
    [[nodiscard]] http::Server& server() noexcept { return server_; }
    [[nodiscard]] int handled() const noexcept { return handled_; }

    /// Runs `work` on the net thread and waits for it.
    void on_net(const std::function<void()>& work);
    [[nodiscard]] std::size_t open_connections();
    /// Waits until that many connections are open, at most ten seconds.
    [[nodiscard]] bool opens(std::size_t connections);
    /// Waits until the slow handler has been entered that often.
    [[nodiscard]] bool slow_entered(int times);
    void release();
    [[nodiscard]] std::shared_ptr<http::EventStream> stream();
    /// Starts to drain; `drained()` waits for the outcome.
    void drain(std::chrono::milliseconds grace);
    [[nodiscard]] bool drained();

private:
    void add_routes();

    boost::asio::io_context io_{1};
    http::Router router_;
    http::Server server_;
    boost::asio::steady_timer released_{io_, boost::asio::steady_timer::time_point::max()};
    std::shared_ptr<http::EventStream> stream_;
    std::atomic<int> handled_ = 0;
    std::atomic<int> slow_ = 0;
    std::promise<bool> drained_;
    std::thread thread_;
};

}  // namespace tests
