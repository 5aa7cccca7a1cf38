#include <algorithm>

#include "webhooks/config_sections.hpp"

namespace webhooks {

namespace {

/// "+", then the first digits of the numbers that may be texted.
const TextRule kPrefix{[](std::string_view text) {
                           return text.size() >= 2 && text.size() <= 12 && text[0] == '+' && text[1] != '0' &&
                                  std::all_of(text.begin() + 1, text.end(),
                                              [](char c) { return c >= '0' && c <= '9'; });
                       },
                       "the beginning of a number in E.164 form, like \"+1\""};
constexpr int kMost = 10'000'000;

}  // namespace

void read_sending(ConfigTable sending, Config& config) {
    outbox::SendingLimits& limits = config.sending;
    sending.flag("replies_by_another_gateway", config.replies_by_another_gateway);
    sending.texts("allowed_prefixes", limits.allowed_prefixes, kPrefix);
    sending.number("per_number_a_day", limits.per_number_a_day, 0, kMost);
    sending.number("per_prefix_an_hour", limits.per_prefix_an_hour, 0, kMost);
    sending.number("an_hour", limits.an_hour, 0, kMost);
    sending.number("a_day", limits.a_day, 0, kMost);
    sending.number("automatic_in_10_min", limits.automatic_in_10_min, 0, kMost);
    sending.number("automatic_a_day", limits.automatic_a_day, 0, kMost);
    sending.refuse_unknown_keys();
}

void read_reconcile(ConfigTable reconcile, Config& config) {
    using namespace std::chrono_literals;
    reconcile.duration("every", config.reconcile_every, 0ms, 24h);
    reconcile.refuse_unknown_keys();
}

}  // namespace webhooks
