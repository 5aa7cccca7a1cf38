#pragma once
#include <string>
#include <string_view>

#include "webhooks/http/message.hpp"

namespace webhooks::http {

/// A JSON problem document (RFC 9457, `application/problem+json`).
/// @param field   the field at fault ("MessageSid", "/to"), or empty; becomes the member "field"
/// @param detail  one sentence for the caller's developer; must not hold the texter's words or number
[[nodiscard]] Response problem(int status, std::string_view title, std::string_view detail = {},
                               std::string_view field = {});

}  // namespace webhooks::http
