#pragma once
#include <optional>
#include <string_view>

namespace bot {

/// The languages the line speaks. Every text exists in each of them (`handrail flows check` sees to it).
enum class Language { en, es };

[[nodiscard]] constexpr std::string_view to_string(Language language) noexcept {
    return language == Language::en ? "en" : "es";
}
[[nodiscard]] constexpr std::optional<Language> parse_language(std::string_view code) noexcept {
    if (code == "en") return Language::en;
    if (code == "es") return Language::es;
    return std::nullopt;
}

}  // namespace bot
