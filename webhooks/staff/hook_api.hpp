#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// The webhooks that other systems get: which there are, what was sent, and once more. Those of handrail.toml
/// are shown as they stand there; administrators add, change and remove others (oncall/managed_webhooks.hpp).
/// Net thread only.
class HookApi {
public:
    explicit HookApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> hooks(const Call& call);
    asio::awaitable<http::Response> add_hook(const Call& call);
    asio::awaitable<http::Response> change(const Call& call);
    asio::awaitable<http::Response> remove(const Call& call);
    asio::awaitable<http::Response> rotate(const Call& call);
    asio::awaitable<http::Response> deliveries(const Call& call);
    asio::awaitable<http::Response> resend(const Call& call);
    asio::awaitable<http::Response> test(const Call& call);

    /// What its deliveries go by: a configured name or a managed one; nothing when there is no such hook.
    [[nodiscard]] std::optional<std::string> endpoint_of(store::StoreReader& reader, std::int64_t id) const;
    [[nodiscard]] const oncall::WebhookSettings& settings() const { return parts_.line->roster.webhooks; }

    const Parts& parts_;
};

}  // namespace webhooks::staff
