#include "webhooks/staff/roles.hpp"

#include <array>

namespace webhooks::staff {

namespace {

using P = Permission;

constexpr std::size_t kPermissions = static_cast<std::size_t>(Permission::count_);
constexpr std::array<std::string_view, kPermissions> kPermissionWords{
    "read_conversations", "act",          "take_over",     "reveal_numbers",
    "read_ledger",        "export",       "erase",         "read_oncall",
    "manage_oncall",      "read_flows",   "read_numbers",  "write_saved_replies",
    "read_staff",         "manage_staff", "manage_tokens", "manage_hooks",
    "read_audit"};
constexpr std::size_t kRoles = static_cast<std::size_t>(Role::count_);
constexpr std::array<std::string_view, kRoles> kRoleWords{"counsellor", "supervisor", "administrator",
                                                          "auditor"};

constexpr Permissions set_of(std::initializer_list<Permission> list) {
    Permissions set;
    for (const Permission one : list) set.add(one);
    return set;
}

constexpr std::array<Permissions, kRoles> kMay{
    set_of({P::read_conversations, P::act, P::reveal_numbers, P::read_ledger, P::read_oncall, P::read_flows,
            P::read_numbers}),
    set_of({P::read_conversations, P::act, P::take_over, P::reveal_numbers, P::read_ledger, P::export_contact,
            P::erase, P::read_oncall, P::manage_oncall, P::read_flows, P::read_numbers,
            P::write_saved_replies, P::read_staff}),
    set_of({P::read_oncall, P::manage_oncall, P::read_flows, P::read_numbers, P::read_staff, P::manage_staff,
            P::manage_tokens, P::manage_hooks, P::read_audit}),
    set_of({P::read_ledger, P::read_oncall, P::read_flows, P::read_numbers, P::read_staff, P::read_audit}),
};

template <class Enum, std::size_t N>
std::optional<Enum> find_word(const std::array<std::string_view, N>& words, std::string_view word) noexcept {
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == word) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::string_view to_string(Permission permission) noexcept {
    return kPermissionWords[static_cast<std::size_t>(permission)];
}

std::optional<Permission> parse_permission(std::string_view word) noexcept {
    return find_word<Permission>(kPermissionWords, word);
}

std::vector<std::string_view> Permissions::words() const {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < kPermissions; ++i)
        if (has(static_cast<Permission>(i))) words.push_back(kPermissionWords[i]);
    return words;
}

std::string_view to_string(Role role) noexcept { return kRoleWords[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view word) noexcept { return find_word<Role>(kRoleWords, word); }

std::vector<std::string_view> role_words(std::uint32_t roles) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < kRoles; ++i)
        if ((roles >> i & 1U) != 0) words.push_back(kRoleWords[i]);
    return words;
}

Permissions permissions_of(std::uint32_t roles) noexcept {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < kRoles; ++i)
        if ((roles >> i & 1U) != 0) bits |= kMay[i].bits();
    return Permissions(bits);
}

}  // namespace webhooks::staff
