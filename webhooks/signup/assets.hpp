#pragma once
#include <span>

#include "webhooks/http/asset.hpp"

namespace webhooks::signup {

/// The files of webhooks/signup/assets.
[[nodiscard]] std::span<const http::Asset> assets() noexcept;

}  // namespace webhooks::signup
