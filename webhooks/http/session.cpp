#include "webhooks/http/session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>

#include "webhooks/http/ascii.hpp"
#include "webhooks/http/event_stream.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::http {

namespace {

using boost::system::error_code;
using net::as_result;
using std::chrono::milliseconds;
using State = RequestReader::State;

// g++ 12 destroys some temporaries of a co_await expression twice, and those of one behind && even when it is
// not reached: here every argument has a name, and every co_await a statement of its own.

constexpr milliseconds kFreshWhileDraining{250};
constexpr milliseconds kFinish{1'000};
constexpr std::size_t kMaxDiscarded = 256 * 1024;
constexpr milliseconds kPing{15'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kKeptOut = 8 * 1024;

Response problem_of(const Refusal& refusal) {
    Response response = problem(refusal.status, refusal.title, refusal.detail, refusal.field);
    if (refusal.status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST");
    return response;
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::string peer, Shared& shared)
    : shared_(shared), wire_(std::move(socket), shared.tls.get()), reader_(shared.limits, shared.rules) {
    reader_.request().peer = std::move(peer);
}

asio::awaitable<void> Session::serve(std::shared_ptr<Session> self) {
    // A cancelled await ends with an error like any other; the code after it still runs.
    co_await asio::this_coro::throw_if_cancelled(false);
    const bool open = co_await self->handshake();
    if (open) co_await self->answer_requests();
    self->wire_.close();
}

asio::awaitable<void> Session::turn_away(std::shared_ptr<Session> self) {
    co_await asio::this_coro::throw_if_cancelled(false);
    Response response = problem(503, "Too many connections");
    response.headers.emplace_back("Retry-After", "5");
    if (!self->wire_.is_tls()) co_await self->refuse(std::move(response));
    self->wire_.close();
}

asio::awaitable<bool> Session::handshake() {
    if (!wire_.is_tls()) co_return true;
    set_deadline(shared_.limits.header_deadline);
    auto [failed] = co_await wire_.async_handshake(as_result);
    co_return !failed && !expired_;
}

asio::awaitable<void> Session::answer_requests() {
    while (co_await read_request()) {
        const Request& request = reader_.request();
        no_deadline();
        Response response = co_await shared_.router.route(request);
        fresh_ = false;
        const bool with_body = request.method != "HEAD";
        if (response.stream && with_body) {
            co_await stream_events(std::move(response));
            co_return;
        }
        const bool last = !reader_.keep_alive() || shared_.draining;
        const bool written = co_await write(std::move(response), last, with_body);
        if (!written) co_return;
        if (last) {
            co_await finish();
            co_return;
        }
    }
}

/// False when there is no further request; what had to be said to the client is then said.
asio::awaitable<bool> Session::read_request() {
    State state = fresh_ ? State::need_more : reader_.next();
    waiting_ = reader_.idle();
    started_ = Clock::now();
    const Limits& limits = shared_.limits;
    set_deadline(started_ + (waiting_ && !fresh_ ? limits.idle_timeout : limits.header_deadline));
    if (waiting_ && shared_.draining && !lingers()) co_return false;
    while (state == State::need_more) {
        auto [failed, bytes] = co_await wire_.async_read_some(reader_.prepare(), as_result);
        if (expired_) {
            if (waiting_) co_return false;
            Response late = problem(408, "Request timeout");
            co_await refuse(std::move(late));
            co_return false;
        }
        if (failed) {
            if (cut_ || !waiting_ || !shared_.draining || !lingers()) co_return false;
            continue;
        }
        if (std::exchange(waiting_, false)) {
            started_ = Clock::now();
            set_deadline(started_ + limits.header_deadline);
        }
        state = reader_.commit(bytes);
        if (state != State::need_more || !reader_.head_done()) continue;
        const bool go_on = co_await read_on();
        if (!go_on) co_return false;
    }
    waiting_ = false;
    if (state == State::ready) co_return true;
    Response refusal = problem_of(reader_.refusal());
    co_await refuse(std::move(refusal));
    co_return false;
}

/// While draining, between requests: is another one worth waiting for? One that has arrived is still
/// answered, and who has just connected is given a moment to say why.
bool Session::lingers() {
    error_code unknown;
    if (wire_.socket().available(unknown) > 0) return true;
    if (fresh_ && !unknown) set_deadline(std::min(deadline_, Clock::now() + kFreshWhileDraining));
    return fresh_ && !unknown;
}

/// The header is whole: the deadline is now that of the request, and a client that asks first is told to go
/// on.
asio::awaitable<bool> Session::read_on() {
    set_deadline(started_ + shared_.limits.request_deadline);
    if (!reader_.take_continue()) co_return true;
    auto [failed, bytes] = co_await asio::async_write(wire_, asio::buffer(kContinue), as_result);
    co_return !failed && !expired_;
}

asio::awaitable<bool> Session::write(Response response, bool close, bool with_body) {
    if (out_.capacity() > kKeptOut) out_ = std::string();
    if (!shared_.head.write(response, close, out_)) {
        telemetry::log(telemetry::Level::error, "response_not_sendable", {{"status", response.status}});
        response = problem(500, "Internal error");
        if (!shared_.head.write(response, close, out_)) co_return false;
    }
    set_deadline(shared_.limits.write_deadline);
    const bool body = with_body && !ResponseHead::bodiless(response.status);
    const std::array<asio::const_buffer, 2> parts{asio::buffer(out_),
                                                  body ? asio::buffer(response.body) : asio::const_buffer{}};
    auto [failed, bytes] = co_await asio::async_write(wire_, parts, as_result);
    co_return !failed && !expired_;
}

asio::awaitable<void> Session::refuse(Response response) {
    const bool written = co_await write(std::move(response), true);
    if (written) co_await finish();
}

/// Our half is said. Closing with bytes unread would reset the connection, and the client might lose our last
/// answer to it: discard for a moment what still comes.
asio::awaitable<void> Session::finish() {
    error_code failed;
    asio::ip::tcp::socket& socket = wire_.socket();
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
    set_deadline(kFinish);
    std::array<char, 4096> discarded;
    for (std::size_t total = 0; !failed && !expired_ && !cut_ && total < kMaxDiscarded;) {
        const auto [ended, bytes] = co_await socket.async_read_some(asio::buffer(discarded), as_result);
        failed = ended;
        total += bytes;
    }
}

asio::awaitable<void> Session::stream_events(Response response) {
    stream_ = std::move(response.stream);
    response.stream = stream_;
    const auto add = [&](const char* name, const char* value) {
        const auto same = [&](const auto& header) { return equals_ignoring_case(header.first, name); };
        if (std::ranges::none_of(response.headers, same)) response.headers.emplace_back(name, value);
    };
    add("Content-Type", "text/event-stream");
    add("X-Accel-Buffering", "no");  // a proxy that buffers would hold frames back
    if (shared_.draining) stream_->close();
    const bool written = co_await write(response, true);
    if (written) {
        watch_client_leave();
        co_await write_frames();
    }
    stream_->close();
}

asio::awaitable<void> Session::write_frames() {
    EventStream& stream = *stream_;
    while (!cut_) {
        std::string frames = stream.take();
        if (frames.empty()) {
            if (stream.closed()) co_return;
            no_deadline();
            stream.wake().expires_after(kPing);
            auto [woken] = co_await stream.wake().async_wait(as_result);
            if (woken) continue;
            frames = ": ping\n\n";
        }
        set_deadline(shared_.limits.write_deadline);
        auto [failed, bytes] = co_await asio::async_write(wire_, asio::buffer(frames), as_result);
        if (failed || expired_) co_return;
    }
}

/// A client has nothing more to say on an event stream: whatever comes, also its end, ends the stream.
void Session::watch_client_leave() {
    auto ended = [self = shared_from_this(), stream = stream_](const error_code&, std::size_t) {
        stream->close();
    };
    wire_.async_read_some(asio::buffer(&left_, 1), std::move(ended));
}

void Session::drain() {
    if (stream_) {
        stream_->close();
    } else if (waiting_) {
        wire_.cancel();
    }
}

void Session::cut() {
    cut_ = true;
    wire_.close();
    if (stream_) stream_->close();
}

void Session::check_deadline(Clock::time_point now) {
    if (now < deadline_) return;
    expired_ = true;
    deadline_ = Clock::time_point::max();
    wire_.cancel();
}

void Session::set_deadline(milliseconds from_now) { set_deadline(Clock::now() + from_now); }

void Session::set_deadline(Clock::time_point at) {
    deadline_ = at;
    expired_ = false;
}

void Session::no_deadline() { set_deadline(Clock::time_point::max()); }

}  // namespace webhooks::http
