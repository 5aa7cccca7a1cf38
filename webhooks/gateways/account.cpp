#include "webhooks/gateways/account.hpp"

#include <algorithm>
#include <stdexcept>

#include "bot/redact.hpp"
#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/net/origin.hpp"

namespace webhooks::gateways {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
    constexpr std::string_view kBlanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return http::equals_ignoring_case(text, word); });
}

bool is_usual_carrier_keyword(std::string_view text) noexcept {
    return is_one_of(text,
                     {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "start", "unstop", "help"});
}

Account::Account(const AccountSettings& settings, const std::string& public_url)
    : settings_(settings), public_url_(public_url) {}

http::Response Account::accepted() const {
    http::Response response;
    response.status = 204;
    return response;
}

std::optional<std::string> Account::read_inquiry(const net::IncomingReply& reply) const {
    if (reply.status == 401 || reply.status == 403)
        return "the gateway does not know these credentials (" + std::to_string(reply.status) + ")";
    if (reply.status < 200 || reply.status >= 300)
        return "the gateway's API answers " + std::to_string(reply.status);
    return std::nullopt;
}

bool Account::is_own_origin(const std::string& origin) const {
    return origin == net::origin_of(settings_.api_base);
}

std::optional<net::OutgoingRequest> Account::build_media_fetch(const std::string& url) const {
    constexpr std::size_t kMostBytes = 5 * 1024 * 1024;
    constexpr std::chrono::seconds kDeadline{20};
    const auto origin = net::origin_of(url);
    const auto is_it = [&](const std::string& allowed) { return net::origin_of(allowed) == origin; };
    if (!origin || std::ranges::none_of(settings_.pictures_from, is_it)) return std::nullopt;
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = url;
    request.deadline = kDeadline;
    request.most_body = kMostBytes;
    // http is allowed to this machine only (config_gateways.cpp), and there only as the operator wrote it.
    request.only_public = origin->starts_with("https://");
    if (is_own_origin(*origin)) authorize(request);
    return request;
}

std::string Account::webhook_url(std::string_view end) const {
    std::string url = public_url_ + "/webhooks/";
    url.append(settings_.kind).append("/").append(settings_.name).append("/").append(end);
    return url;
}

void Account::add(Events& events, InboundMessage message, const FieldNames& names) const {
    const auto refuse = [&](Refusal why, std::string_view field, const char* detail) {
        events.refused.push_back({why, std::string(field), detail});
    };
    if (!is_plain(message.external_id, kLongestId))
        return refuse(Refusal::malformed_body, names.id, "must be 1 to 128 visible ASCII characters");
    if (!bot::is_e164(message.from))
        return refuse(Refusal::malformed_body, names.from, "must be a number in E.164 form");
    if (!bot::is_line_number(message.to))
        return refuse(Refusal::malformed_body, names.to, "must be a number in E.164 form or a short code");
    const auto is_ours = [this](const std::string& number) {
        return std::ranges::find(settings_.numbers, number) != settings_.numbers.end();
    };
    if (!is_ours(message.to) && is_ours("+" + message.to)) message.to.insert(0, "+");
    if (!is_ours(message.to))
        return refuse(Refusal::wrong_number, names.to, "is not a number of this account");
    events.messages.push_back(std::move(message));
}

net::OutgoingRequest Account::probe(std::string body, const char* content_type) const {
    net::OutgoingRequest request;
    request.url = webhook_url("probe");
    request.body = std::move(body);
    request.headers = {std::string("Content-Type: ") + content_type};
    return request;
}

net::OutgoingRequest Account::inquiry(std::string url) const {
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = std::move(url);
    request.headers = {"Accept: application/json"};
    authorize(request);
    return request;
}

net::OutgoingRequest Account::list_inquiry(std::string url) const {
    auto request = inquiry(std::move(url));
    request.most_body = kMostOfAList;
    return request;
}

std::optional<std::string> Account::check_called(const std::vector<std::string>& called, std::string_view who,
                                                 std::string_view of) const {
    const std::string ours = webhook_url("sms");
    const auto is_ours = [&](const std::string& url) { return url.substr(0, url.find('#')) == ours; };
    const bool are_all = of.empty() || of == std::to_string(called.size());
    if (!are_all || std::ranges::any_of(called, is_ours)) return std::nullopt;
    std::string wrong = "no ";
    wrong.append(who).append(" of this account has ").append(ours);
    return wrong.append(" as its webhook for texts: they go elsewhere, or nowhere");
}

void Account::require_secret(const std::string& secret, const char* what) {
    if (secret.empty()) throw std::invalid_argument(std::string(what) + " is empty: anybody could sign");
}

std::vector<std::string> Account::live(const std::string& secret, const std::string& previous) {
    std::vector<std::string> all{secret};
    if (!previous.empty()) all.push_back(previous);
    return all;
}

}  // namespace webhooks::gateways
