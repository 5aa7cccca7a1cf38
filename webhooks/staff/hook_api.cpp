#include "webhooks/staff/hook_api.hpp"

#include "bot/json_text.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::StoreTx;

void write_audit(StoreTx& tx, const Actor& who, std::string_view what, std::string detail) {
    tx.staff().add_audit(
        {0, std::nullopt, who.name, std::string(what), std::move(detail), who.address, net::now()});
}

/// Hooks count from 1 in the order of the configuration.
const oncall::Endpoint* endpoint_of(const Parts& parts, const std::optional<std::int64_t>& id) {
    const auto& all = parts.line->roster.endpoints;
    const bool known = id && *id >= 1 && static_cast<std::size_t>(*id) <= all.size();
    return known ? &all[static_cast<std::size_t>(*id) - 1] : nullptr;
}

json render_delivery(const store::DeliveryRow& row, std::int64_t hook) {
    return {{"id", row.id},           {"hook", hook},
            {"event", row.event},     {"key", row.key},
            {"state", row.state},     {"attempts", row.attempts},
            {"at", iso_time(row.at)}, {"updated_at", iso_time(row.updated_at)}};
}

}  // namespace

void HookApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (HookApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, Permission::manage_hooks, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/hooks", &HookApi::hooks);
    route("GET", "/hooks/{}/deliveries", &HookApi::deliveries);
    route("POST", "/hooks/{}/test", &HookApi::test);
    route("POST", "/deliveries/{}/resend", &HookApi::resend);
}

asio::awaitable<Response> HookApi::hooks(const Call&) {
    const auto& all = parts_.line->roster.endpoints;
    using Owed = std::vector<std::int64_t>;
    const std::function<Owed(store::StoreReader&)> look = [&all](store::StoreReader& reader) {
        Owed owed;
        for (const oncall::Endpoint& one : all) owed.push_back(reader.staff().deliveries_owed(one.name));
        return owed;
    };
    const auto owed = co_await read_from<Owed>(parts_.store, look);
    if (!owed) co_return store_down();
    json items = json::array();
    for (std::size_t i = 0; i < all.size(); ++i)
        items.push_back({{"id", i + 1},
                         {"name", all[i].name},
                         {"url", all[i].url},
                         {"events", all[i].events},
                         {"owed", (*owed)[i]}});
    co_return answer(200, {{"items", std::move(items)}});
}

asio::awaitable<Response> HookApi::deliveries(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const auto id = call.id();
    const oncall::Endpoint* endpoint = endpoint_of(parts_, id);
    if (endpoint == nullptr) co_return not_found();
    using Rows = std::vector<store::DeliveryRow>;
    const std::function<Rows(store::StoreReader&)> look = [name = endpoint->name,
                                                           p = *page](store::StoreReader& reader) {
        return reader.staff().deliveries(name, p.limit, p.before);
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [&](const store::DeliveryRow& row) { return render_delivery(row, *id); });
}

asio::awaitable<Response> HookApi::resend(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<bool(StoreTx&)> work = [id = *id, who = call.caller.actor](StoreTx& tx) {
        if (!tx.staff().resend(id, net::now())) return false;
        write_audit(tx, who, "webhook_sent_again", std::to_string(id));
        return true;
    };
    const auto again = co_await write_to<bool>(parts_, work);
    if (!again) co_return store_down();
    co_return *again ? done() : not_found();
}

asio::awaitable<Response> HookApi::test(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const oncall::Endpoint* endpoint = endpoint_of(parts_, call.id());
    if (endpoint == nullptr) co_return not_found();
    const bot::TimePoint now = net::now();
    const std::string key = "test-" + std::to_string(bot::to_millis(now));
    const std::string payload = bot::json_text(
        {{"type", "test"}, {"timestamp", iso_time(now)}, {"data", {{"by", call.caller.actor.name}}}});
    const std::function<bool(StoreTx&)> work = [=, name = endpoint->name,
                                                who = call.caller.actor](StoreTx& tx) {
        tx.enqueue_hook({name, "test", key, payload, now});
        write_audit(tx, who, "webhook_tested", name);
        return true;
    };
    const auto queued = co_await write_to<bool>(parts_, work);
    if (!queued) co_return store_down();
    co_return answer(202, {{"key", key}});
}

}  // namespace webhooks::staff
