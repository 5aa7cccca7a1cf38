#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "webhooks/net/http_exchange.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// Every type of live event, which is what they may ask for.
[[nodiscard]] std::span<const std::string_view> event_types() noexcept;
[[nodiscard]] bool is_event_type(std::string_view word) noexcept;

/// Webhooks that administrators manage (store::WebhookRow), beside those of the configuration.

/// One delivery as it leaves, signed with every secret that is live.
[[nodiscard]] net::OutgoingRequest delivery_request(const store::WebhookRow& webhook,
                                                    const store::ClaimedHook& hook,
                                                    const WebhookSettings& settings, bot::TimePoint now);

/// Something was taken: whatever was wrong is over.
void webhook_took(store::StoreTx& tx, std::int64_t webhook);

/// A try failed. After lasting failure (or too much owed, or 410 Gone) the webhook is given up: it is
/// switched off, what it is owed fails, the audit log, the dashboards and the configured hooks are told, and
/// people on call too when escalations went to it.
/// @param outcome  of the try: "500", "no_answer"
/// @return whether its deliveries are to be tried on
bool webhook_failed(store::StoreTx& tx, const Roster& roster, std::int64_t webhook, std::string_view outcome,
                    bot::TimePoint now);

}  // namespace webhooks::oncall
