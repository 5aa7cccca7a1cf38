#pragma once
#include <nlohmann/json.hpp>

#include "bot/conversation.hpp"
#include "bot/engine.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// Rows as the API shows them: allow lists of fields, times as ISO 8601 UTC.
[[nodiscard]] std::string iso_time(bot::TimePoint at);
[[nodiscard]] nlohmann::json iso_time(const std::optional<bot::TimePoint>& at);  ///< null: none
[[nodiscard]] nlohmann::json render(const store::ContactRow& row, bool sees_numbers);
/// The contact as the queue and an opened conversation show them.
[[nodiscard]] nlohmann::json render_contact(const store::ContactRow& row, const bot::Conversation& state,
                                            const bot::LineSettings& line, bool sees_numbers,
                                            bot::TimePoint now);
[[nodiscard]] nlohmann::json render_place(const bot::Conversation& state);
[[nodiscard]] nlohmann::json render(const store::MessageRow& row);
/// What was sent with an incoming text, by MMS.
[[nodiscard]] std::vector<bot::Media> media_of(const store::MessageRow& row);
[[nodiscard]] nlohmann::json render(const store::EscalationRow& row);
[[nodiscard]] nlohmann::json render(const store::TaskRow& task);
[[nodiscard]] nlohmann::json render(const store::ConsentEntry& entry);
[[nodiscard]] nlohmann::json render(const store::NoteRow& note);
[[nodiscard]] nlohmann::json render(const store::EscalationLogEntry& entry);
/// The last call that the holder of a case asked for: who, and how far it is; null: none.
[[nodiscard]] nlohmann::json render_call(const std::vector<store::EscalationLogEntry>& history);
[[nodiscard]] nlohmann::json render(const store::AuditEntry& entry);
[[nodiscard]] nlohmann::json render(const store::SavedReplyRow& reply);
[[nodiscard]] nlohmann::json render(const store::ErasureRow& erasure);
[[nodiscard]] nlohmann::json render(const store::AccountRow& account);
[[nodiscard]] nlohmann::json render(const store::TokenRow& token);

}  // namespace webhooks::staff
