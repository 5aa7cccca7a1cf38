#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <optional>
#include <utility>

namespace webhooks::http {

namespace asio = boost::asio;

/// One connection, plain or TLS, as one type, so that the session is compiled once. An AsyncReadStream and
/// AsyncWriteStream in Asio's sense. One read and one write may be pending at a time.
class Wire {
public:
    using executor_type = asio::ip::tcp::socket::executor_type;

    /// @param tls  nothing: plain. Must outlive the wire.
    Wire(asio::ip::tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
        if (tls != nullptr) tls_.emplace(socket_, *tls);
    }

    executor_type get_executor() noexcept { return socket_.get_executor(); }
    [[nodiscard]] bool is_tls() const noexcept { return tls_.has_value(); }

    template <class Token>
    auto async_handshake(Token&& token) {
        return tls_->async_handshake(asio::ssl::stream_base::server, std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        auto start = [this](auto handler, const Buffers& into) {
            if (tls_) return tls_->async_read_some(into, std::move(handler));
            return socket_.async_read_some(into, std::move(handler));
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(std::move(start),
                                                                                         token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        auto start = [this](auto handler, const Buffers& from) {
            if (tls_) return tls_->async_write_some(from, std::move(handler));
            return socket_.async_write_some(from, std::move(handler));
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(std::move(start),
                                                                                         token, buffers);
    }

    /// Below TLS: to discard what still comes, to shut down, to ask what is waiting.
    [[nodiscard]] asio::ip::tcp::socket& socket() noexcept { return socket_; }

    /// Whatever is pending ends with operation_aborted.
    void cancel() noexcept {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }

    void close() noexcept {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    asio::ip::tcp::socket socket_;
    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

}  // namespace webhooks::http
