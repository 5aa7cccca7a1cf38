#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "webhooks/http/gate.hpp"
#include "webhooks/http/request_reader.hpp"
#include "webhooks/http/response_head.hpp"
#include "webhooks/http/router.hpp"
#include "webhooks/http/server.hpp"
#include "webhooks/http/wire.hpp"

namespace webhooks::http {

/// What a server shares with its sessions; outlives them.
struct Shared {
    Limits limits;
    GateRules rules;
    const Router& router;
    std::unique_ptr<asio::ssl::context> tls;
    ResponseHead head;
    bool draining = false;
};

/// One connection: reads a request, has it answered, writes the answer, and so on, until either side is done.
/// One coroutine, on the net thread. Deadlines are not timers of its own: the server asks every session now
/// and then whether its time is up, which costs a request nothing.
class Session : public std::enable_shared_from_this<Session> {
public:
    using Clock = std::chrono::steady_clock;

    Session(asio::ip::tcp::socket socket, std::string peer, Shared& shared);

    /// Serves the connection to its end. Keeps the session alive.
    [[nodiscard]] static asio::awaitable<void> serve(std::shared_ptr<Session> self);
    /// Answers 503 with Retry-After, whatever is asked.
    [[nodiscard]] static asio::awaitable<void> turn_away(std::shared_ptr<Session> self);

    /// Finish what is under way and close: an idle connection now, an event stream after its queue.
    void drain();
    /// Close now.
    void cut();
    /// Ends the present read or write if its total time is up.
    void check_deadline(Clock::time_point now);

private:
    asio::awaitable<bool> handshake();
    asio::awaitable<void> answer_requests();
    asio::awaitable<bool> read_request();
    asio::awaitable<bool> read_on();
    bool lingers();
    asio::awaitable<bool> write(Response response, bool close, bool with_body = true);
    asio::awaitable<void> refuse(Response response);
    asio::awaitable<void> stream_events(Response response);
    asio::awaitable<void> write_frames();
    void watch_client_leave();
    asio::awaitable<void> finish();

    void set_deadline(std::chrono::milliseconds from_now);
    void set_deadline(Clock::time_point at);
    void no_deadline();

    Shared& shared_;
    Wire wire_;
    RequestReader reader_;
    std::string out_;
    std::shared_ptr<EventStream> stream_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Clock::time_point started_;  ///< the first byte of the request being read
    bool expired_ = false;
    bool waiting_ = false;  ///< for the first byte of a request
    bool fresh_ = true;     ///< no request answered yet
    bool cut_ = false;
    char left_ = 0;  ///< where the read that notices a leaving client reads to
};

}  // namespace webhooks::http
