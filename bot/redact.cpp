#include "bot/redact.hpp"

#include <algorithm>

namespace bot {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::string mask_number(std::string_view e164) {
    constexpr std::string_view kDot = "\u2022";
    std::string masked;
    for (std::size_t i = 0; i < e164.size(); ++i) {
        if (i + 2 >= e164.size())
            masked += e164[i];
        else if (e164[i] != '+')
            masked += kDot;
    }
    return masked;
}

bool is_e164(std::string_view text) noexcept {
    if (text.size() < 8 || text.size() > 16 || text[0] != '+' || text[1] < '1' || text[1] > '9') return false;
    return std::all_of(text.begin() + 2, text.end(), is_digit);
}

bool is_line_number(std::string_view text) noexcept {
    const bool short_code =
        text.size() >= 3 && text.size() <= 8 && std::all_of(text.begin(), text.end(), is_digit);
    return short_code || is_e164(text);
}

}  // namespace bot
