#pragma once
#include <cstdint>
#include <string>

namespace webhooks::fallback {

/// `[fallback]` of the configuration: what both the fallback and the server have to know.
struct Settings {
    std::string address = "127.0.0.1";  ///< loopback: a proxy stands in front of it
    std::uint16_t port = 8'082;
    std::string directory;         ///< where it keeps webhooks; empty: there is no fallback
    std::uint64_t megabytes = 64;  ///< of disk that it may take

    [[nodiscard]] bool enabled() const noexcept { return !directory.empty(); }
};

}  // namespace webhooks::fallback
