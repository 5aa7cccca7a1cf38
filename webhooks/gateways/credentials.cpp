#include "webhooks/gateways/credentials.hpp"

#include <charconv>

#include "bot/json_text.hpp"
#include "webhooks/http/ascii.hpp"

namespace webhooks::gateways {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::chrono::seconds kTolerance = 5min;

std::chrono::seconds seconds_of(bot::TimePoint now) {
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
}

json read_part(std::string_view part) { return json::parse(net::decode_base64url(part), nullptr, false); }

/// A claim that is a time; nothing when it is absent, and a time that never holds when it is anything else.
std::optional<std::int64_t> time_claim(const json& claims, const char* name, std::int64_t never) {
    const auto it = claims.find(name);
    if (it == claims.end()) return std::nullopt;
    return it->is_number_integer() ? it->get<std::int64_t>() : never;
}

}  // namespace

std::optional<Refused> check_basic(const http::Request& request, std::string_view user,
                                   const std::vector<std::string>& passwords) {
    constexpr std::string_view kScheme = "basic ";
    const auto given = request.header("Authorization");
    if (!given || given->size() <= kScheme.size() ||
        !http::equals_ignoring_case(given->substr(0, kScheme.size()), kScheme))
        return Refused{Refusal::missing_signature, {}, "Authorization: Basic is missing"};
    const std::string credentials = net::decode_base64(given->substr(kScheme.size()));
    bool fits = false;
    for (const std::string& password : passwords) {
        std::string wanted(user);
        wanted.append(":").append(password);
        fits |= net::same_secret(credentials, wanted);
    }
    if (!fits) return Refused{Refusal::bad_signature, {}, "user name or password does not fit"};
    return std::nullopt;
}

bool holds_signature(std::string_view joined, std::string_view expected) {
    constexpr int kMost = 8;
    bool found = false;
    for (int i = 0; i < kMost && !joined.empty(); ++i) {
        const std::size_t end = std::min(joined.find(','), joined.size());
        found |= net::same_secret(joined.substr(0, end), expected);
        joined.remove_prefix(std::min(end + 1, joined.size()));
    }
    return found;
}

std::optional<std::chrono::seconds> read_timestamp(std::string_view text) noexcept {
    std::int64_t seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, seconds);
    if (failed != std::errc{} || stop != end || text.front() == '-') return std::nullopt;
    return std::chrono::seconds{seconds};
}

bool is_current(std::chrono::seconds timestamp, bot::TimePoint now) noexcept {
    const auto today = seconds_of(now);
    return timestamp >= today - kTolerance && timestamp <= today + kTolerance;
}

std::optional<json> verify_jwt(std::string_view token, const std::vector<std::string>& keys,
                               std::initializer_list<JwtAlgorithm> algorithms) {
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', std::min(first, token.size() - 1) + 1);
    if (token.empty() || first == std::string_view::npos || second == std::string_view::npos)
        return std::nullopt;
    const json header = read_part(token.substr(0, first));
    json claims = read_part(token.substr(first + 1, second - first - 1));
    const std::string signature = net::decode_base64url(token.substr(second + 1));
    if (!header.is_object() || !claims.is_object() || signature.empty()) return std::nullopt;
    const auto wanted = header.find("alg");
    bool fits = false;
    for (const JwtAlgorithm& algorithm : algorithms) {
        if (wanted == header.end() || *wanted != algorithm.name) continue;
        for (const std::string& key : keys)
            fits |= net::same_secret(signature, net::hmac(algorithm.hash, key, token.substr(0, second)));
    }
    if (!fits) return std::nullopt;
    return {std::move(claims)};
}

std::string sign_jwt(const json& claims, std::string_view key) {
    std::string token = net::encode_base64url(R"({"alg":"HS256","typ":"JWT"})");
    token += '.';
    token += net::encode_base64url(bot::json_text(claims));
    const std::string signature = net::encode_base64url(net::hmac(net::Hash::sha256, key, token));
    token += '.';
    token += signature;
    return token;
}

bool is_within_its_time(const json& claims, bot::TimePoint now, std::chrono::seconds leeway) noexcept {
    const std::int64_t today = seconds_of(now).count();
    const auto until = time_claim(claims, "exp", 0);
    const auto from = time_claim(claims, "nbf", INT64_MAX);
    return (!until || *until > today - leeway.count()) && (!from || *from <= today + leeway.count());
}

}  // namespace webhooks::gateways
