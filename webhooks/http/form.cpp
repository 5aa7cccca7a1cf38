#include "webhooks/http/form.hpp"

#include <cstdint>

#include "bot/normalize.hpp"
#include "webhooks/http/ascii.hpp"

namespace webhooks::http {

namespace {

constexpr std::size_t kMaxFields = 200;
constexpr std::size_t kMaxNameInError = 64;

int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Decodes into `out`; nothing or what is wrong. `out` holds what could be read before the fault.
const char* decode(std::string_view text, std::string& out) {
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return "percent sign without two hex digits";
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return bot::is_valid_utf8(out) ? nullptr : "not UTF-8, or a NUL";
}

FormError error_in(std::size_t number, const std::string& name, const char* reason) {
    const bool nameable = !name.empty() && name.size() <= kMaxNameInError && bot::is_valid_utf8(name);
    return {nameable ? name : std::string("#").append(std::to_string(number)), reason};
}

void encode(std::string_view text, std::string& out) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_alpha(c) || is_digit(c) || c == '*' || c == '-' || c == '.' || c == '_') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            const auto byte = static_cast<std::uint8_t>(c);
            out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
}

}  // namespace

boost::system::result<Form, FormError> parse_form(std::string_view body) {
    Form form;
    while (!body.empty()) {
        const std::size_t end = std::min(body.find('&'), body.size());
        const std::string_view pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (pair.empty()) continue;
        if (form.size() == kMaxFields) return error_in(kMaxFields + 1, {}, "more than 200 fields");

        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto& [name, value] = form.emplace_back();
        const char* failed = decode(pair.substr(0, equals), name);
        if (failed == nullptr && equals < pair.size()) failed = decode(pair.substr(equals + 1), value);
        if (failed != nullptr) return error_in(form.size(), name, failed);
    }
    return form;
}

std::optional<std::string_view> field(const Form& form, std::string_view name) noexcept {
    for (const auto& [key, value] : form) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::string encode_form(const Form& form) {
    std::string out;
    for (const auto& [name, value] : form) {
        if (!out.empty()) out += '&';
        encode(name, out);
        out += '=';
        encode(value, out);
    }
    return out;
}

}  // namespace webhooks::http
