#include "bot/flow_names.hpp"

#include <algorithm>

namespace bot {

namespace {

constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool goes_on(char c) noexcept { return is_lower(c) || is_digit(c) || c == '_'; }

bool is_name(std::string_view word) noexcept {
    return !word.empty() && is_lower(word[0]) && std::all_of(word.begin(), word.end(), goes_on);
}
bool is_choice_name(std::string_view word) noexcept {
    return !word.empty() && word[0] != '_' && std::all_of(word.begin(), word.end(), goes_on);
}
bool is_timer_name(std::string_view word) noexcept {
    return !word.empty() && is_lower(word[0]) &&
           std::all_of(word.begin(), word.end(), [](char c) { return goes_on(c) || c == '.'; });
}

std::string checked(const JsonReader& json, bool (*fits)(std::string_view) noexcept, const char* allowed) {
    const auto word = json.string();
    if (word && !fits(*word)) json.error("\"" + *word + "\" is no " + allowed);
    return word.value_or("");
}

constexpr const char* kId = "id: a letter first, then letters, digits and _ only";
constexpr const char* kName = "name: a small letter first, then small letters, digits and _ only";
constexpr const char* kChoice = "name of a choice: small letters, digits and _ only";

}  // namespace

bool is_id(std::string_view word) noexcept {
    return !word.empty() && is_letter(word[0]) &&
           std::all_of(word.begin(), word.end(), [](char c) { return is_letter(c) || goes_on(c); });
}

std::string read_id(const JsonReader& json) { return checked(json, is_id, kId); }

std::string require_id(const JsonReader& json, std::string_view key) {
    const auto member = json.require(key);
    return member ? read_id(*member) : std::string();
}

std::string read_name(const JsonReader& json) { return checked(json, is_name, kName); }

std::string require_name(const JsonReader& json, std::string_view key) {
    const auto member = json.require(key);
    return member ? read_name(*member) : std::string();
}

std::string name_or_none(const JsonReader& json, std::string_view key) {
    const auto member = json.find(key);
    return member ? read_name(*member) : std::string();
}

std::string require_choice_name(const JsonReader& json, std::string_view key) {
    const auto member = json.require(key);
    return member ? checked(*member, is_choice_name, kChoice) : std::string();
}

std::vector<std::pair<std::string, JsonReader>> named_members(const JsonReader& json) {
    auto members = json.some_members();
    for (const auto& [name, member] : members)
        if (!is_name(name)) member.error("\"" + name + "\" is no " + kName);
    return members;
}

void check_timer_name(const JsonReader& json, std::string_view name) {
    if (!is_timer_name(name))
        json.error(
            "\"" + std::string(name) +
            "\" is no name of a timer: a small letter first, then small letters, digits, _ and . only");
    if (name == "step") json.error("\"step\" is the name of the time-out of a step; choose another");
}

}  // namespace bot
