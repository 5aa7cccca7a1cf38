#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// One whole HTTP/1.1 message with Content-Length at the front of a buffer.
struct WireMessage {
    std::string_view start_line;
    std::string_view body;
    std::size_t length = 0;  ///< of all of it: what to drop from the buffer
};
/// nullopt until all of it has come.
[[nodiscard]] std::optional<WireMessage> whole_message(std::string_view buffer);

/// A socket that closes itself.
class Socket {
public:
    explicit Socket(int fd = -1) noexcept : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};
/// Both on loopback, non-blocking, without Nagle. @throws std::system_error
[[nodiscard]] Socket connect_to(int port);
[[nodiscard]] Socket listen_on(int port);
/// Invalid when nobody is waiting.
[[nodiscard]] Socket accept_from(const Socket& listener);

/// Writes all of it at once. @throws std::runtime_error when the peer has stopped reading: too slow to
/// measure
void write_all(const Socket& socket, std::string_view text);
/// Appends what has come. False: the peer has closed.
[[nodiscard]] bool read_some(const Socket& socket, std::string& buffer);

}  // namespace bench
