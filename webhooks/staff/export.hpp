#pragma once
#include <nlohmann/json.hpp>

#include "bot/time.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// Everything the line keeps of a contact, as it is handed out to them: the whole number, texts both ways,
/// consent, escalations, notes, check-ins to come. On a reader's thread.
[[nodiscard]] nlohmann::json export_of(store::StoreReader& reader, const store::ContactRow& row,
                                       bot::TimePoint now);

}  // namespace webhooks::staff
