#pragma once
#include <boost/system/result.hpp>

#include "webhooks/staff/call.hpp"
#include "webhooks/staff/throttle.hpp"

namespace webhooks::staff {

inline constexpr std::size_t kLongestPassword = 1'024;

/// What every way of signing in ends in, a session with its cookie; and what one's own account is changed by.
/// Passwords are hashed on one thread of its own, a few at a time: whoever comes beyond that is told to try
/// again. Net thread only.
class Doorkeeper {
public:
    explicit Doorkeeper(const Parts& parts) : parts_(parts) {}
    ~Doorkeeper() { hashing_.join(); }

    /// Asked inside the transaction: may this account, as it is now, come in? Marks what is good only once.
    using Proof = std::function<bool(store::StoreTx&, store::AccountRow& current)>;
    struct Opened {
        Caller caller;
        std::string cookie;
    };
    /// @param how  for the audit log · @return the session, or the refusal: 401 for whatever reason, 503
    asio::awaitable<boost::system::result<Opened, http::Response>> open_session(store::AccountRow account,
                                                                                const Call& call,
                                                                                std::string_view how,
                                                                                Proof proof);
    /// The same, answered as a page asks for it: who is signed in, with the cookie.
    asio::awaitable<http::Response> begin_session(store::AccountRow account, const Call& call,
                                                  std::string_view how, Proof proof);
    /// @param cookie  to be set; empty: none
    asio::awaitable<http::Response> show_me(Caller caller, std::string cookie);

    /// @return nothing when too much waits there
    asio::awaitable<std::optional<bool>> password_is(std::string password, store::AccountRow account);
    asio::awaitable<std::optional<std::string>> hashed(std::string password);

    asio::awaitable<std::optional<store::AccountRow>> own_account(const Call& call);
    /// A session is enough to look, not to change what it was opened with. Guesses count as at the sign-in.
    asio::awaitable<boost::system::result<store::AccountRow, http::Response>> proven_account(
        const Call& call, std::string password);

    /// Failed attempts of every way of signing in.
    [[nodiscard]] std::optional<http::Response> held_back(const std::string& who, const Call& call) const;
    void failed(const std::string& who, const Call& call);
    void succeeded(const std::string& who, const Call& call);

    /// What takes the cookie away, or sets it, as this server's address asks for it.
    [[nodiscard]] std::string cookie_header(const std::string& value, std::chrono::seconds lasts) const;

private:
    template <class T>
    asio::awaitable<std::optional<T>> hash(std::function<T()> work);
    [[nodiscard]] nlohmann::json me_view(const Caller& caller, std::vector<std::string> staff) const;

    const Parts& parts_;
    Throttle throttle_;
    asio::thread_pool hashing_{1};
    int waiting_ = 0;
};

[[nodiscard]] http::Response wrong_sign_in();
/// To a token, where only an account has what is asked for.
[[nodiscard]] http::Response no_account();
/// For what somebody does with an account while signing in, or with their own.
void audit_account(store::StoreTx& tx, const std::string& who, std::string_view what, std::string detail,
                   const std::string& address);

}  // namespace webhooks::staff
