#include "webhooks/staff/hook_api.hpp"

#include <algorithm>

#include "bot/json_text.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/managed_webhooks.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/hook_fields.hpp"
#include "webhooks/staff/rendering.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::StoreTx;
using store::WebhookRow;
using store::WebhookState;

constexpr std::size_t kMostWebhooks = 50;

json render_delivery(const store::DeliveryRow& row, std::int64_t hook) {
    return {{"id", row.id},
            {"hook", hook},
            {"event", row.event},
            {"key", row.key},
            {"state", row.state},
            {"outcome", row.outcome},
            {"attempts", row.attempts},
            {"at", iso_time(row.at)},
            {"updated_at", iso_time(row.updated_at)}};
}

struct Shown {
    WebhookRow row;
    std::int64_t owed = 0;
};

json render(const Shown& shown) {
    const WebhookRow& row = shown.row;
    const bot::TimePoint now = net::now();
    constexpr std::string_view kStates[]{"on", "off", "given_up"};
    const auto old = row.old_until && now < *row.old_until ? row.old_until : std::nullopt;
    return {{"id", row.id},
            {"name", row.name},
            {"url", row.url},
            {"events", row.events},
            {"owed", shown.owed},
            {"from_config", false},
            {"state", kStates[static_cast<std::size_t>(row.state)]},
            {"failing_since", iso_time(row.failing_since)},
            {"old_secret_until", iso_time(old)},
            {"created_by", row.created_by},
            {"created_at", iso_time(row.created_at)}};
}

json render(const oncall::Endpoint& one, std::size_t id, std::int64_t owed) {
    return {{"id", id},
            {"name", one.name},
            {"url", one.url},
            {"events", one.events},
            {"owed", owed},
            {"from_config", true},
            {"state", "on"},
            {"failing_since", nullptr},
            {"old_secret_until", nullptr},
            {"created_by", ""},
            {"created_at", nullptr}};
}

bool name_is_free(StoreTx& tx, const oncall::Roster& roster, const WebhookRow& row) {
    const auto is_other = [&](const auto& one) { return one.name == row.name; };
    const auto managed = tx.staff().webhooks();
    return std::none_of(roster.endpoints.begin(), roster.endpoints.end(), is_other) &&
           std::none_of(managed.begin(), managed.end(),
                        [&](const WebhookRow& one) { return one.id != row.id && one.name == row.name; });
}

Refusal name_taken() { return {409, "name_taken", "There is a webhook of that name.", {}, {}, {}}; }
Refusal no_such() { return {404, "not_found", "There is no such managed webhook.", {}, {}, {}}; }

}  // namespace

void HookApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (HookApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, Permission::manage_hooks, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/hooks", &HookApi::hooks);
    route("POST", "/hooks", &HookApi::add_hook);
    route("POST", "/hooks/{}", &HookApi::change);
    route("POST", "/hooks/{}/remove", &HookApi::remove);
    route("POST", "/hooks/{}/rotate", &HookApi::rotate);
    route("GET", "/hooks/{}/deliveries", &HookApi::deliveries);
    route("POST", "/hooks/{}/test", &HookApi::test);
    route("POST", "/deliveries/{}/resend", &HookApi::resend);
}

/// Those of the configuration count from 1, in its order.
std::optional<std::string> HookApi::endpoint_of(store::StoreReader& reader, std::int64_t id) const {
    const auto& all = parts_.line->roster.endpoints;
    if (id >= store::kFirstWebhook)
        return reader.staff().webhook(id) ? std::optional(store::endpoint_of_webhook(id)) : std::nullopt;
    const bool known = id >= 1 && static_cast<std::size_t>(id) <= all.size();
    return known ? std::optional(all[static_cast<std::size_t>(id) - 1].name) : std::nullopt;
}

asio::awaitable<Response> HookApi::hooks(const Call&) {
    const auto& configured = parts_.line->roster.endpoints;
    const std::function<json(store::StoreReader&)> look = [&configured](store::StoreReader& reader) {
        json items = json::array();
        for (const oncall::Endpoint& one : configured)
            items.push_back(render(one, items.size() + 1, reader.staff().deliveries_owed(one.name)));
        for (const WebhookRow& row : reader.staff().webhooks())
            items.push_back(
                render(Shown{row, reader.staff().deliveries_owed(store::endpoint_of_webhook(row.id))}));
        return items;
    };
    auto items = co_await read_from<json>(parts_.store, look);
    if (!items) co_return store_down();
    const auto types = oncall::event_types();
    co_return answer(200, {{"items", std::move(*items)},
                           {"event_types", std::vector<std::string_view>(types.begin(), types.end())}});
}

asio::awaitable<Response> HookApi::add_hook(const Call& call) {
    Fields fields(call.body);
    WebhookRow row;
    row.name = fields.text("name", 1, 64);
    row.url = webhook_url(fields, fields.text("url", 1, 2'000), settings());
    row.events = webhook_events(fields).value_or(std::set<std::string>{});
    if (auto problem = fields.problem()) co_return std::move(*problem);
    row.secret = fresh_webhook_secret();
    row.created_by = call.caller.actor.name;
    row.created_at = net::now();
    using Result = Outcome<WebhookRow>;
    const std::function<Result(StoreTx&)> work = [row, &roster = parts_.line->roster,
                                                  who = call.caller.actor](StoreTx& tx) -> Result {
        if (tx.staff().webhooks().size() >= kMostWebhooks)
            return Refusal{409, "too_many", "50 webhooks at most: remove one.", {}, {}, {}};
        if (!name_is_free(tx, roster, row)) return name_taken();
        WebhookRow made = row;
        made.id = tx.staff().add_webhook(row);
        write_audit(tx, who, "webhook_made", made.name + " " + made.url);
        return made;
    };
    const auto made = co_await write_to<Result>(parts_, work);
    if (!made) co_return store_down();
    if (!*made) co_return refuse(made->error());
    co_return answer(201, {{"secret", row.secret}, {"about", render(Shown{**made, 0})}});
}

asio::awaitable<Response> HookApi::change(const Call& call) {
    Fields fields(call.body);
    const auto name = fields.maybe_text("name", 64);
    auto url = fields.maybe_text("url", 2'000);
    const auto events = webhook_events(fields);
    const auto on = fields.maybe_flag("on");
    if (name && name->empty()) fields.refuse("name", "1 to 64 letters.");
    if (url) url = webhook_url(fields, *url, settings());
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::int64_t id = call.id().value_or(0);
    using Result = Outcome<Shown>;
    const std::function<Result(StoreTx&)> work = [=, &roster = parts_.line->roster,
                                                  who = call.caller.actor](StoreTx& tx) -> Result {
        auto row = tx.staff().webhook(id);
        if (!row) return no_such();
        row->name = name.value_or(row->name);
        row->url = url.value_or(row->url);
        row->events = events.value_or(row->events);
        if (on) row->state = *on ? WebhookState::on : WebhookState::off;
        if (url || on) row->failing_since.reset();
        if (!name_is_free(tx, roster, *row)) return name_taken();
        tx.staff().save_webhook(*row);
        write_audit(tx, who, "webhook_changed", row->name + " " + row->url);
        return Shown{*row, tx.staff().deliveries_owed(store::endpoint_of_webhook(id))};
    };
    const auto changed = co_await write_to<Result>(parts_, work);
    if (!changed) co_return store_down();
    co_return *changed ? answer(200, render(**changed)) : refuse(changed->error());
}

asio::awaitable<Response> HookApi::remove(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::function<bool(StoreTx&)> work = [id = call.id().value_or(0),
                                                who = call.caller.actor](StoreTx& tx) {
        const auto row = tx.staff().webhook(id);
        if (!row) return false;
        tx.staff().drop_deliveries(id, "removed", net::now());
        write_audit(tx, who, "webhook_removed", row->name + " " + row->url);
        return tx.staff().remove_webhook(id);
    };
    const auto removed = co_await write_to<bool>(parts_, work);
    if (!removed) co_return store_down();
    co_return *removed ? done() : refuse(no_such());
}

asio::awaitable<Response> HookApi::rotate(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const std::string secret = fresh_webhook_secret();
    using Result = Outcome<Shown>;
    const std::function<Result(StoreTx&)> work = [id = call.id().value_or(0), secret, now = net::now(),
                                                  keep = settings().old_secret_signs,
                                                  who = call.caller.actor](StoreTx& tx) -> Result {
        auto row = tx.staff().webhook(id);
        if (!row) return no_such();
        row->old_secret = std::exchange(row->secret, secret);
        row->old_until = now + keep;
        tx.staff().save_webhook(*row);
        write_audit(tx, who, "webhook_rotated", row->name);
        return Shown{*row, tx.staff().deliveries_owed(store::endpoint_of_webhook(id))};
    };
    const auto rotated = co_await write_to<Result>(parts_, work);
    if (!rotated) co_return store_down();
    if (!*rotated) co_return refuse(rotated->error());
    co_return answer(200, {{"secret", secret}, {"about", render(**rotated)}});
}

asio::awaitable<Response> HookApi::deliveries(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const std::int64_t id = call.id().value_or(0);
    using Rows = std::optional<std::vector<store::DeliveryRow>>;
    const std::function<Rows(store::StoreReader&)> look = [this, id,
                                                           p = *page](store::StoreReader& reader) -> Rows {
        const auto endpoint = endpoint_of(reader, id);
        if (!endpoint) return std::nullopt;
        return reader.staff().deliveries(*endpoint, p.limit, p.before);
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    if (!*rows) co_return not_found();
    co_return list_of(**rows, [id](const store::DeliveryRow& row) { return render_delivery(row, id); });
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
    const std::int64_t id = call.id().value_or(0);
    using Name = std::optional<std::string>;
    const std::function<Name(store::StoreReader&)> look = [this, id](store::StoreReader& reader) {
        return endpoint_of(reader, id);
    };
    const auto endpoint = co_await read_from<Name>(parts_.store, look);
    if (!endpoint) co_return store_down();
    if (!*endpoint) co_return not_found();
    const bot::TimePoint now = net::now();
    store::NewHook hook{**endpoint, "test", "test-" + std::to_string(bot::to_millis(now)), {}, now, {}};
    if (id >= store::kFirstWebhook) hook.webhook = id;
    hook.payload = bot::json_text(
        {{"type", "test"}, {"timestamp", iso_time(now)}, {"data", {{"by", call.caller.actor.name}}}});
    const std::function<bool(StoreTx&)> work = [hook, who = call.caller.actor](StoreTx& tx) {
        tx.enqueue_hook(hook);
        write_audit(tx, who, "webhook_tested", hook.endpoint);
        return true;
    };
    const auto queued = co_await write_to<bool>(parts_, work);
    if (!queued) co_return store_down();
    co_return answer(202, {{"key", hook.key}});
}

}  // namespace webhooks::staff
