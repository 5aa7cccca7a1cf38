#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webhooks/http/refusal.hpp"

namespace webhooks::http {

/// The start line and header of one request, as views into the bytes they were read from.
struct Head {
    std::string_view method;
    std::string_view target;
    bool http_1_1 = true;
    std::vector<std::pair<std::string_view, std::string_view>> headers;  ///< in order; values trimmed
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool close = false;             ///< the client asked for it, or speaks HTTP/1.0
    bool expects_continue = false;  ///< it waits for 100 before it sends the body

    [[nodiscard]] bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
};

/// What the gate needs to know of the server.
struct GateRules {
    std::size_t headers = 64;
    std::uint64_t body_bytes = 64 * 1024;
    std::vector<std::string> hosts;  ///< allowed in Host, with or without port; empty: any one host
};

/// The strict request gate (reliability.md F3, T13). Reads the raw bytes of a header block, so that nothing
/// is tidied up before it looks, and refuses whatever two servers could read differently:
/// - anything but `GET|HEAD|POST SP /target SP HTTP/1.0|1.1 CRLF`; 405 or 501 for other methods, 505 for
///   other versions
/// - bare CR or LF, folded lines, blanks before a colon, control characters, more than `headers` lines (431)
/// - a Host that is missing (but on 1.0), doubled, malformed, or not one of ours (421)
/// - Transfer-Encoding other than exactly one `chunked` on 1.1 without Content-Length
/// - Content-Length other than exactly one number in digits, or above `body_bytes` (413)
/// - a body on GET or HEAD; Expect other than `100-continue` (417)
///
/// @param raw   from the first byte to the empty line, both included
/// @param head  filled; reuse it to reuse its memory. Views into `raw`
/// @return      nothing when the request may go on
[[nodiscard]] std::optional<Refusal> check_head(std::string_view raw, const GateRules& rules, Head& head);

}  // namespace webhooks::http
