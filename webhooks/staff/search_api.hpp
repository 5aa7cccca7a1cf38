#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// Looks for words in what texters wrote and in what was heard in it. The store is sealed, so that texts are
/// opened one by one, from the latest on: 5,000 of them, 30 days and a quarter of a second at most, and the
/// answer says how far it came. Posted, so that the words stand in no address; each search is in the audit
/// log, without its words. Net thread only, but for what a read job does.
class SearchApi {
public:
    explicit SearchApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> search(const Call& call);

    const Parts& parts_;
};

}  // namespace webhooks::staff
