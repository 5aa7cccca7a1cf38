#include "webhooks/staff/plain_cbor.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace webhooks::staff {

namespace {

constexpr std::size_t kDeepest = 4;
enum Major : unsigned { kBytes = 2, kText = 3, kArray = 4, kMap = 5, kTag = 6 };

struct Head {
    unsigned major = 0;
    std::uint64_t value = 0;
};

/// Takes the head of the next item off `rest`.
std::optional<Head> next_head(std::string_view& rest) noexcept {
    if (rest.empty()) return std::nullopt;
    const unsigned first = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    Head head{first >> 5U, first & 0x1fU};
    if (head.value < 24) return head;
    if (head.value > 27) return std::nullopt;  // reserved, or indefinite
    const std::size_t size = std::size_t{1} << (head.value - 24);
    if (rest.size() < size) return std::nullopt;
    head.value = 0;
    for (const char byte : rest.substr(0, size))
        head.value = head.value << 8U | static_cast<unsigned char>(byte);
    rest.remove_prefix(size);
    return head;
}

}  // namespace

bool is_plain_cbor(std::string_view bytes) noexcept {
    std::array<std::uint64_t, kDeepest> missing{};  // items, in each array and map that is open
    std::size_t depth = 0;
    do {
        const auto head = next_head(bytes);
        if (!head || head->major == kTag) return false;
        if (depth > 0) --missing[depth - 1];
        if (head->major == kBytes || head->major == kText) {
            if (head->value > bytes.size()) return false;
            bytes.remove_prefix(static_cast<std::size_t>(head->value));
        } else if (head->major == kArray || head->major == kMap) {
            // An item has a byte at least, so no more is promised than can be there.
            if (head->value > bytes.size() || depth == kDeepest) return false;
            missing[depth++] = head->major == kMap ? 2 * head->value : head->value;
        }
        while (depth > 0 && missing[depth - 1] == 0) --depth;
    } while (depth > 0);
    return bytes.empty();
}

}  // namespace webhooks::staff
