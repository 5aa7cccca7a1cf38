#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// What staff are to do for whom, and when: calls that texters asked for, missed visits. Net thread only.
class TaskApi {
public:
    explicit TaskApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> open_ones(const Call& call);
    asio::awaitable<http::Response> end(const Call& call);

    const Parts& parts_;
};

}  // namespace webhooks::staff
