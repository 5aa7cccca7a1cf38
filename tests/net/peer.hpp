#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// A server that does exactly what it is told, whatever HTTP says of it: for each request it reads whole, the
/// next step. After the last step it reads on and says nothing. One connection at a time, on its own thread.
class Peer {
public:
    struct Step {
        std::string reply;   ///< written as it stands
        bool close = false;  ///< and the connection is closed
    };

    explicit Peer(std::vector<Step> steps);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] std::string url(const std::string& path = "/") const;
    /// The requests read so far, head and body.
    [[nodiscard]] std::vector<std::string> requests() const;
    [[nodiscard]] int connections() const;
    /// Waits until that many connections have been taken, at most ten seconds.
    [[nodiscard]] bool takes(int connections) const;

    /// "HTTP/1.1 200 OK" with this body and these further header lines.
    [[nodiscard]] static std::string ok(const std::string& body, const std::string& headers = {});

private:
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> talk(boost::asio::ip::tcp::socket socket);

    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<Step> steps_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    int connections_ = 0;
    std::thread thread_;
};

}  // namespace tests
