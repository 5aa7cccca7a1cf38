#pragma once
#include <nlohmann/json.hpp>
#include <string_view>

#include "bot/conversation.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// One part of what is known of a contact: "notes", "actions", "escalations", "consent" or "check-ins".
/// @return an array
[[nodiscard]] nlohmann::json read_part(store::StoreReader& reader, const store::ContactRow& row,
                                       std::string_view part);

/// Texts that they will get, with their times.
[[nodiscard]] nlohmann::json check_ins_of(const bot::Conversation& state);

/// Whom the texter named as somebody to turn to, when they agreed that it is kept (flows/reach.json). The
/// line never contacts them. @return null: nobody
[[nodiscard]] nlohmann::json render_trusted_person(const bot::Conversation& state, bool sees_numbers);

}  // namespace webhooks::staff
