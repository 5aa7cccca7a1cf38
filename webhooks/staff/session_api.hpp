#pragma once
#include "webhooks/staff/doorkeeper.hpp"

namespace webhooks::staff {

/// Signing in and out by name and password, the password and the second factor. Net thread only.
class SessionApi {
public:
    SessionApi(const Parts& parts, Doorkeeper& door) : parts_(parts), door_(door) {}

    void add(Routes& routes);

private:
    asio::awaitable<http::Response> ways(const Call& call);
    asio::awaitable<http::Response> sign_in(const Call& call);
    asio::awaitable<http::Response> sign_in_demo(const Call& call);
    asio::awaitable<http::Response> sign_out(const Call& call);
    asio::awaitable<http::Response> welcome(const Call& call);
    asio::awaitable<http::Response> me(const Call& call);
    asio::awaitable<http::Response> change_password(const Call& call);
    asio::awaitable<http::Response> begin_second_factor(const Call& call);
    asio::awaitable<http::Response> confirm_second_factor(const Call& call);
    asio::awaitable<http::Response> remove_second_factor(const Call& call);

    asio::awaitable<http::Response> save(store::AccountRow account, const Call& call, std::string_view what,
                                         bool end_others);

    const Parts& parts_;
    Doorkeeper& door_;
};

/// Makes the accounts of a demo if they are not there: no password, every role; they sign in by a button.
void add_demo_accounts(store::StoreTx& tx, const std::vector<std::string>& names, bot::TimePoint now);

/// A fresh one-time link for an account: its password, code, passkeys and sessions are gone. Saves it.
/// @return what the link carries after "#welcome="
[[nodiscard]] std::string give_link(store::StoreTx& tx, store::AccountRow account, bot::TimePoint now);
inline constexpr std::chrono::hours kLinkLasts{24};

/// Shown to texters, so: 1 to 12 letters of any script, blanks, dots, hyphens and apostrophes inside.
[[nodiscard]] bool is_staff_name(std::string_view name);

}  // namespace webhooks::staff
