#include "webhooks/demo/demo.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "bot/json_text.hpp"
#include "webhooks/demo/assets.hpp"
#include "webhooks/demo/phone_view.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/http/json_body.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::demo {

namespace {

using boost::system::error_code;
using http::Request;
using http::Response;
using net::as_result;
using nlohmann::json;

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
constexpr std::string_view kNumbers = "+155501";  // and two digits: reserved for fiction
constexpr std::size_t kLongestText = 1'600;
constexpr std::size_t kTextsKept = 100;
constexpr std::chrono::milliseconds kOnTheWay{600};

bool is_fictional(std::string_view number) {
    return number.size() == kNumbers.size() + 2 && number.starts_with(kNumbers) &&
           std::all_of(number.end() - 2, number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string fresh_id() {
    std::random_device random;
    std::string id = "demo-";
    for (int i = 0; i < 16; ++i) id += "0123456789abcdef"[random() % 16];
    return id;
}

/// A page elsewhere can make a browser post a form or plain text here, but not JSON.
std::optional<Response> refuse_foreign_page(const Request& request) {
    const auto type = request.header("Content-Type");
    if (type && type->starts_with("application/json")) return std::nullopt;
    return http::problem(415, "Unsupported media type", "Send application/json.", "Content-Type");
}

std::string text_of(const json& document, const char* name) {
    const auto it = document.find(name);
    return it != document.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

}  // namespace

Demo::Demo(Parts parts) : parts_(std::move(parts)), signer_(parts_.secret) {}

void Demo::add(http::Router& router) {
    add_assets(router);
    add_handler(router, "POST", "/demo/phones", &Demo::new_phone);
    add_handler(router, "GET", "/demo/phone", &Demo::phone);
    add_handler(router, "GET", "/demo/events", &Demo::events);
    add_handler(router, "POST", "/demo/texts", &Demo::text);
    add_handler(router, "POST", "/demo/gateway", &Demo::take);
}

void Demo::add_assets(http::Router& router) {
    for (const http::Asset& asset : assets()) {
        const std::string path = asset.name == "page.html" ? "/demo" : "/demo/" + std::string(asset.name);
        router.add("GET", path, [&asset](const Request&) -> asio::awaitable<Response> {
            Response response = Response::with_type(200, std::string(asset.type), std::string(asset.body));
            response.headers.emplace_back("Content-Security-Policy", kPolicy);
            co_return response;
        });
    }
}

void Demo::add_handler(http::Router& router, std::string method, std::string path, Handle handle) {
    router.add(std::move(method), std::move(path),
               [this, handle](const Request& request) { return (this->*handle)(request); });
}

bool Demo::is_on_call(std::string_view number) const {
    return std::ranges::any_of(parts_.people, [&](const auto& person) { return person.phone == number; });
}

bool Demo::is_texter(std::string_view number) const {
    return is_fictional(number) && number != parts_.number && !is_on_call(number);
}

/// A number that has never texted: whoever starts anew is a stranger to the line.
asio::awaitable<Response> Demo::new_phone(const Request& request) {
    if (auto refused = refuse_foreign_page(request)) co_return std::move(*refused);
    auto free = std::make_shared<std::vector<std::string>>();
    store::Store::Job job = [this, free](store::StoreTx& tx) -> error_code {
        free->clear();
        for (int i = 0; i < 100; ++i) {
            std::string number(kNumbers);
            number += static_cast<char>('0' + i / 10);
            number += static_cast<char>('0' + i % 10);
            if (is_texter(number) && !tx.find_contact(number)) free->push_back(std::move(number));
        }
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return http::problem(503, "Try again later");
    if (free->empty()) {
        co_return http::problem(409, "No number left",
                                "Every number of the demo has texted. Stop the server and delete its data "
                                "to start afresh.");
    }
    const std::string& number = (*free)[std::random_device{}() % free->size()];
    co_return Response::json(201, json{{"number", number}}.dump());
}

asio::awaitable<Response> Demo::phone(const Request& request) {
    const auto query = http::parse_form(request.query());
    const std::string number(query ? http::field(*query, "number").value_or("") : "");
    if (!is_texter(number))
        co_return http::problem(400, "Bad number", "A number of the demo: +15550100 to +15550199.", "number");
    auto contact = std::make_shared<std::optional<store::ContactId>>();
    store::Store::Job find = [contact, number](store::StoreTx& tx) -> error_code {
        *contact = tx.find_contact(number);
        return {};
    };
    auto [not_found] = co_await parts_.store.async_transact(std::move(find), as_result);
    auto view = std::make_shared<TexterView>();
    store::Store::ReadJob read = [view, contact](store::StoreReader& reader) -> error_code {
        *view = read_texter(reader, *contact);
        return {};
    };
    auto [not_read] = co_await parts_.store.async_read(std::move(read), as_result);
    if (not_found || not_read) co_return http::problem(503, "Try again later");

    json document = render(*view);
    document["number"] = number;
    document["line"] = {{"number", parts_.number}, {"name", parts_.name}};
    document["on_call"] = json::array();
    for (const bot::Responder& person : parts_.people) {
        json texts = json::array();
        for (const PhoneText& text : on_call_[person.phone]) {
            texts.push_back({{"direction", text.from_line ? "out" : "in"},
                             {"text", text.text},
                             {"at", staff::iso_time(text.at)}});
        }
        document["on_call"].push_back(
            {{"name", person.name}, {"number", person.phone}, {"texts", std::move(texts)}});
    }
    co_return Response::json(200, bot::json_text(document));
}

/// Ids and states as they are committed; the page then asks for what it shows.
asio::awaitable<Response> Demo::events(const Request& request) {
    std::optional<std::int64_t> after;
    if (const auto last = request.header("Last-Event-ID")) after = std::atoll(std::string(*last).c_str());
    Response response;
    response.stream = parts_.events.subscribe(after);
    co_return response;
}

/// Somebody typed on one of the page's phones.
asio::awaitable<Response> Demo::text(const Request& request) {
    if (auto refused = refuse_foreign_page(request)) co_return std::move(*refused);
    const auto document = http::parse_json_body(request.body);
    if (!document)
        co_return http::problem(400, "Malformed JSON", document.error().reason, document.error().pointer);
    const std::string from = text_of(*document, "from");
    const std::string text = text_of(*document, "text");
    if (!is_texter(from) && !is_on_call(from)) {
        co_return http::problem(400, "Bad number", "A number of the demo: +15550100 to +15550199.", "/from");
    }
    if (text.empty() || text.size() > kLongestText)
        co_return http::problem(400, "Bad text", "1 to 1600 bytes.", "/text");

    json body{{"id", fresh_id()}, {"from", from}, {"to", parts_.number}, {"text", text}};
    Response response =
        co_await webhook("/webhooks/generic/" + parts_.gateway.account() + "/sms", bot::json_text(body));
    if (response.status / 100 != 2) co_return response;
    if (is_on_call(from)) remember(from, {false, text, net::now()});
    co_return Response::json(202, json{{"id", body["id"]}}.dump());
}

/// The way in that a real gateway takes: signed, through the same routes.
asio::awaitable<Response> Demo::webhook(std::string path, std::string body) {
    Request request{"POST", std::move(path), {{"Content-Type", "application/json"}}, std::move(body), {}};
    for (const std::string& line : signer_.header_lines(fresh_id(), net::now(), request.body)) {
        const std::size_t colon = line.find(": ");
        request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    co_return co_await parts_.router.route(request);
}

/// The dispatcher hands a text over.
asio::awaitable<Response> Demo::take(const Request& request) {
    if (const auto refused = parts_.gateway.verify(request, net::now()))
        co_return http::problem(403, "Signature refused");
    const json message = json::parse(request.body, nullptr, false);
    for (const char* member : {"id", "to", "text"}) {
        if (!message.is_object() || !message.contains(member) || !message[member].is_string())
            co_return http::problem(400, "Malformed request", "must be a text",
                                    std::string("/").append(member));
    }
    const std::string to = message["to"];
    if (is_on_call(to)) remember(to, {true, message["text"], net::now()});
    net::spawn(parts_.executor, report_delivered(message["id"]));
    co_return Response::json(202, json{{"id", fresh_id()}}.dump());
}

asio::awaitable<void> Demo::report_delivered(std::string message_id) {
    asio::steady_timer on_the_way(parts_.executor, kOnTheWay);
    co_await on_the_way.async_wait(as_result);
    const json body{{"id", message_id}, {"status", "delivered"}};
    co_await webhook("/webhooks/generic/" + parts_.gateway.account() + "/status", body.dump());
}

void Demo::remember(const std::string& number, PhoneText text) {
    auto& texts = on_call_[number];
    texts.push_back(std::move(text));
    if (texts.size() > kTextsKept) texts.pop_front();
}

}  // namespace webhooks::demo
