#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// The webhooks that other systems get: which there are, what was sent, and once more. They are configured in
/// handrail.toml; there is no address here for anybody to point elsewhere. Net thread only.
class HookApi {
public:
    explicit HookApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> hooks(const Call& call);
    asio::awaitable<http::Response> deliveries(const Call& call);
    asio::awaitable<http::Response> resend(const Call& call);
    asio::awaitable<http::Response> test(const Call& call);

    const Parts& parts_;
};

}  // namespace webhooks::staff
