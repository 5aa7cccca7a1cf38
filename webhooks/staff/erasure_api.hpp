#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// The right to be forgotten, by two people: one asks, another one confirms. Net thread only.
class ErasureApi {
public:
    explicit ErasureApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> ask(const Call& call);
    asio::awaitable<http::Response> list(const Call& call);
    asio::awaitable<http::Response> confirm(const Call& call);
    asio::awaitable<http::Response> turn_down(const Call& call);
    asio::awaitable<http::Response> decide(const Call& call, bool confirmed);

    const Parts& parts_;
};

}  // namespace webhooks::staff
