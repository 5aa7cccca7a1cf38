#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <string>

namespace webhooks::http {

/// A bounded queue of server-sent event frames for one client. Net thread only. A client that reads too
/// slowly is closed when 64 frames wait, never skipped: it reconnects with Last-Event-ID and loses nothing.
class EventStream {
public:
    explicit EventStream(boost::asio::any_io_executor executor);

    /// Queue one frame ("id: 7\nevent: message\ndata: {...}\n\n"). False once closed.
    bool push(std::string frame);
    void close() noexcept;
    [[nodiscard]] bool closed() const noexcept { return closed_; }

    /// For the session: take everything queued.
    [[nodiscard]] std::string take();
    [[nodiscard]] bool empty() const noexcept { return frames_.empty(); }
    /// Cancelled whenever there is something to do.
    [[nodiscard]] boost::asio::steady_timer& wake() noexcept { return wake_; }

    static constexpr std::size_t kMaxFrames = 64;

private:
    boost::asio::steady_timer wake_;
    std::deque<std::string> frames_;
    bool closed_ = false;
};

}  // namespace webhooks::http
