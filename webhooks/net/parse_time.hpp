#pragma once
#include <optional>
#include <string_view>

#include "bot/time.hpp"

namespace webhooks::net {

/// A time as HTTP APIs write it (RFC 3339): "2026-03-07T17:00:00Z", with or without a fraction, or with an
/// offset ("-05:00"; Infobip writes "-0500"). Nothing when it is anything else. Thread-safe.
[[nodiscard]] std::optional<bot::TimePoint> parse_time(std::string_view text);

}  // namespace webhooks::net
