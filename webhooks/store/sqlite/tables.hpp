#pragma once
#include "webhooks/store/cell.hpp"
#include "webhooks/store/sqlite/connection.hpp"
#include "webhooks/store/store.hpp"

/// What `read_escalation` reads. A macro, because statements are literals.
#define HANDRAIL_ESCALATION_COLUMNS                                                                  \
    "id, code, contact, priority, state, call_do_not_text, opened_at, next_rung, repeats, next_due," \
    " acknowledged_at, sealed"

/// What the writing and the reading side both know about the tables of migrations/sqlite.
namespace webhooks::store::sqlite {

// The numbers that stand in SQL.
static_assert(static_cast<int>(OutboxState::queued) == 0 && static_cast<int>(OutboxState::wired) == 1 &&
              static_cast<int>(OutboxState::errored) == 2 && static_cast<int>(OutboxState::sent) == 3 &&
              static_cast<int>(OutboxState::delivered) == 4 && static_cast<int>(OutboxState::failed) == 5 &&
              static_cast<int>(OutboxState::unknown) == 6 && static_cast<int>(OutboxState::cancelled) == 7 &&
              static_cast<int>(OutboxState::stale) == 8);
static_assert(static_cast<int>(bot::EscalationState::resolved) == 3);
static_assert(static_cast<int>(bot::MessageKind::opt_out_confirm) == 2 &&
              static_cast<int>(bot::MessageKind::reply) == 4);
static_assert(static_cast<int>(PageState::claimed) == 1 && static_cast<int>(PageState::calling) == 2 &&
              static_cast<int>(PageState::cancelled) == 7);
static_assert(static_cast<int>(bot::Consent::opted_out) == 5);

/// Places of sealed cells. They are part of the file format.
namespace column {
inline constexpr std::string_view kContactNumber = "contact.number";
inline constexpr std::string_view kConversation = "contact.sealed";
inline constexpr std::string_view kInbound = "inbound.sealed";
inline constexpr std::string_view kInboundPart = "inbound_part.sealed";
inline constexpr std::string_view kAnswered = "inbound.answered";
inline constexpr std::string_view kOutbox = "outbox.sealed";
inline constexpr std::string_view kTimerName = "timer.name";
inline constexpr std::string_view kEscalation = "escalation.sealed";
inline constexpr std::string_view kEscalationLog = "escalation_log.sealed";
inline constexpr std::string_view kConsent = "consent_ledger.sealed";
inline constexpr std::string_view kHook = "hook.sealed";
inline constexpr std::string_view kEvents = "event_batch.sealed";
inline constexpr std::string_view kPage = "page.sealed";
inline constexpr std::string_view kResponder = "responder.sealed";
inline constexpr std::string_view kOverride = "oncall_override.sealed";
inline constexpr std::string_view kQuarantine = "quarantine.sealed";
}  // namespace column

/// Fields of one event in the cell of its batch: type, time in ms, data.
inline constexpr std::size_t kEventFields = 3;

/// @param row  consent, turn, account, last_at, sealed. @return nullopt before the first save
[[nodiscard]] std::optional<ConversationRow> read_conversation(const Vault& vault, ContactId contact,
                                                               Row row);

/// @param row  HANDRAIL_ESCALATION_COLUMNS
[[nodiscard]] EscalationRow read_escalation(const Vault& vault, Row row);

}  // namespace webhooks::store::sqlite
