#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// Accounts, API tokens, saved replies, erasures asked for, the audit log. Net thread only.
class AdminApi {
public:
    explicit AdminApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> staff(const Call& call);
    asio::awaitable<http::Response> add_staff(const Call& call);
    asio::awaitable<http::Response> change_staff(const Call& call);
    asio::awaitable<http::Response> reset_staff(const Call& call);
    asio::awaitable<http::Response> tokens(const Call& call);
    asio::awaitable<http::Response> add_token(const Call& call);
    asio::awaitable<http::Response> revoke_token(const Call& call);
    asio::awaitable<http::Response> audit(const Call& call);
    asio::awaitable<http::Response> saved_replies(const Call& call);
    asio::awaitable<http::Response> add_saved_reply(const Call& call);
    asio::awaitable<http::Response> change_saved_reply(const Call& call);
    asio::awaitable<http::Response> remove_saved_reply(const Call& call);

    [[nodiscard]] nlohmann::json link_view(const std::string& name, const std::string& link,
                                           bot::TimePoint now) const;

    const Parts& parts_;
};

}  // namespace webhooks::staff
