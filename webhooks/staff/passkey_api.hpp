#pragma once
#include "webhooks/staff/challenges.hpp"
#include "webhooks/staff/doorkeeper.hpp"
#include "webhooks/staff/passkey.hpp"

namespace webhooks::staff {

/// Passkeys: made and removed by their owner, signed in with in place of name, password and code. Net thread
/// only.
class PasskeyApi {
public:
    PasskeyApi(const Parts& parts, Doorkeeper& door);

    void add(Routes& routes);

private:
    asio::awaitable<http::Response> list(const Call& call);
    asio::awaitable<http::Response> begin(const Call& call);
    asio::awaitable<http::Response> make(const Call& call);
    asio::awaitable<http::Response> remove(const Call& call);
    asio::awaitable<http::Response> begin_sign_in(const Call& call);
    asio::awaitable<http::Response> sign_in(const Call& call);

    asio::awaitable<std::optional<std::vector<store::PasskeyRow>>> passkeys_of(store::AccountId account);
    struct Owned {
        std::optional<store::PasskeyRow> passkey;
        std::optional<store::AccountRow> account;  ///< its owner's
    };
    asio::awaitable<std::optional<Owned>> find(std::string credential);
    [[nodiscard]] boost::system::result<std::uint32_t, std::string> judge(const Owned& found,
                                                                          const PasskeyAnswer& brought);
    [[nodiscard]] http::Response options_for(const store::AccountRow& account, const Call& call,
                                             const std::vector<store::PasskeyRow>& known) const;
    asio::awaitable<http::Response> keep(store::PasskeyRow row, const Call& call);
    asio::awaitable<http::Response> refuse_sign_in(const Call& call, std::string who, std::string throttled,
                                                   std::string why);

    const Parts& parts_;
    Doorkeeper& door_;
    const std::optional<RelyingParty> party_;
    Challenges challenges_;
};

}  // namespace webhooks::staff
