#include "raw_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "webhooks/http/ascii.hpp"

namespace tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::optional<std::string> Reply::header(std::string_view name) const {
    std::size_t at = head.find("\r\n");
    while (at + 2 < head.size()) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string_view line = std::string_view(head).substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos &&
            webhooks::http::equals_ignoring_case(line.substr(0, colon), name))
            return std::string(line.substr(colon + 2));
        at = end;
    }
    return std::nullopt;
}

RawClient::RawClient(std::uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    const timeval limit{20, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool RawClient::send(std::string_view bytes, std::size_t* sent) {
    error_code failed;
    const std::size_t n = asio::write(socket_, asio::buffer(bytes), failed);
    if (sent != nullptr) *sent += n;
    return !failed;
}

void RawClient::finish_sending() {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

bool RawClient::fill() {
    std::array<char, 16'384> bytes{};
    error_code failed;
    const std::size_t n = socket_.read_some(asio::buffer(bytes), failed);
    buffer_.append(bytes.data(), n);
    return !failed;
}

std::optional<Reply> RawClient::read_reply(bool head_only) {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
    }
    Reply reply;
    reply.head = buffer_.substr(0, end + 2);
    reply.status = std::stoi(reply.head.substr(9, 3));
    buffer_.erase(0, end + 4);
    const auto length = reply.header("Content-Length");
    if (length && !head_only) reply.body = read(std::stoul(*length));
    return reply;
}

std::string RawClient::read(std::size_t bytes) {
    while (buffer_.size() < bytes && fill()) {
    }
    std::string taken = buffer_.substr(0, bytes);
    buffer_.erase(0, taken.size());
    return taken;
}

bool RawClient::reads_until(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
        if (!fill()) return false;
    }
    buffer_.erase(0, buffer_.find(text) + text.size());
    return true;
}

bool RawClient::is_closed() {
    error_code failed;
    char one = 0;
    const bool said = socket_.read_some(asio::buffer(&one, 1), failed) > 0;
    return buffer_.empty() && !said &&
           (failed == asio::error::eof || failed == asio::error::connection_reset);
}

}  // namespace tests
