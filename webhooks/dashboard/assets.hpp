#pragma once
#include <span>

#include "webhooks/http/asset.hpp"

namespace webhooks::dashboard {

/// The page as Vite made it: index.html, icon.svg, and files with a hash in their names.
[[nodiscard]] std::span<const http::Asset> assets() noexcept;

}  // namespace webhooks::dashboard
