#include "webhooks/http/response_head.hpp"

#include <array>
#include <charconv>

#include "webhooks/http/ascii.hpp"

namespace webhooks::http {

namespace {

struct Default {
    std::string_view name;
    std::string_view value;
};
constexpr std::array<Default, 4> kDefaults{{
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

std::string_view reason_of(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

void append(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append(std::string& out, std::size_t number) {
    std::array<char, 24> digits{};
    const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end);
}

bool is_framing(std::string_view name) noexcept {
    return equals_ignoring_case(name, "Content-Length") || equals_ignoring_case(name, "Transfer-Encoding") ||
           equals_ignoring_case(name, "Connection") || equals_ignoring_case(name, "Date");
}

bool has(const Response& response, std::string_view name) noexcept {
    return std::ranges::any_of(response.headers,
                               [&](const auto& header) { return equals_ignoring_case(header.first, name); });
}

}  // namespace

void ResponseHead::write_date(std::string& out) {
    const std::time_t now = std::time(nullptr);
    if (now != second_) {
        std::tm utc{};
        gmtime_r(&now, &utc);
        std::array<char, 64> text{};
        date_.assign(text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc));
        second_ = now;
    }
    append(out, "Date", date_);
}

bool ResponseHead::write(const Response& response, bool close, std::string& out) {
    if (response.status < 200 || response.status > 599) return false;
    out.assign("HTTP/1.1 ");
    append(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason_of(response.status)).append("\r\n");
    write_date(out);
    for (const auto& [name, value] : response.headers) {
        if (!is_token(name) || !std::ranges::all_of(value, is_value_char)) return false;
        if (!is_framing(name)) append(out, name, value);
    }
    for (const Default& each : kDefaults) {
        if (!has(response, each.name)) append(out, each.name, each.value);
    }
    if (!response.stream && !bodiless(response.status)) {
        out.append("Content-Length: ");
        append(out, response.body.size());
        out.append("\r\n");
    }
    if (close || response.stream) append(out, "Connection", "close");
    out.append("\r\n");
    return true;
}

}  // namespace webhooks::http
