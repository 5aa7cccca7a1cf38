#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace webhooks::http {

/// A request that has passed the strict gate: exactly one Host, origin-form target, one framing, body within
/// its limit. Plain values, so that handlers and gateways never include Beast.
struct Request {
    std::string method;                                        ///< "GET", "POST" ...
    std::string target;                                        ///< as sent: path and query, never re-encoded
    std::vector<std::pair<std::string, std::string>> headers;  ///< in order, names as sent
    std::string body;
    std::string peer;  ///< remote address, "127.0.0.1"; for limits, never for trust

    [[nodiscard]] std::string_view path() const noexcept;  ///< target without the query
    [[nodiscard]] std::string_view query()
        const noexcept;  ///< after '?', without it; empty when there is none
    /// The first header of that name (any case).
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

/// Frames of a server-sent event stream, pulled by the session that owns the socket. Net thread only.
class EventStream;

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<EventStream>
        stream;  ///< set: the session sends headers, then frames until the stream ends

    [[nodiscard]] static Response text(int status, std::string body);
    [[nodiscard]] static Response json(int status, std::string body);
    [[nodiscard]] static Response with_type(int status, std::string content_type, std::string body);
};

}  // namespace webhooks::http
