#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace webhooks::net {

/// An outgoing HTTP request: a value built by a gateway, carried out by CurlClient.
struct OutgoingRequest {
    std::string method = "POST";
    std::string url;
    std::vector<std::string> headers;  ///< whole lines: "Content-Type: application/json"
    std::string body;
    std::string basic_auth;  ///< "user:password"; sent as Authorization: Basic, never logged
    std::chrono::milliseconds deadline{10'000};
    /// Asked on the net thread after connecting and right before the first byte of the request is written;
    /// false abandons the request with `net::Error::withdrawn` and nothing is sent (the last opt-out check).
    std::function<bool()> may_send;
    /// Somebody else chose the URL: no connection to anything but public addresses, whatever the name
    /// resolves to at the very moment (public_address.hpp); else `net::Error::private_address`.
    bool only_public = false;
    std::size_t most_body = 64 * 1024;  ///< bytes of the reply's body; more is `net::Error::reply_too_large`
};

struct IncomingReply {
    long status = 0;
    std::string body;                                          ///< at most `most_body`
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
};

}  // namespace webhooks::net
