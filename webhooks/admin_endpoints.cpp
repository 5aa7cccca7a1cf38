#include "webhooks/admin_endpoints.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace webhooks {

namespace {

using http::Request;
using http::Response;

/// SQLite's log grows by as much between two checkpoints; a very small disk keeps a tenth.
constexpr std::uintmax_t kLeastFree = 64 * 1024 * 1024;

bool disk_has_room(const std::string& store_path) {
    const std::filesystem::path folder = std::filesystem::path(store_path).parent_path();
    std::error_code failed;
    const auto space = std::filesystem::space(folder.empty() ? "." : folder, failed);
    return !failed && space.available >= std::min(kLeastFree, space.capacity / 10);
}

}  // namespace

Response AdminEndpoints::readiness() const {
    nlohmann::json missing = nlohmann::json::array();
    if (parts_.draining()) missing.push_back("draining");
    if (!parts_.store.healthy()) missing.push_back("store");
    if (!disk_has_room(parts_.store_path)) missing.push_back("disk");
    const bool ready = missing.empty();
    return Response::json(ready ? 200 : 503, nlohmann::json{{"ready", ready}, {"not", missing}}.dump());
}

void AdminEndpoints::add(http::Router& router) {
    router.add("GET", "/healthz", [](const Request&) -> http::asio::awaitable<Response> {
        co_return Response::json(200, R"({"alive":true})");
    });
    router.add("GET", "/readyz",
               [this](const Request&) -> http::asio::awaitable<Response> { co_return readiness(); });
    router.add("GET", "/metrics", [this](const Request&) -> http::asio::awaitable<Response> {
        co_return Response::with_type(200, "text/plain; version=0.0.4; charset=utf-8",
                                      parts_.metrics.render());
    });
}

}  // namespace webhooks
