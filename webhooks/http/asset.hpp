#pragma once
#include <string_view>

namespace webhooks::http {

/// One file put into the program by cmake/embed_assets.cmake.
struct Asset {
    std::string_view name;  ///< "page.html"
    std::string_view type;  ///< its media type
    std::string_view body;
};

}  // namespace webhooks::http
