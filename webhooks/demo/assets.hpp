#pragma once
#include <span>
#include <string_view>

namespace webhooks::demo {

/// One file of webhooks/demo/assets, put into the program by cmake/embed_assets.cmake.
struct Asset {
    std::string_view name;  ///< "page.html"
    std::string_view type;  ///< its media type
    std::string_view body;
};

[[nodiscard]] std::span<const Asset> assets() noexcept;

}  // namespace webhooks::demo
