#include "live_server.hpp"

#include <boost/asio.hpp>
#include <future>
#include <stdexcept>

#include "webhooks/net/as_result.hpp"

namespace tests {

namespace asio = boost::asio;
using http::Request;
using http::Response;

namespace {

http::Listen with_limits(http::Listen listen, const http::Limits& limits) {
    listen.port = 0;
    listen.limits = limits;
    return listen;
}

template <class Condition>
bool eventually(Condition&& holds) {
    for (int tries = 0; tries < 10'000; ++tries) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

}  // namespace

LiveServer::LiveServer(http::Limits limits, http::Listen listen)
    : server_(io_, with_limits(std::move(listen), limits), router_) {
    add_routes();
    server_.start();
    thread_ = std::thread([this] {
        const auto guard = asio::make_work_guard(io_);
        io_.run();
    });
}

LiveServer::~LiveServer() {
    io_.stop();
    thread_.join();
}

void LiveServer::add_routes() {
    router_.add("GET", "/hello", [this](const Request&) -> asio::awaitable<Response> {
        ++handled_;
        co_return Response::text(200, "hello");
    });
    router_.add("POST", "/echo", [this](const Request& request) -> asio::awaitable<Response> {
        ++handled_;
        co_return Response::text(200, request.body);
    });
    router_.add("GET", "/throws", [this](const Request&) -> asio::awaitable<Response> {
        ++handled_;
        throw std::runtime_error("+15550100 said something");
        co_return Response{};
    });
    router_.add("GET", "/slow", [this](const Request&) -> asio::awaitable<Response> {
        ++handled_;
        ++slow_;
        co_await released_.async_wait(webhooks::net::as_result);
        co_return Response::text(200, "slow");
    });
    router_.add("GET", "/large", [this](const Request&) -> asio::awaitable<Response> {
        ++handled_;
        co_return Response::text(200, std::string(8'000'000, 'x'));
    });
    router_.add("GET", "/events", [this](const Request&) -> asio::awaitable<Response> {
        ++handled_;
        stream_ = std::make_shared<http::EventStream>(io_.get_executor());
        Response response;
        response.stream = stream_;
        co_return response;
    });
}

void LiveServer::on_net(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(io_, [&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

std::size_t LiveServer::open_connections() {
    std::size_t open = 0;
    on_net([&] { open = server_.open_connections(); });
    return open;
}

bool LiveServer::opens(std::size_t connections) {
    return eventually([&] { return open_connections() == connections; });
}

bool LiveServer::slow_entered(int times) {
    return eventually([&] { return slow_ >= times; });
}

void LiveServer::release() {
    on_net([&] { released_.cancel(); });
}

std::shared_ptr<http::EventStream> LiveServer::stream() {
    std::shared_ptr<http::EventStream> stream;
    (void)eventually([&] {
        on_net([&] { stream = stream_; });
        return stream != nullptr;
    });
    return stream;
}

void LiveServer::drain(std::chrono::milliseconds grace) {
    asio::co_spawn(io_, server_.drain(grace),
                   [this](const std::exception_ptr&, bool finished) { drained_.set_value(finished); });
}

bool LiveServer::drained() { return drained_.get_future().get(); }

}  // namespace tests
