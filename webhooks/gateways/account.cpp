#include "webhooks/gateways/account.hpp"

#include <algorithm>
#include <stdexcept>

#include "bot/redact.hpp"
#include "webhooks/gateways/fields.hpp"
#include "webhooks/http/ascii.hpp"

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

net::OutgoingRequest Account::inquiry(std::string url) {
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = std::move(url);
    request.headers = {"Accept: application/json"};
    return request;
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
