#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/http/message.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks::fallback {

/// One webhook as it came: method, target, headers and body to the byte, so that its signature still fits.
struct Kept {
    http::Request request;
    bot::TimePoint arrived;  ///< signed time stamps are judged as of then
};

/// The reading side of a folder of webhooks: one file each, sealed with the store's key, for its owner only,
/// in the order of their names. A folder that is not there is empty. Blocks for as long as the disk takes.
class Spool {
public:
    /// @throws std::runtime_error naming the folder when it is there and cannot be used
    Spool(std::string directory, std::shared_ptr<const store::Vault> vault);

    /// Those that wait, oldest first.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Nothing when it was changed, moved, cut short or sealed with another key.
    [[nodiscard]] std::optional<Kept> read(const std::string& name) const;
    void remove(const std::string& name) const;
    /// Out of the way of the others, as "<name>.set-aside": renamed back, it is tried again.
    void set_aside(const std::string& name) const;

private:
    std::string directory_;
    std::shared_ptr<const store::Vault> vault_;
};

/// The writing side; makes the folder where it is missing. One process has it.
class SpoolWriter {
public:
    enum class Outcome {
        kept,   ///< on disk: it outlives the process and the power
        full,   ///< there is as much as there may be
        failed  ///< the disk does not take it
    };

    /// Takes away what an end in the middle of writing has left behind.
    /// @throws std::runtime_error naming the folder: it cannot be used, or another process has it
    SpoolWriter(std::string directory, std::uint64_t most_bytes, std::shared_ptr<const store::Vault> vault);
    ~SpoolWriter();
    SpoolWriter(const SpoolWriter&) = delete;
    SpoolWriter& operator=(const SpoolWriter&) = delete;

    [[nodiscard]] Outcome keep(const Kept& kept);

private:
    [[nodiscard]] std::string next_name(bot::TimePoint arrived);
    [[nodiscard]] bool has_room(std::uint64_t bytes);
    [[nodiscard]] bool write(const std::string& name, std::string_view sealed) const;

    std::string directory_;
    std::uint64_t most_bytes_;
    std::shared_ptr<const store::Vault> vault_;
    int folder_ = -1;         ///< locked while we live
    std::uint64_t used_ = 0;  ///< at most: the server takes files away without telling
    std::int64_t last_ms_ = 0;
    std::uint32_t in_this_ms_ = 0;
};

}  // namespace webhooks::fallback
