#include "tests/net/peer.hpp"

#include <boost/asio.hpp>

#include "webhooks/net/as_result.hpp"

namespace tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using webhooks::net::as_result;

namespace {

/// How long the request at the front of `bytes` is; 0 when it is not whole.
std::size_t request_length(const std::string& bytes) {
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos) return 0;
    const std::size_t length = bytes.find("Content-Length: ");
    const std::size_t body = length < head_end ? std::stoul(bytes.substr(length + 16)) : 0;
    return bytes.size() >= head_end + 4 + body ? head_end + 4 + body : 0;
}

}  // namespace

Peer::Peer(std::vector<Step> steps)
    : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), steps_(std::move(steps)) {
    asio::co_spawn(io_, serve(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
}

Peer::~Peer() {
    io_.stop();
    thread_.join();
}

std::string Peer::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
}

std::vector<std::string> Peer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

int Peer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

bool Peer::takes(int connections) const {
    for (int tries = 0; tries < 10'000; ++tries) {
        if (this->connections() >= connections) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

std::string Peer::ok(const std::string& body, const std::string& headers) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
           body;
}

asio::awaitable<void> Peer::serve() {
    for (;;) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_result);
        if (failed) co_return;
        {
            const std::lock_guard lock(mutex_);
            ++connections_;
        }
        co_await talk(std::move(socket));
    }
}

asio::awaitable<void> Peer::talk(tcp::socket socket) {
    std::string bytes;
    for (;;) {
        auto [failed, n] =
            co_await socket.async_read_some(asio::dynamic_buffer(bytes).prepare(4096), as_result);
        if (failed) co_return;
        bytes.resize(bytes.size() + n - 4096);
        const std::size_t length = request_length(bytes);
        if (length == 0) continue;
        std::size_t number = 0;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(bytes.substr(0, length));
            number = requests_.size();
        }
        bytes.erase(0, length);
        if (number > steps_.size()) continue;
        const Step& step = steps_[number - 1];
        co_await asio::async_write(socket, asio::buffer(step.reply), as_result);
        if (step.close) co_return;
    }
}

}  // namespace tests
