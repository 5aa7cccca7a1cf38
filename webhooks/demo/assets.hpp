#pragma once
#include <span>

#include "webhooks/http/asset.hpp"

namespace webhooks::demo {

/// The files of webhooks/demo/assets.
[[nodiscard]] std::span<const http::Asset> assets() noexcept;

}  // namespace webhooks::demo
