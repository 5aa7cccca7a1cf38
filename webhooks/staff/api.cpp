#include "webhooks/staff/api.hpp"

#include <charconv>
#include <limits>

#include "bot/json_text.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/digest.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using boost::system::error_code;
using http::Request;
using http::Response;
using net::as_result;
using nlohmann::json;

std::optional<std::int64_t> as_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// `?limit=` and `?before=`, or the problem with them.
struct Page {
    std::size_t limit = 50;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
};
boost::system::result<Page, Response> page_of(const Request& request) {
    const auto query = http::parse_form(request.query());
    if (!query) return http::problem(400, "Malformed query", query.error().reason, query.error().field);
    Page page;
    if (const auto limit = http::field(*query, "limit")) {
        const auto number = as_number(*limit);
        if (!number || *number < 1 || *number > 200) {
            return http::problem(400, "Bad limit", "A number from 1 to 200.", "limit");
        }
        page.limit = static_cast<std::size_t>(*number);
    }
    if (const auto before = http::field(*query, "before")) {
        const auto number = as_number(*before);
        if (!number) return http::problem(400, "Bad id", "The id of a row.", "before");
        page.before = *number;
    }
    return page;
}

template <class Row, class Render>
Response list_of(const std::vector<Row>& rows, Render&& render_one) {
    json items = json::array();
    for (const Row& row : rows) items.push_back(render_one(row));
    return Response::json(200, bot::json_text({{"items", std::move(items)}}));
}

Response store_down() {
    Response response = http::problem(503, "Try again later");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace

Api::Api(store::Store& store, EventHub& events, std::vector<ApiToken> tokens)
    : store_(store), events_(events), tokens_(std::move(tokens)) {}

void Api::add(http::Router& router) {
    add_read(router, "/api/v1/conversations", &Api::conversations);
    add_read(router, "/api/v1/conversations/", &Api::conversation);
    add_read(router, "/api/v1/escalations", &Api::escalations);
    add_read(router, "/api/v1/outbox", &Api::outbox);
    add_read(router, "/api/v1/events", &Api::events);
}

void Api::add_read(http::Router& router, std::string path, Read read) {
    router.add("GET", std::move(path), [this, read](const Request& request) -> asio::awaitable<Response> {
        const ApiToken* token = authorize(request);
        if (token == nullptr) {
            Response response =
                http::problem(401, "Not signed in", "Send Authorization: Bearer and an API token.");
            response.headers.emplace_back("WWW-Authenticate", "Bearer");
            co_return response;
        }
        co_return co_await (this->*read)(request, *token);
    });
}

const ApiToken* Api::authorize(const Request& request) const {
    constexpr std::string_view kScheme = "Bearer ";
    const auto header = request.header("Authorization");
    if (!header || !header->starts_with(kScheme)) return nullptr;
    const std::string hash = net::sha256_hex(header->substr(kScheme.size()));
    const ApiToken* found = nullptr;
    for (const ApiToken& token : tokens_) {  // every one is compared, so that time tells nothing
        if (net::same_secret(token.sha256_hex, hash)) found = &token;
    }
    return found;
}

asio::awaitable<Response> Api::conversations(const Request& request, const ApiToken& token) {
    const auto page = page_of(request);
    if (!page) co_return page.error();
    auto rows = std::make_shared<std::vector<store::ContactRow>>();
    store::Store::ReadJob job = [rows, p = *page](store::StoreReader& reader) -> error_code {
        *rows = reader.contacts(p.limit, p.before);
        return {};
    };
    auto [failed] = co_await store_.async_read(std::move(job), as_result);
    if (failed) co_return store_down();
    co_return list_of(*rows, [&](const store::ContactRow& row) { return render(row, token.sees_numbers); });
}

asio::awaitable<Response> Api::conversation(const Request& request, const ApiToken& token) {
    const std::string_view rest = request.path().substr(std::string_view("/api/v1/conversations/").size());
    const std::size_t slash = rest.find('/');
    const auto id = as_number(rest.substr(0, slash));
    const std::string part(slash == std::string_view::npos ? "" : rest.substr(slash + 1));
    if (!id || (!part.empty() && part != "messages" && part != "consent"))
        co_return http::problem(404, "Not found");
    const auto page = page_of(request);
    if (!page) co_return page.error();

    struct View {
        std::optional<store::ContactRow> contact;
        std::vector<store::MessageRow> messages;
        std::vector<store::ConsentEntry> ledger;
    };
    auto view = std::make_shared<View>();
    store::Store::ReadJob job = [view, part, contact = store::ContactId{*id},
                                 limit = page->limit](store::StoreReader& reader) -> error_code {
        view->contact = reader.contact(contact);
        if (view->contact && part == "messages") view->messages = reader.messages(contact, limit);
        if (view->contact && part == "consent") view->ledger = reader.consent_ledger(contact);
        return {};
    };
    auto [failed] = co_await store_.async_read(std::move(job), as_result);
    if (failed) co_return store_down();
    if (!view->contact) co_return http::problem(404, "Not found");
    const auto render_one = [](const auto& row) { return render(row); };
    if (part == "messages") co_return list_of(view->messages, render_one);
    if (part == "consent") co_return list_of(view->ledger, render_one);
    co_return Response::json(200, bot::json_text(render(*view->contact, token.sees_numbers)));
}

asio::awaitable<Response> Api::escalations(const Request& request, const ApiToken&) {
    const auto page = page_of(request);
    if (!page) co_return page.error();
    const bool only_open = request.query().find("open=true") != std::string_view::npos;
    auto rows = std::make_shared<std::vector<store::EscalationRow>>();
    store::Store::ReadJob job = [rows, only_open,
                                 limit = page->limit](store::StoreReader& reader) -> error_code {
        *rows = reader.escalations(only_open, limit);
        return {};
    };
    auto [failed] = co_await store_.async_read(std::move(job), as_result);
    if (failed) co_return store_down();
    co_return list_of(*rows, [](const store::EscalationRow& row) { return render(row); });
}

asio::awaitable<Response> Api::outbox(const Request& request, const ApiToken&) {
    const auto page = page_of(request);
    if (!page) co_return page.error();
    auto rows = std::make_shared<std::vector<store::MessageRow>>();
    store::Store::ReadJob job = [rows, p = *page](store::StoreReader& reader) -> error_code {
        *rows = reader.outbox(p.limit, p.before);
        return {};
    };
    auto [failed] = co_await store_.async_read(std::move(job), as_result);
    if (failed) co_return store_down();
    co_return list_of(*rows, [](const store::MessageRow& row) { return render(row); });
}

asio::awaitable<Response> Api::events(const Request& request, const ApiToken&) {
    std::optional<std::int64_t> after;
    if (const auto last = request.header("Last-Event-ID")) {
        after = as_number(*last);
        if (!after) co_return http::problem(400, "Bad Last-Event-ID", "The id of an event.", "Last-Event-ID");
    }
    Response response;
    response.stream = events_.subscribe(after);
    co_return response;
}

}  // namespace webhooks::staff
