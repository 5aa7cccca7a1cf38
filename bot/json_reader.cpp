#include "bot/json_reader.hpp"

#include <algorithm>

namespace bot {

namespace {

std::string list(std::initializer_list<std::string_view> words) {
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
    return out;
}

}  // namespace

bool JsonReader::expect_object(std::initializer_list<std::string_view> known) const {
    if (!value_->is_object()) {
        error("must be an object with " + list(known));
        return false;
    }
    for (const auto& [key, _] : value_->items())
        if (std::find(known.begin(), known.end(), key) == known.end())
            error("unknown field \"" + key + "\"; allowed are " + list(known));
    return true;
}

bool JsonReader::has(std::string_view key) const { return value_->is_object() && value_->contains(key); }

std::optional<JsonReader> JsonReader::find(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    return JsonReader(value_->at(std::string(key)), file_, where_ + "/" + std::string(key), *problems_);
}

std::optional<JsonReader> JsonReader::require(std::string_view key) const {
    auto member = find(key);
    if (!member) error("\"" + std::string(key) + "\" is missing");
    return member;
}

std::vector<JsonReader> JsonReader::items() const {
    std::vector<JsonReader> out;
    if (!value_->is_array()) {
        error("must be a list");
        return out;
    }
    for (std::size_t i = 0; i < value_->size(); ++i)
        out.emplace_back((*value_)[i], file_, where_ + "[" + std::to_string(i) + "]", *problems_);
    return out;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
    std::vector<std::pair<std::string, JsonReader>> out;
    if (!value_->is_object()) {
        error("must be an object");
        return out;
    }
    for (const auto& [key, member] : value_->items())
        out.emplace_back(key, JsonReader(member, file_, where_ + "/" + key, *problems_));
    return out;
}

std::vector<JsonReader> JsonReader::some_items() const {
    if (value_->is_array() && value_->empty()) error("must not be an empty list");
    return items();
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::some_members() const {
    if (value_->is_object() && value_->empty()) error("must not be empty");
    return members();
}

std::optional<std::string> JsonReader::string() const {
    if (value_->is_string()) return value_->get<std::string>();
    error("must be text in quotes");
    return std::nullopt;
}

std::optional<int> JsonReader::integer() const {
    if (value_->is_number_integer() && value_->get<std::int64_t>() >= -1'000'000 &&
        value_->get<std::int64_t>() <= 1'000'000)
        return value_->get<int>();
    error("must be a whole number");
    return std::nullopt;
}

std::optional<bool> JsonReader::boolean() const {
    if (value_->is_boolean()) return value_->get<bool>();
    error("must be true or false");
    return std::nullopt;
}

std::vector<std::string> JsonReader::strings() const {
    std::vector<std::string> out;
    for (const JsonReader& item : items())
        if (auto text = item.string()) out.push_back(std::move(*text));
    return out;
}

std::vector<std::string> JsonReader::some_strings() const {
    if (value_->is_array() && value_->empty()) error("must not be an empty list");
    return strings();
}

std::string JsonReader::string_or(std::string_view key, std::string otherwise) const {
    const auto member = find(key);
    return member ? member->string().value_or(otherwise) : otherwise;
}

std::string JsonReader::require_string(std::string_view key) const {
    const auto member = require(key);
    if (!member) return {};
    auto text = member->string();
    if (text && text->empty()) member->error("must not be empty");
    return text.value_or("");
}

int JsonReader::integer_or(std::string_view key, int otherwise) const {
    const auto member = find(key);
    return member ? member->integer().value_or(otherwise) : otherwise;
}

bool JsonReader::boolean_or(std::string_view key, bool otherwise) const {
    const auto member = find(key);
    return member ? member->boolean().value_or(otherwise) : otherwise;
}

std::vector<std::string> JsonReader::strings_or_none(std::string_view key) const {
    const auto member = find(key);
    return member ? member->strings() : std::vector<std::string>{};
}

}  // namespace bot
