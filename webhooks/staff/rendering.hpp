#pragma once
#include <nlohmann/json.hpp>

#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// Rows as the API shows them: allow lists of fields, times as ISO 8601 UTC.
[[nodiscard]] std::string iso_time(bot::TimePoint at);
[[nodiscard]] nlohmann::json render(const store::ContactRow& row, bool sees_numbers);
[[nodiscard]] nlohmann::json render(const store::MessageRow& row);
[[nodiscard]] nlohmann::json render(const store::EscalationRow& row);
[[nodiscard]] nlohmann::json render(const store::ConsentEntry& entry);

}  // namespace webhooks::staff
