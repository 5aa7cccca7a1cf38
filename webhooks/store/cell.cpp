#include "webhooks/store/cell.hpp"

namespace webhooks::store {

namespace {

constexpr std::size_t kLengthBytes = 4;

void append_length(std::string& out, std::size_t length) {
    for (std::size_t i = 0; i < kLengthBytes; ++i) out += static_cast<char>((length >> (8 * i)) & 0xffU);
}

std::size_t read_length(std::string_view in) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        length |= static_cast<std::size_t>(static_cast<unsigned char>(in[i])) << (8 * i);
    }
    return length;
}

}  // namespace

std::string seal_fields(const Vault& vault, const Place& place, std::span<const std::string_view> fields) {
    std::size_t size = 0;
    for (const std::string_view field : fields) size += kLengthBytes + field.size();
    std::string clear;
    clear.reserve(size);
    for (const std::string_view field : fields) {
        append_length(clear, field.size());
        clear += field;
    }
    return vault.seal(clear, place);
}

std::optional<Fields> open_fields(const Vault& vault, const Place& place, std::string_view cell) {
    const auto clear = vault.open(cell, place);
    if (!clear) return std::nullopt;
    std::vector<std::string> values;
    std::string_view rest = *clear;
    while (rest.size() >= kLengthBytes) {
        const std::size_t length = read_length(rest);
        rest.remove_prefix(kLengthBytes);
        if (length > rest.size()) return std::nullopt;
        values.emplace_back(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    return Fields(std::move(values));
}

}  // namespace webhooks::store
