#pragma once
#include <optional>
#include <set>
#include <string>

#include "webhooks/oncall/roster.hpp"
#include "webhooks/staff/fields.hpp"

namespace webhooks::staff {

// What an administrator says of a webhook, checked. Defects are left with `fields`.

/// An https URL; with an address written out, a public one. Where the settings allow private ones, http too.
/// What a name resolves to is looked at when it is connected to, each time.
[[nodiscard]] std::string webhook_url(Fields& fields, std::string url,
                                      const oncall::WebhookSettings& settings);
/// `events`: types of live events; absent: nothing.
[[nodiscard]] std::optional<std::set<std::string>> webhook_events(Fields& fields);

}  // namespace webhooks::staff
