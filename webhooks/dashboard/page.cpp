#include "webhooks/dashboard/page.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>

#include "webhooks/dashboard/assets.hpp"
#include "webhooks/http/problem.hpp"

namespace webhooks::dashboard {

namespace asio = boost::asio;

namespace {

using http::Request;
using http::Response;

constexpr std::string_view kRoot = "/dashboard/";
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

/// "index-zK9BSPDl.css": Vite puts eight characters of the content's hash before the ending.
bool has_hash(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && dot > 9 && name[dot - 9] == '-';
}

Response of_asset(const http::Asset& asset) {
    Response response = Response::with_type(200, std::string(asset.type), std::string(asset.body));
    response.headers.emplace_back("Content-Security-Policy", kPolicy);
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    if (has_hash(asset.name))
        response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

asio::awaitable<Response> to_root(const Request&) {
    Response response = Response::text(308, "");
    response.headers.emplace_back("Location", kRoot);
    co_return response;
}

}  // namespace

void add_page(http::Router& router) {
    router.add("GET", "/dashboard", to_root);
    for (const http::Asset& asset : assets()) {
        const std::string path =
            std::string(kRoot) + (asset.name == "index.html" ? "" : std::string(asset.name));
        router.add("GET", path, [&asset, path](const Request& request) -> asio::awaitable<Response> {
            // The root answers for everything below it: a file of an older page is gone, not the page.
            if (request.path() != path) co_return http::problem(404, "Not found");
            co_return of_asset(asset);
        });
    }
}

}  // namespace webhooks::dashboard
