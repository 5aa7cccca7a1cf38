#include "webhooks/staff/api.hpp"

#include "webhooks/http/json_body.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/staff/assets.hpp"

namespace webhooks::staff {

namespace {

using http::Request;
using http::Response;

/// Whether a path is this route's, and what stands for its {}.
bool fits(std::string_view route, std::string_view path, std::vector<std::string>& ids) {
    ids.clear();
    while (!route.empty() && !path.empty()) {
        const std::size_t want = std::min(route.find('/', 1), route.size());
        const std::size_t have = std::min(path.find('/', 1), path.size());
        const std::string_view part = path.substr(0, have);
        if (route.substr(0, want) == "/{}" && part.size() > 1)
            ids.emplace_back(part.substr(1));
        else if (route.substr(0, want) != part)
            return false;
        route.remove_prefix(want);
        path.remove_prefix(have);
    }
    return route.empty() && path.empty();
}

/// Reads what a POST carries. A body of another type could come from a form of another site.
std::optional<Response> read_body(const Request& request, nlohmann::json& out) {
    if (request.body.empty()) return std::nullopt;
    const std::string_view type = request.header("Content-Type").value_or("");
    if (type.substr(0, type.find(';')) != "application/json")
        return http::problem(415, "Unsupported media type", "Send application/json.", "Content-Type");
    auto body = http::parse_json_body(request.body);
    if (!body) return http::problem(400, "Malformed body", body.error().reason, body.error().pointer);
    out = std::move(*body);
    return std::nullopt;
}

Response from_elsewhere() {
    return refuse(403, "from_elsewhere", "Sent by another site, or without the header X-Handrail: 1.");
}

}  // namespace

Api::Api(Parts parts) : parts_(std::move(parts)) {
    const auto describe = [](const Call&) -> asio::awaitable<Response> {
        co_return Response::json(200, std::string(assets().front().body));
    };
    routes_.push_back({"GET", "/api/v1/openapi.json", std::nullopt, true, describe});
    session_.add(routes_);
    passkeys_.add(routes_);
    oidc_.add(routes_);
    conversations_.add(routes_);
    actions_.add(routes_);
    erasures_.add(routes_);
    media_.add(routes_);
    line_.add(routes_);
    oncall_.add(routes_);
    tasks_.add(routes_);
    search_.add(routes_);
    hooks_.add(routes_);
    admin_.add(routes_);
}

void Api::add(http::Router& router) {
    const auto handle = [this](const Request& request) { return answer(request); };
    router.add("GET", "/api/v1/", handle);
    router.add("POST", "/api/v1/", handle);
}

const Route* Api::find(std::string_view method, std::string_view path, std::vector<std::string>& ids) const {
    for (const Route& route : routes_)
        if (route.method == method && fits(route.path, path, ids)) return &route;
    return nullptr;
}

Response Api::unknown(std::string_view path) const {
    std::vector<std::string> ids;
    for (const std::string_view method : {"GET", "POST"}) {
        if (find(method, path, ids) == nullptr) continue;
        Response response = http::problem(405, "Method not allowed", "See the header Allow.");
        response.headers.emplace_back("Allow", method == "GET" ? "GET, HEAD" : "POST");
        return response;
    }
    return not_found();
}

asio::awaitable<Response> Api::answer(const Request& request) {
    Call call{request, {}, {}, {}, nlohmann::json::object(), gatekeeper_.address_of(request)};
    const bool posts = request.method == "POST";
    const Route* route = find(posts ? "POST" : "GET", request.path(), call.ids);
    if (route == nullptr) co_return unknown(request.path());
    if (posts && Gatekeeper::is_from_elsewhere(request)) co_return from_elsewhere();
    if (!route->open) {
        auto caller = co_await gatekeeper_.authorize(request);
        if (!caller) co_return std::move(caller.error());
        call.caller = std::move(*caller);
        if (posts && !call.caller.session.empty() && !Gatekeeper::has_own_header(request))
            co_return from_elsewhere();
        if (route->needs && !call.caller.actor.may.has(*route->needs))
            co_return refuse(403, "not_permitted", "Needs " + std::string(to_string(*route->needs)) + ".");
    }
    auto query = http::parse_form(request.query());
    if (!query) co_return http::problem(400, "Malformed query", query.error().reason, query.error().field);
    call.query = std::move(*query);
    if (posts) {
        if (auto problem = read_body(request, call.body)) co_return std::move(*problem);
    }
    co_return co_await route->handler(call);
}

}  // namespace webhooks::staff
