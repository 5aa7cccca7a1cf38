#pragma once
#include <variant>

#include "webhooks/staff/call.hpp"
#include "webhooks/staff/throttle.hpp"

namespace webhooks::staff {

/// Signing in and out, the password and the second factor. Passwords are hashed on one thread of its own, a
/// few at a time: whoever comes beyond that is told to try again. Net thread only.
class SessionApi {
public:
    explicit SessionApi(const Parts& parts) : parts_(parts) {}
    ~SessionApi() { hashing_.join(); }

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

    /// Work for the hashing thread. @return nothing when too much waits there
    template <class T>
    asio::awaitable<std::optional<T>> hash(std::function<T()> work);
    asio::awaitable<std::optional<bool>> password_is(std::string password, store::AccountRow account);
    asio::awaitable<std::optional<store::AccountRow>> own_account(const Call& call);
    asio::awaitable<std::variant<store::AccountRow, http::Response>> proven_account(const Call& call,
                                                                                    std::string password);
    asio::awaitable<http::Response> begin_session(store::AccountRow account, const Call& call,
                                                  std::string_view how);
    asio::awaitable<http::Response> save(store::AccountRow account, const Call& call, std::string_view what,
                                         bool end_others);
    [[nodiscard]] nlohmann::json me_view(const Caller& caller, std::vector<std::string> staff) const;
    asio::awaitable<http::Response> show_me(Caller caller, std::string cookie);

    const Parts& parts_;
    Throttle throttle_;
    asio::thread_pool hashing_{1};
    int waiting_ = 0;
};

/// Makes the accounts of a demo if they are not there: no password, every role; they sign in by a button.
void add_demo_accounts(store::StoreTx& tx, const std::vector<std::string>& names, bot::TimePoint now);

/// A fresh one-time link for an account: its password, code and sessions are gone. Saves it.
/// @return what the link carries after "#welcome="
[[nodiscard]] std::string give_link(store::StoreTx& tx, store::AccountRow account, bot::TimePoint now);
inline constexpr std::chrono::hours kLinkLasts{24};

/// Shown to texters, so: 1 to 12 letters of any script, blanks, dots, hyphens and apostrophes inside.
[[nodiscard]] bool is_staff_name(std::string_view name);

}  // namespace webhooks::staff
