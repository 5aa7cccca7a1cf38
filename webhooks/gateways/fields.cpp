#include "webhooks/gateways/fields.hpp"

#include <algorithm>

#include "webhooks/http/ascii.hpp"
#include "webhooks/http/json_body.hpp"

namespace webhooks::gateways {

using nlohmann::json;

Refused malformed(std::string field, std::string detail) {
    return {Refusal::malformed_body, std::move(field), std::move(detail)};
}

bool is_plain(std::string_view text, std::size_t longest) noexcept {
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string plain_or_empty(std::string_view text, std::size_t longest) {
    return is_plain(text, longest) ? std::string(text) : std::string{};
}

std::string as_number(std::string_view text) {
    constexpr std::size_t kLongestShortCode = 8;
    const bool lost_plus = text.starts_with(' ');
    if (lost_plus) text.remove_prefix(1);
    const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), http::is_digit);
    std::string number(text);
    if (bare && (lost_plus || number.size() > kLongestShortCode)) number.insert(number.begin(), '+');
    return number;
}

std::string bare_digits(std::string_view e164) {
    return std::string(e164.starts_with('+') ? e164.substr(1) : e164);
}

void add_medium(std::vector<bot::Media>& media, std::string url, std::string content_type) {
    if (media.size() == kMostMedia || !(url.starts_with("https://") || url.starts_with("http://"))) return;
    media.push_back({std::move(url), std::move(content_type)});
}

bool has_type(const http::Request& request, std::string_view type) {
    const auto given = request.header("Content-Type");
    if (!given) return false;
    std::string_view essence = given->substr(0, given->find(';'));
    while (essence.ends_with(' ')) essence.remove_suffix(1);
    return http::equals_ignoring_case(essence, type);
}

bool is_form_post(const http::Request& request) {
    return request.method == "POST" &&
           (request.body.empty() || has_type(request, "application/x-www-form-urlencoded"));
}

Parsed<http::Form> read_form(std::string_view text) {
    auto form = http::parse_form(text);
    if (!form) return malformed(form.error().field, form.error().reason);
    return std::move(*form);
}

namespace {

Parsed<http::Form> read_flat_json(std::string_view body) {
    auto document = http::parse_json_body(body);
    if (!document) return malformed(document.error().pointer, document.error().reason);
    http::Form form;
    for (const auto& [name, value] : document->items()) {
        if (value.is_string()) form.emplace_back(name, value.get<std::string>());
        if (value.is_number() || value.is_boolean()) form.emplace_back(name, value.dump());
    }
    return form;
}

}  // namespace

Parsed<http::Form> fields_of(const http::Request& request) {
    if (request.method == "GET") return read_form(request.query());
    if (is_form_post(request)) return read_form(request.body);
    return read_flat_json(request.body);
}

std::string_view text_or_empty(const http::Form& fields, std::string_view name) {
    return http::field(fields, name).value_or(std::string_view{});
}

std::string in_query(const http::Request& request, std::string_view name) {
    const auto query = http::parse_form(request.query());
    return query ? std::string(text_or_empty(*query, name)) : std::string{};
}

Parsed<json> document_of(const http::Request& request) {
    auto document = http::parse_json_body(request.body);
    if (!document) return malformed(document.error().pointer, document.error().reason);
    return {boost::system::in_place_value, std::move(*document)};
}

Parsed<json> list_of(const http::Request& request) {
    // The strict reader takes an object: what is inside of one member is as strict as what is outside.
    constexpr std::string_view kOpen = "{\"\":";
    auto document = http::parse_json_body(std::string(kOpen) + request.body + "}");
    if (!document)  // its pointers begin with the name of that member: "//0/id"
        return malformed(document.error().pointer.substr(document.error().pointer.empty() ? 0 : 1),
                         document.error().reason);
    if (document->size() != 1 || !document->begin()->is_array()) return malformed("", "must be a list");
    return {boost::system::in_place_value, std::move(*document->begin())};
}

const json* find(const json& value, std::initializer_list<const char*> path) noexcept {
    const json* at = &value;
    for (const char* name : path) {
        if (!at->is_object()) return nullptr;
        const auto member = at->find(name);
        if (member == at->end()) return nullptr;
        at = &*member;
    }
    return at;
}

std::string text_at(const json& value, std::initializer_list<const char*> path) {
    const json* const found = find(value, path);
    if (found == nullptr) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number() ? found->dump() : std::string{};
}

const json* first_at(const json& value, std::initializer_list<const char*> path) noexcept {
    const json* const found = find(value, path);
    return found != nullptr && found->is_array() && !found->empty() ? &found->front() : nullptr;
}

DeliveryReport::State state_in(std::initializer_list<StateName> table, std::string_view name) noexcept {
    for (const StateName& row : table)
        if (row.name == name) return row.state;
    return DeliveryReport::State::ignored;
}

}  // namespace webhooks::gateways
