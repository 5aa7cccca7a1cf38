#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// What texters have sent with an MMS. It is fetched from the gateway at the moment somebody asks for it,
/// goes through this process to their browser, and is kept nowhere; who asked is in the audit log. Net thread
/// only.
class MediaApi {
public:
    explicit MediaApi(const Parts& parts) : parts_(parts) {}

    void add(Routes& routes);

private:
    asio::awaitable<http::Response> show(const Call& call);

    const Parts& parts_;
};

}  // namespace webhooks::staff
