#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace webhooks::staff {

/// What an account or an API token may do; the words of the API. Their bits are in the store: only ever added
/// at the end.
enum class Permission : std::uint8_t {
    read_conversations,
    act,
    take_over,
    reveal_numbers,
    read_ledger,
    export_contact,
    erase,
    read_oncall,
    manage_oncall,
    read_flows,
    read_numbers,
    write_saved_replies,
    read_staff,
    manage_staff,
    manage_tokens,
    manage_hooks,
    read_audit,
    count_
};
[[nodiscard]] std::string_view to_string(Permission permission) noexcept;
[[nodiscard]] std::optional<Permission> parse_permission(std::string_view word) noexcept;

/// A set of permissions.
class Permissions {
public:
    constexpr Permissions() = default;
    explicit constexpr Permissions(std::uint32_t bits) : bits_(bits) {}
    [[nodiscard]] constexpr bool has(Permission permission) const noexcept {
        return (bits_ >> static_cast<unsigned>(permission) & 1U) != 0;
    }
    constexpr void add(Permission permission) noexcept { bits_ |= 1U << static_cast<unsigned>(permission); }
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }
    [[nodiscard]] std::vector<std::string_view> words() const;

private:
    std::uint32_t bits_ = 0;
};

/// counsellor: works with texters. supervisor: that, and takes over, exports, erases, plans who is on call.
/// administrator: accounts, tokens, webhooks, and reads no conversation. auditor: looks at the audit log, the
/// ledger and the figures. An account may have several. Their bits are in the store.
enum class Role : std::uint8_t { counsellor, supervisor, administrator, auditor, count_ };
[[nodiscard]] std::string_view to_string(Role role) noexcept;
[[nodiscard]] std::optional<Role> parse_role(std::string_view word) noexcept;
[[nodiscard]] constexpr std::uint32_t bit_of(Role role) noexcept { return 1U << static_cast<unsigned>(role); }
[[nodiscard]] std::vector<std::string_view> role_words(std::uint32_t roles);
/// What these roles may do together.
[[nodiscard]] Permissions permissions_of(std::uint32_t roles) noexcept;

}  // namespace webhooks::staff
