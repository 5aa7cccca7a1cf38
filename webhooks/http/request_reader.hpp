#pragma once
#include <boost/asio/buffer.hpp>
#include <memory>

#include "webhooks/http/gate.hpp"
#include "webhooks/http/message.hpp"
#include "webhooks/http/server.hpp"

namespace webhooks::http {

/// Turns the bytes of one connection into requests; knows no socket and no clock. Two readers must agree on
/// every request: the strict gate, on the raw bytes of the header, and then Beast's parser, which also
/// delimits the body. Holds at most `Limits::header_bytes` of undecoded input, so that neither a long header
/// nor a long chunk extension costs memory (F4).
///
/// The session reads into `prepare()`, tells `commit()`, and acts on the answer; after a request it asks
/// `next()`, as the bytes of the following one may be here already (pipelining).
class RequestReader {
public:
    enum class State {
        need_more,  ///< read again
        ready,      ///< `request()` is whole
        refused,    ///< `refusal()` says why; nothing more can be read from this connection
    };

    /// Both must outlive the reader.
    RequestReader(const Limits& limits, const GateRules& rules);
    ~RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    /// Room for the next read, never empty while the state is `need_more`.
    [[nodiscard]] boost::asio::mutable_buffer prepare();
    State commit(std::size_t bytes);
    /// Forget the request just answered and go on with what is buffered.
    State next();

    [[nodiscard]] bool idle() const noexcept;       ///< between requests, nothing of the next one here
    [[nodiscard]] bool head_done() const noexcept;  ///< header whole, body not yet
    /// True once per request that waits for 100 before it sends its body.
    [[nodiscard]] bool take_continue() noexcept;

    [[nodiscard]] Request& request() noexcept;
    [[nodiscard]] bool keep_alive() const noexcept;  ///< the client lets us; HTTP/1.0 never does
    [[nodiscard]] const Refusal& refusal() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace webhooks::http
