#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

struct Reply {
    int status = 0;
    std::string head;  ///< with its status line
    std::string body;

    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

/// Says exactly the bytes it is told to a server on loopback. Blocking; no read waits longer than 20 seconds.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);

    /// False when the server has gone before all was sent. @param sent  how many bytes went out
    bool send(std::string_view bytes, std::size_t* sent = nullptr);
    void finish_sending();
    /// The next reply; nothing when the connection ends first. 100 Continue is a reply too.
    [[nodiscard]] std::optional<Reply> read_reply(bool head_only = false);
    /// Exactly that many bytes, or what came before the end.
    [[nodiscard]] std::string read(std::size_t bytes);
    /// Reads until `text` has come; false when the connection ends first.
    [[nodiscard]] bool reads_until(std::string_view text);
    /// True when the server closes with nothing more said.
    [[nodiscard]] bool is_closed();
    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

private:
    bool fill();

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_{io_};
    std::string buffer_;
};

}  // namespace tests
