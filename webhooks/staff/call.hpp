#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/form.hpp"
#include "webhooks/http/message.hpp"
#include "webhooks/http/peer.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/inbound/media_fetch.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/staff/actions.hpp"
#include "webhooks/staff/event_hub.hpp"
#include "webhooks/staff/oidc_settings.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

namespace asio = boost::asio;

/// A key of another system, written in the configuration. Only its SHA-256 is kept.
struct ApiToken {
    std::string name;
    std::string sha256_hex;
    bool sees_numbers = false;  ///< false: numbers come masked to the last two digits
};

/// What the API stands on; everything outlives it.
struct Parts {
    asio::any_io_executor executor;
    store::Store& store;
    EventHub& events;
    std::shared_ptr<const inbound::Line> line;
    inbound::MediaFetch& media;
    std::vector<ApiToken> tokens;
    std::function<void()> committed;  ///< something may be owed to the outside world
    std::string public_url;           ///< where one-time links lead
    std::vector<std::string> trusted_proxies;
    bool demo = false;
    std::optional<OidcSettings> oidc;  ///< nothing: no identity provider
    net::CurlClient& curl;
};

/// Who asks.
struct Caller {
    Actor actor;
    bool sees_numbers = false;
    std::string session;  ///< SHA-256 of the cookie; empty: an API token
    std::optional<store::AccountId> account;
    std::uint32_t roles = 0;
    bool second_factor = false;
    bot::TimePoint ends_at{}, idle_ends_at{};
};

/// One request that may be answered: its route fits, and its caller may do this.
struct Call {
    const http::Request& request;
    Caller caller;
    std::vector<std::string> ids;  ///< what stands for the {} of the route's path
    http::Form query;
    nlohmann::json body;  ///< an object; empty for GET
    std::string address;  ///< of the browser

    /// The first {} as the id of a row; nothing when it is none.
    [[nodiscard]] std::optional<std::int64_t> id() const;
};

using Handler = std::function<asio::awaitable<http::Response>(const Call&)>;

/// One line of the table that says who may do what.
struct Route {
    std::string method;
    std::string path;                 ///< "/api/v1/conversations/{}/take"
    std::optional<Permission> needs;  ///< nothing: whoever is signed in
    bool open = false;                ///< needs no sign-in
    Handler handler;
};
using Routes = std::vector<Route>;

// ---- answers

[[nodiscard]] std::optional<std::int64_t> as_number(std::string_view text);
[[nodiscard]] http::Response answer(int status, const nlohmann::json& body);
[[nodiscard]] http::Response done();  ///< 204
[[nodiscard]] http::Response refuse(const Refusal& refusal);
/// @param code  stable, for programs
[[nodiscard]] http::Response refuse(int status, std::string_view code, std::string_view detail);
[[nodiscard]] http::Response store_down();
[[nodiscard]] http::Response not_found();

/// `?limit=` (1-200, default 50) and `?before=`, or the problem with them.
struct Page {
    std::size_t limit = 50;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
};
[[nodiscard]] boost::system::result<Page, http::Response> page_of(const Call& call);

template <class Rows, class Render>
http::Response list_of(const Rows& rows, Render render_one) {
    nlohmann::json items = nlohmann::json::array();
    for (const auto& row : rows) items.push_back(render_one(row));
    return answer(200, {{"items", std::move(items)}});
}

// ---- the store, awaited

/// @return nothing when the store cannot answer now
template <class T>
asio::awaitable<std::optional<T>> read_from(store::Store& store, std::function<T(store::StoreReader&)> look) {
    auto seen = std::make_shared<std::optional<T>>();
    store::Store::ReadJob job = [seen, look](store::StoreReader& reader) -> boost::system::error_code {
        seen->emplace(look(reader));
        return {};
    };
    auto [failed] = co_await store.async_read(std::move(job), net::as_result);
    if (failed) co_return std::nullopt;
    co_return std::move(*seen);
}

template <class T>
asio::awaitable<std::optional<T>> write_to(const Parts& parts, std::function<T(store::StoreTx&)> work) {
    auto done = std::make_shared<std::optional<T>>();
    store::Store::Job job = [done, work](store::StoreTx& tx) -> boost::system::error_code {
        done->emplace(work(tx));
        return {};
    };
    auto [failed] = co_await parts.store.async_transact(std::move(job), net::as_result);
    if (failed) co_return std::nullopt;
    parts.committed();
    co_return std::move(*done);
}

}  // namespace webhooks::staff
