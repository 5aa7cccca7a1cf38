#pragma once
#include <span>
#include <string_view>

namespace webhooks::store::sqlite {

/// One numbered step of the schema, embedded from `migrations/sqlite/NNNN_*.sql` by CMake.
struct Migration {
    int number = 0;  ///< becomes PRAGMA user_version
    std::string_view name;
    const char* sql = nullptr;
};

/// All of them, in order, from 1 without gaps.
[[nodiscard]] std::span<const Migration> migrations() noexcept;

}  // namespace webhooks::store::sqlite
