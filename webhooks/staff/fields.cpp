#include "webhooks/staff/fields.hpp"

#include <algorithm>

#include "webhooks/http/problem.hpp"
#include "webhooks/net/parse_time.hpp"

namespace webhooks::staff {

using nlohmann::json;

namespace {

std::size_t letters_of(const std::string& utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

}  // namespace

const json* Fields::find(const std::string& name, bool required) {
    asked_.insert(name);
    const auto found = body_.find(name);
    if (found != body_.end() && !found->is_null()) return &*found;
    if (required) refuse(name, "Is missing.");
    return nullptr;
}

void Fields::refuse(const std::string& name, std::string why) {
    if (!field_.empty()) return;
    field_ = name;
    why_ = std::move(why);
}

std::string Fields::checked(const std::string& name, const json& value, std::size_t least, std::size_t most) {
    if (!value.is_string()) return refuse(name, "Must be a string."), std::string();
    auto text = value.get<std::string>();
    const std::size_t letters = letters_of(text);
    if (letters < least) refuse(name, "Must have at least " + std::to_string(least) + " letters.");
    if (letters > most) refuse(name, "Must have at most " + std::to_string(most) + " letters.");
    if (std::ranges::any_of(text, is_control)) refuse(name, "Must not have control characters.");
    return text;
}

std::string Fields::text(const std::string& name, std::size_t least, std::size_t most) {
    const json* value = find(name, true);
    return value == nullptr ? std::string() : checked(name, *value, least, most);
}

std::optional<std::string> Fields::maybe_text(const std::string& name, std::size_t most) {
    const json* value = find(name, false);
    return value == nullptr ? std::nullopt : std::optional(checked(name, *value, 0, most));
}

std::int64_t Fields::number(const std::string& name) {
    const json* value = find(name, true);
    if (value == nullptr) return 0;
    if (!value->is_number_integer() || *value < 0 || *value > (std::int64_t{1} << 53))
        return refuse(name, "Must be a whole number."), 0;
    return value->get<std::int64_t>();
}

bool Fields::flag(const std::string& name) { return maybe_flag(name).value_or(false); }

std::optional<bool> Fields::maybe_flag(const std::string& name) {
    const json* value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (!value->is_boolean()) return refuse(name, "Must be true or false."), std::nullopt;
    return value->get<bool>();
}

std::optional<std::vector<std::string>> Fields::maybe_words(const std::string& name) {
    const json* value = find(name, false);
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> words;
    if (!value->is_array() || value->size() > 64) return refuse(name, "Must be a list."), std::nullopt;
    for (const json& word : *value) words.push_back(checked(name, word, 1, 64));
    return words;
}

bot::TimePoint Fields::time(const std::string& name) {
    const json* value = find(name, true);
    if (value == nullptr) return {};
    const auto at = value->is_string() ? net::parse_time(value->get<std::string>()) : std::nullopt;
    if (!at) refuse(name, "Must be a time like 2026-03-07T17:00:00Z.");
    return at.value_or(bot::TimePoint{});
}

std::optional<http::Response> Fields::problem() const {
    if (!field_.empty()) return http::problem(400, "Bad request", why_, field_);
    for (const auto& [name, value] : body_.items())
        if (!asked_.contains(name)) return http::problem(400, "Bad request", "Is not known here.", name);
    return std::nullopt;
}

}  // namespace webhooks::staff
