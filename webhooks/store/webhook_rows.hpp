#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "bot/time.hpp"

namespace webhooks::store {

/// `off`: by an administrator. `given_up`: by us, after lasting failure.
enum class WebhookState : std::uint8_t { on, off, given_up };

/// A webhook that an administrator manages, beside those of the configuration. It gets live events: each is
/// owed to it by the very transaction that publishes the event.
struct WebhookRow {
    std::int64_t id = 0;  ///< above those of the configuration, which count from 1
    WebhookState state = WebhookState::on;
    std::set<std::string> events;  ///< types; empty: every one
    std::string name, url;
    std::string secret;      ///< "whsec_..."
    std::string old_secret;  ///< signs beside the new one until `old_until`; empty: none
    std::optional<bot::TimePoint> old_until;
    std::optional<bot::TimePoint> failing_since;  ///< nothing has been taken since; empty: all is well
    std::string created_by;
    bot::TimePoint created_at;
};

/// The first id of a managed webhook.
inline constexpr std::int64_t kFirstWebhook = 1'001;

/// Where its deliveries are in the table of all of them. No name of the configuration has a '/'.
[[nodiscard]] inline std::string endpoint_of_webhook(std::int64_t id) {
    return "webhook/" + std::to_string(id);
}

/// A delivery to another system, as an administrator sees it.
struct DeliveryRow {
    std::int64_t id = 0;
    std::string endpoint, event, key, state;  ///< state: due, sending, sent, failed
    std::string outcome;                      ///< of the last try: "204", "no_answer"; empty: none yet
    std::uint32_t attempts = 0;
    bot::TimePoint at, updated_at;
};

}  // namespace webhooks::store
