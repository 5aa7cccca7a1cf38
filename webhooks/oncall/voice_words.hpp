#pragma once
#include <string>

#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

// What is said on the phone to somebody on call. Never the texter's words or number.

/// "This is Riverside's on-call line. Priority zero. Case 4 8 2 1 ..." and the keys.
[[nodiscard]] std::string spoken_page(const store::EscalationRow& row, bot::TimePoint now);
/// Digits one by one, so that they are not read as a number.
[[nodiscard]] std::string spelled(std::string_view code);

}  // namespace webhooks::oncall
