#include "webhooks/net/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace webhooks::net {

namespace {

constexpr std::int64_t kLongest = 86'400;

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (stop != end || text.empty() || text.front() == '-') return std::nullopt;
    if (failed == std::errc::result_out_of_range) return kLongest;
    return failed == std::errc{} ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> until_date(const std::string& text, const IncomingReply& reply) {
    const std::string* const date = header(reply, "date");
    if (date == nullptr) return std::nullopt;
    const std::int64_t from = curl_getdate(date->c_str(), nullptr);
    const std::int64_t to = curl_getdate(text.c_str(), nullptr);
    return from < 0 || to < 0 ? std::nullopt : std::optional(to - from);
}

}  // namespace

const std::string* header(const IncomingReply& reply, std::string_view name) noexcept {
    for (const auto& [key, value] : reply.headers)
        if (key == name) return &value;
    return nullptr;
}

std::optional<std::chrono::seconds> retry_after(const IncomingReply& reply) {
    const std::string* const text = header(reply, "retry-after");
    if (text == nullptr) return std::nullopt;
    auto wait = whole_number(*text);
    if (!wait) wait = until_date(*text, reply);
    if (!wait) return std::nullopt;
    return std::chrono::seconds{std::clamp<std::int64_t>(*wait, 0, kLongest)};
}

}  // namespace webhooks::net
