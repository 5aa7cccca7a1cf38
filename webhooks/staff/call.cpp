#include "webhooks/staff/call.hpp"

#include <charconv>
#include <limits>

#include "bot/json_text.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

using http::Response;
using nlohmann::json;

namespace {

std::string_view title_of(int status) noexcept {
    switch (status) {
        case 400:
            return "Bad request";
        case 401:
            return "Not signed in";
        case 403:
            return "Not permitted";
        case 404:
            return "Not found";
        case 409:
            return "Conflict";
        case 422:
            return "Not possible";
        case 429:
            return "Too many attempts";
        case 503:
            return "Try again later";
        default:
            return "Internal error";
    }
}

}  // namespace

std::optional<std::int64_t> Call::id() const { return ids.empty() ? std::nullopt : as_number(ids.front()); }

std::optional<std::int64_t> as_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

Response answer(int status, const json& body) { return Response::json(status, bot::json_text(body)); }

Response done() {
    Response response;
    response.status = 204;
    return response;
}

Response refuse(const Refusal& refusal) {
    json document{{"type", "about:blank"},
                  {"title", title_of(refusal.status)},
                  {"status", refusal.status},
                  {"code", refusal.code}};
    if (!refusal.detail.empty()) document["detail"] = refusal.detail;
    if (refusal.held_by) document["held_by"] = *refusal.held_by;
    if (refusal.version) document["version"] = *refusal.version;
    if (refusal.until) document["until"] = iso_time(*refusal.until);
    return Response::with_type(refusal.status, "application/problem+json", bot::json_text(document));
}

Response refuse(int status, std::string_view code, std::string_view detail) {
    return refuse(Refusal{status, std::string(code), std::string(detail), {}, {}, {}});
}

Response store_down() {
    Response response = http::problem(503, "Try again later");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

Response not_found() { return refuse(404, "not_found", {}); }

boost::system::result<Page, Response> page_of(const Call& call) {
    Page page;
    if (const auto limit = http::field(call.query, "limit")) {
        const auto number = as_number(*limit);
        if (!number || *number < 1 || *number > 200)
            return http::problem(400, "Bad limit", "A number from 1 to 200.", "limit");
        page.limit = static_cast<std::size_t>(*number);
    }
    if (const auto before = http::field(call.query, "before")) {
        const auto number = as_number(*before);
        if (!number) return http::problem(400, "Bad id", "The id of a row.", "before");
        page.before = *number;
    }
    return page;
}

}  // namespace webhooks::staff
