#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "webhooks/http/router.hpp"

namespace webhooks::http {

/// Every bound of the server. Sizes in bytes, deadlines total per request and not per read (reliability.md
/// F5).
struct Limits {
    std::size_t header_bytes = 8 * 1024;
    std::size_t headers = 64;
    std::size_t body_bytes = 64 * 1024;
    std::chrono::milliseconds header_deadline{5'000};    ///< first byte to end of headers
    std::chrono::milliseconds request_deadline{10'000};  ///< first byte to end of body
    std::chrono::milliseconds write_deadline{10'000};
    std::chrono::milliseconds idle_timeout{60'000};  ///< keep-alive connection without a request
    std::size_t connections = 4'096;
    std::size_t connections_per_peer = 200;  ///< loopback is exempt (a reverse proxy sits there)
};

struct TlsFiles {
    std::string certificate_chain;  ///< PEM path; empty: no TLS
    std::string private_key;        ///< PEM path
};

struct Listen {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: any free port; see Server::port()
    Limits limits;
    TlsFiles tls;
    /// Hosts that may stand in the Host header; empty: any one host is accepted.
    std::vector<std::string> hosts;
};

/// An HTTP/1.1 server on one io_context: keep-alive, pipelining, bounded everything, a strict request gate
/// before routing. Net thread only, but for `port()`.
class Server {
public:
    /// Binds and listens. @throws std::runtime_error naming the address when it cannot.
    Server(boost::asio::io_context& io, Listen listen, const Router& router);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::size_t open_connections() const noexcept;

    /// Stop accepting, close idle connections, let requests under way finish; completes when the last one has
    /// or after `grace`, when the rest is cut. True when nothing was cut.
    [[nodiscard]] boost::asio::awaitable<bool> drain(std::chrono::milliseconds grace);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace webhooks::http
