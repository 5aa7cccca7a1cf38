#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// Who is on call: shifts, who stands in, gaps, a test page. Net thread only.
class OnCallApi {
public:
    explicit OnCallApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> show(const Call& call);
    asio::awaitable<http::Response> override_shift(const Call& call);
    asio::awaitable<http::Response> remove_override(const Call& call);
    asio::awaitable<http::Response> test_page(const Call& call);

    const Parts& parts_;
};

}  // namespace webhooks::staff
