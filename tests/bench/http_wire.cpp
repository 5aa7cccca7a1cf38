#include "http_wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace bench {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* plain(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

void tune(int fd) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

bool same_letters(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if ((a[i] | 32) != (b[i] | 32)) return false;
    }
    return true;
}

std::size_t content_length(std::string_view head) {
    constexpr std::string_view kName = "content-length:";
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const std::string_view line = head.substr(at + 2);
        if (!same_letters(line.substr(0, kName.size()), kName)) continue;
        const std::string_view value = line.substr(line.find_first_not_of(' ', kName.size()));
        std::size_t length = 0;
        std::from_chars(value.data(), value.data() + value.size(), length);
        return length;
    }
    return 0;
}

}  // namespace

std::optional<WireMessage> whole_message(std::string_view buffer) {
    const std::size_t end = buffer.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const std::size_t length = end + 4 + content_length(buffer.substr(0, end));
    if (buffer.size() < length) return std::nullopt;
    return WireMessage{buffer.substr(0, buffer.find("\r\n")), buffer.substr(end + 4, length - end - 4),
                       length};
}

Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Socket::~Socket() {
    if (fd_ >= 0) ::close(fd_);
}

Socket connect_to(int port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    if (::connect(socket.fd(), plain(address), sizeof address) != 0) fail("connect");
    tune(socket.fd());
    return socket;
}

Socket listen_on(int port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = loopback(port);
    if (::bind(socket.fd(), plain(address), sizeof address) != 0) fail("bind");
    if (::listen(socket.fd(), 1'024) != 0) fail("listen");
    tune(socket.fd());
    return socket;
}

Socket accept_from(const Socket& listener) {
    Socket socket(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.fd() >= 0) tune(socket.fd());
    return socket;
}

void write_all(const Socket& socket, std::string_view text) {
    const ssize_t written = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
    if (written != static_cast<ssize_t>(text.size())) throw std::runtime_error("the peer stopped reading");
}

bool read_some(const Socket& socket, std::string& buffer) {
    std::array<char, 16'384> chunk;
    const ssize_t got = ::recv(socket.fd(), chunk.data(), chunk.size(), 0);
    if (got > 0) buffer.append(chunk.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace bench
