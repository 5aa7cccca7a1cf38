#include "webhooks/dashboard/page.hpp"

#include <algorithm>
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
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'";

/// "index-zK9BSPDl.css": Vite puts eight characters of the content's hash before the ending.
bool has_hash(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && dot > 9 && name[dot - 9] == '-';
}

/// A file as it stands, and as it was compressed when it was made; null: it was not.
struct Forms {
    const http::Asset* plain;
    const http::Asset* gzip;
    const http::Asset* brotli;
};

bool is_compressed(std::string_view name) { return name.ends_with(".gz") || name.ends_with(".br"); }

const http::Asset* find(const std::string& name) {
    const auto all = assets();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

/// Whether Accept-Encoding names it, other than to refuse it ("br;q=0"; RFC 9110, 12.5.3).
bool accepts(std::string_view header, std::string_view coding) {
    while (!header.empty()) {
        std::string_view one = header.substr(0, header.find(','));
        header.remove_prefix(std::min(one.size() + 1, header.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        const std::string_view name = one.substr(0, one.find_first_of("; "));
        const std::size_t weight = one.find("q=0");
        const bool refused = weight != std::string_view::npos &&
                             one.find_first_of("123456789", weight) == std::string_view::npos;
        if (name == coding && !refused) return true;
    }
    return false;
}

Response of_asset(const Forms& forms, std::string_view accepted) {
    const http::Asset& asset = *forms.plain;
    const http::Asset* sent = forms.plain;
    std::string_view coding;
    if (forms.gzip != nullptr && accepts(accepted, "gzip")) sent = forms.gzip, coding = "gzip";
    if (forms.brotli != nullptr && accepts(accepted, "br")) sent = forms.brotli, coding = "br";
    Response response = Response::with_type(200, std::string(asset.type), std::string(sent->body));
    if (!coding.empty()) response.headers.emplace_back("Content-Encoding", coding);
    if (forms.gzip != nullptr) response.headers.emplace_back("Vary", "Accept-Encoding");
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
        if (is_compressed(asset.name)) continue;
        const std::string name(asset.name);
        const Forms forms{&asset, find(name + ".gz"), find(name + ".br")};
        const std::string path =
            std::string(kRoot) + (asset.name == "index.html" ? "" : std::string(asset.name));
        router.add("GET", path, [forms, path](const Request& request) -> asio::awaitable<Response> {
            // The root answers for everything below it: a file of an older page is gone, not the page.
            if (request.path() != path) co_return http::problem(404, "Not found");
            co_return of_asset(forms, request.header("Accept-Encoding").value_or(""));
        });
    }
}

}  // namespace webhooks::dashboard
