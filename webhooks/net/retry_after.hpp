#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/net/http_exchange.hpp"

namespace webhooks::net {

/// How long the peer asks us to wait (RFC 9110, section 10.2.3): seconds, or a date, which is read against
/// the reply's own Date so that no two clocks are compared. At most a day; nothing when absent or not
/// understood.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const IncomingReply& reply);

/// The value of a reply header; `name` in lower case. Null when there is none.
[[nodiscard]] const std::string* header(const IncomingReply& reply, std::string_view name) noexcept;

}  // namespace webhooks::net
