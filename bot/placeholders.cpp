#include "bot/placeholders.hpp"

namespace bot {

namespace {

struct Known {
    std::string_view name;
    std::size_t longest;
};
constexpr Known kKnown[]{
    {"org", 20},    {"short", 12},  {"helpline", 14}, {"url", 26},       {"spot", 12},     {"n", 3},
    {"staff", 12},  {"when", 28},   {"visit", 28},    {"who", 16},       {"name", 16},     {"tel", 14},
    {"a", 2},       {"b", 2},       {"score", 2},     {"coping", 40},    {"limit", 40},    {"place", 24},
    {"backup", 16}, {"lesson", 80}, {"note_use", 50}, {"note_care", 50}, {"note_why", 50}, {"note_goal", 50}};

}  // namespace

std::size_t longest_of(std::string_view placeholder) noexcept {
    for (const Known& known : kKnown)
        if (known.name == placeholder) return known.longest;
    return 0;
}

std::string placeholder_names() {
    std::string names;
    for (const Known& known : kKnown) names += (names.empty() ? "" : ", ") + std::string(known.name);
    return names;
}

std::vector<std::string> placeholders_in(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) {
            names.emplace_back("{");
            break;
        }
        names.emplace_back(text.substr(open + 1, close - open - 1));
    }
    return names;
}

std::string cut_letters(const std::string& utf8, std::size_t letters) {
    std::size_t at = 0;
    for (; at < utf8.size(); ++at) {
        const bool starts_letter = (static_cast<unsigned char>(utf8[at]) & 0xC0U) != 0x80U;
        if (starts_letter && letters-- == 0) break;
    }
    return utf8.substr(0, at);
}

}  // namespace bot
