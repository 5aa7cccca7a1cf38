#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// How one page takes its ways to a person, as rows of the caller's transaction.

/// "sms", "voice", "email", "webhook"; "call" is no page, but one put through to a texter.
[[nodiscard]] std::string_view word_for(bot::PageBy by) noexcept;
/// The keys under which a text of this key may have left: by each of our numbers in turn.
[[nodiscard]] std::vector<std::string> keys_of_ways(const Roster& roster, const std::string& key);

/// Every way of the person's rules, each at its time.
/// @param attempt  key of this attempt within the case (ladder.hpp)
void page_person(store::StoreTx& tx, const Roster& roster, const store::EscalationRow& row,
                 const bot::Responder& who, const std::string& attempt, bot::TimePoint now);

/// A page by text could not leave: the same text by our next number, when there is one.
/// @param key  of the page that failed
/// @return whether it goes on
bool page_by_other_way(store::StoreTx& tx, const Roster& roster, const store::EscalationRow& row,
                       std::string_view key, bot::TimePoint now);
/// Whether there is a further number to leave by than that of the page with this key.
[[nodiscard]] bool has_other_way(const Roster& roster, std::string_view key);

/// Whether any way of this attempt may still reach the person.
/// @param pages  of the case
[[nodiscard]] bool may_arrive(store::StoreTx& tx, const Roster& roster, const std::string& key,
                              const std::vector<store::PageRow>& pages);

/// Carries out a page whose time has come and that is no call and no e-mail: a later text, a webhook.
void send_page(store::StoreTx& tx, const Roster& roster, const store::PageRow& page, bot::TimePoint now);

/// Where a browser takes the case of this page, signed; empty when pages carry no links.
[[nodiscard]] std::string ack_link(const Roster& roster, store::PageId page);
/// The page that a link "12-Ab3..." is for; nothing when it was not signed by us.
[[nodiscard]] std::optional<store::PageId> page_of_link(const Roster& roster, std::string_view link);

}  // namespace webhooks::oncall
