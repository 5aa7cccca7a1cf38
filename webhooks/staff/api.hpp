#pragma once
#include "webhooks/http/router.hpp"
#include "webhooks/staff/action_api.hpp"
#include "webhooks/staff/admin_api.hpp"
#include "webhooks/staff/call.hpp"
#include "webhooks/staff/conversation_api.hpp"
#include "webhooks/staff/erasure_api.hpp"
#include "webhooks/staff/gatekeeper.hpp"
#include "webhooks/staff/hook_api.hpp"
#include "webhooks/staff/line_api.hpp"
#include "webhooks/staff/media_api.hpp"
#include "webhooks/staff/oidc_api.hpp"
#include "webhooks/staff/oncall_api.hpp"
#include "webhooks/staff/passkey_api.hpp"
#include "webhooks/staff/search_api.hpp"
#include "webhooks/staff/session_api.hpp"
#include "webhooks/staff/task_api.hpp"

namespace webhooks::staff {

/// The API under /api/v1, described by assets/openapi.json: everything the dashboard does, and what other
/// systems may. One table says which permission each route needs, and it is asked before anything else is
/// looked at. Net thread only.
class Api {
public:
    explicit Api(Parts parts);

    void add(http::Router& router);
    [[nodiscard]] const Routes& routes() const noexcept { return routes_; }

private:
    asio::awaitable<http::Response> answer(const http::Request& request);
    [[nodiscard]] const Route* find(std::string_view method, std::string_view path,
                                    std::vector<std::string>& ids) const;
    [[nodiscard]] http::Response unknown(std::string_view path) const;

    Parts parts_;
    Gatekeeper gatekeeper_{parts_};
    Doorkeeper door_{parts_};
    SessionApi session_{parts_, door_};
    PasskeyApi passkeys_{parts_, door_};
    OidcApi oidc_{parts_, door_};
    ConversationApi conversations_{parts_};
    ActionApi actions_{parts_, conversations_};
    ErasureApi erasures_{parts_};
    MediaApi media_{parts_};
    LineApi line_{parts_};
    OnCallApi oncall_{parts_};
    TaskApi tasks_{parts_};
    SearchApi search_{parts_};
    HookApi hooks_{parts_};
    AdminApi admin_{parts_};
    Routes routes_;
};

}  // namespace webhooks::staff
