#pragma once
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/store/vault.hpp"

namespace webhooks::store {

/// Where a sealed cell belongs, "table.column/rowid", without an allocation.
class Place {
public:
    /// @param column  "table.column", at most 40 characters
    Place(std::string_view column, std::int64_t row) {
        std::memcpy(text_.data(), column.data(), column.size());
        text_[column.size()] = '/';
        const auto end =
            std::to_chars(text_.data() + column.size() + 1, text_.data() + text_.size(), row).ptr;
        size_ = static_cast<std::size_t>(end - text_.data());
    }
    operator std::string_view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 64> text_;
    std::size_t size_;
};

/// The sealed fields of one row in one cell: a row then costs one nonce and one tag, and the lengths of its
/// fields stay hidden. Fields are only ever added at the end.
class Fields {
public:
    Fields() = default;
    explicit Fields(std::vector<std::string> values) : values_(std::move(values)) {}

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    /// Takes a field out; empty when the row was written before that field existed.
    [[nodiscard]] std::string take(std::size_t index) {
        return index < values_.size() ? std::move(values_[index]) : std::string{};
    }

private:
    std::vector<std::string> values_;
};

[[nodiscard]] std::string seal_fields(const Vault& vault, const Place& place,
                                      std::span<const std::string_view> fields);
/// nullopt when the cell was changed, moved or sealed by another key.
[[nodiscard]] std::optional<Fields> open_fields(const Vault& vault, const Place& place,
                                                std::string_view cell);

}  // namespace webhooks::store
