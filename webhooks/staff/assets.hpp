#pragma once
#include <span>

#include "webhooks/http/asset.hpp"

namespace webhooks::staff {

/// The files of webhooks/staff/assets: the description of the API.
[[nodiscard]] std::span<const http::Asset> assets() noexcept;

}  // namespace webhooks::staff
