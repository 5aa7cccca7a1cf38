#include "webhooks/gateways/api.hpp"

#include <date/date.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/net/parse_time.hpp"
#include "webhooks/net/retry_after.hpp"

namespace webhooks::gateways {

net::OutgoingRequest json_post(std::string url, const nlohmann::json& body) {
    net::OutgoingRequest request;
    request.url = std::move(url);
    request.body = bot::json_text(body);
    request.headers = {"Content-Type: application/json", "Accept: application/json"};
    return request;
}

net::OutgoingRequest form_post(std::string url, const http::Form& body) {
    net::OutgoingRequest request;
    request.url = std::move(url);
    request.body = http::encode_form(body);
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
    return request;
}

std::string authorization(std::string_view scheme, std::string_view token) {
    std::string line = "Authorization: ";
    line.append(scheme).append(" ").append(token);
    return line;
}

nlohmann::json reply_document(const net::IncomingReply& reply) {
    return nlohmann::json::parse(reply.body, nullptr, false);
}

std::optional<Listed> read_listed(const net::IncomingReply& reply, const char* list, const char* time,
                                  bot::TimePoint since, bot::TimePoint until) {
    const nlohmann::json document = reply_document(reply);
    const nlohmann::json* const all = find(document, {list});
    if (reply.status != 200 || all == nullptr || !all->is_array()) return std::nullopt;
    std::vector<std::pair<bot::TimePoint, const nlohmann::json*>> found;
    bot::TimePoint before = since;
    for (auto entry = all->rbegin(); entry != all->rend(); ++entry) {  // the latest stand first
        const auto at = net::parse_time(text_at(*entry, {time}));
        if (!at || (*at >= since && *at <= until)) found.emplace_back(at.value_or(before), &*entry);
        before = at.value_or(before);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Listed listed{{}, all->size()};
    for (const auto& [at, entry] : found) listed.entries.push_back(*entry);
    return listed;
}

bool is_in(std::string_view codes, std::string_view code) noexcept {
    while (!codes.empty()) {
        const std::size_t end = std::min(codes.find(' '), codes.size());
        if (codes.substr(0, end) == code) return true;
        codes.remove_prefix(std::min(end + 1, codes.size()));
    }
    return false;
}

void read_code(DeliveryReport& report, const CodeTable& codes) {
    report.opted_out = is_in(codes.opted_out, report.error_code);
    report.filtered = is_in(codes.filtered, report.error_code);
    if (report.opted_out) report.state = DeliveryReport::State::failed;
}

SendOutcome judge(const net::IncomingReply& reply, std::string code, const CodeTable& codes) {
    const long status = reply.status;
    if (!is_plain(code, kLongestCode)) code = "http_" + std::to_string(status);
    if (is_in(codes.opted_out, code)) return RecipientOptedOut{std::move(code)};
    if (is_in(codes.account, code) || status == 401 || status == 402)
        return TryAgain{std::move(code), net::retry_after(reply), true};
    if (is_in(codes.passing, code) || status == 408 || status == 425 || status == 429 || status >= 500)
        return TryAgain{std::move(code), net::retry_after(reply)};
    return Rejected{std::move(code)};
}

std::string utc_time(bot::TimePoint time) {
    return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace webhooks::gateways
