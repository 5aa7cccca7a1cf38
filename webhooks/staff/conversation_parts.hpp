#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// One part of what is known of a contact: "notes", "actions", "escalations", "consent" or "check-ins".
/// @return an array
[[nodiscard]] nlohmann::json read_part(store::StoreReader& reader, const store::ContactRow& row,
                                       std::string_view part);

}  // namespace webhooks::staff
