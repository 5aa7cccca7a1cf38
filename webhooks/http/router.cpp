#include "webhooks/http/router.hpp"

#include "webhooks/http/problem.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::http {

namespace {

bool covers(std::string_view route, std::string_view path) noexcept {
    return route == path || (route.ends_with('/') && path.starts_with(route));
}

Response failed_handler(std::string_view route, const std::exception_ptr& failure) {
    telemetry::log(
        telemetry::Level::error, "handler_failed",
        {{"route", telemetry::Safe(route)}, {"exception", telemetry::Safe(telemetry::type_of(failure))}});
    return problem(500, "Internal error");
}

Response wrong_method(const std::string& allowed) {
    Response response = problem(405, "Method not allowed", "See the header Allow.");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace

std::string Router::allowed_methods(std::string_view path, std::size_t length) const {
    std::string allowed;
    for (const Route& route : routes_) {
        if (route.path.size() != length || !covers(route.path, path)) continue;
        allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
    }
    return allowed;
}

void Router::add(std::string method, std::string path, Handler handler) {
    routes_.push_back({std::move(method), std::move(path), std::move(handler)});
}

asio::awaitable<Response> Router::route(const Request& request) const {
    const std::string_view path = request.path();
    std::size_t longest = 0;  // a longer route is a closer one; an exact path is the longest there can be
    for (const Route& route : routes_) {
        if (route.path.size() > longest && covers(route.path, path)) longest = route.path.size();
    }
    if (longest == 0) co_return problem(404, "Not found");

    const bool head = request.method == "HEAD";
    const Route* found = nullptr;
    for (const Route& route : routes_) {
        if (route.path.size() != longest || !covers(route.path, path)) continue;
        if (route.method == request.method || (head && found == nullptr && route.method == "GET"))
            found = &route;
    }
    if (found == nullptr) co_return wrong_method(allowed_methods(path, longest));
    try {
        co_return co_await found->handler(request);
    } catch (...) {
        co_return failed_handler(found->path, std::current_exception());
    }
}

}  // namespace webhooks::http
