#pragma once
#include <string>
#include <vector>

#include "webhooks/http/router.hpp"
#include "webhooks/staff/event_hub.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// A key for another system or a dashboard. Only its SHA-256 is kept.
struct ApiToken {
    std::string name;
    std::string sha256_hex;
    bool sees_numbers = false;  ///< false: numbers come masked to the last two digits
};

/// The read API under /api/v1: conversations, escalations, consent ledger, outbox, live events. JSON; bearer
/// tokens. Lists are newest first, `?limit=` (1-200, default 50) and `?before=ID`. Net thread only.
class Api {
public:
    Api(store::Store& store, EventHub& events, std::vector<ApiToken> tokens);

    void add(http::Router& router);

private:
    using Read = asio::awaitable<http::Response> (Api::*)(const http::Request&, const ApiToken&);
    void add_read(http::Router& router, std::string path, Read read);
    [[nodiscard]] const ApiToken* authorize(const http::Request& request) const;

    asio::awaitable<http::Response> conversations(const http::Request& request, const ApiToken& token);
    asio::awaitable<http::Response> conversation(const http::Request& request, const ApiToken& token);
    asio::awaitable<http::Response> escalations(const http::Request& request, const ApiToken& token);
    asio::awaitable<http::Response> outbox(const http::Request& request, const ApiToken& token);
    asio::awaitable<http::Response> events(const http::Request& request, const ApiToken& token);

    store::Store& store_;
    EventHub& events_;
    std::vector<ApiToken> tokens_;
};

}  // namespace webhooks::staff
