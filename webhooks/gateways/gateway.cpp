#include "webhooks/gateways/gateway.hpp"

#include <algorithm>

namespace webhooks::gateways {

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::bad_signature:
            return "bad_signature";
        case Refusal::missing_signature:
            return "missing_signature";
        case Refusal::stale_timestamp:
            return "stale_timestamp";
        case Refusal::malformed_body:
            return "malformed_body";
        case Refusal::wrong_account:
            return "wrong_account";
        case Refusal::wrong_number:
            return "wrong_number";
    }
    return "bad_signature";
}

std::optional<Refused> check_number(const std::vector<std::string>& ours, const InboundMessage& message,
                                    std::string field) {
    if (std::ranges::find(ours, message.to) != ours.end()) return std::nullopt;
    return Refused{Refusal::wrong_number, std::move(field), "is not a number of this account"};
}

bool is_carrier_keyword(std::string_view text) noexcept {
    constexpr std::string_view kWords[]{"stop",   "stopall", "unsubscribe", "cancel", "end",
                                        "quit",   "revoke",  "optout",      "start",  "yes",
                                        "unstop", "help",    "info"};
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
    text.remove_prefix(first);
    text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
    return std::ranges::any_of(kWords,
                               [&](std::string_view word) { return std::ranges::equal(text, word, same); });
}

}  // namespace webhooks::gateways
