#pragma once
#include <string_view>

namespace webhooks::http {

/// Why a request was refused before routing. Every text is a literal: nothing of the input is echoed.
struct Refusal {
    int status = 400;
    std::string_view title;
    std::string_view field;  ///< "Content-Length", "request line" ...
    std::string_view detail;
};

}  // namespace webhooks::http
