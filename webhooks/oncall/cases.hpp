#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "bot/effect.hpp"
#include "bot/event.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

/// Escalations as durable records. Every function works inside the caller's transaction: a page, a webhook
/// and the history are rows of the same commit as what caused them.

/// The reason of a case that nobody texted for: its pages say so.
inline constexpr std::string_view kDrill = "drill";

/// News for the texter's conversation: the caller feeds it to the engine in the same transaction.
struct Told {
    store::ContactId contact;
    bot::EscalationChanged change;
};

/// Raise a case for a contact. While an unresolved one exists it is raised or noted instead: one person, one
/// case.
/// @return what it came to, for the metrics: the case and whether it is new
struct Opened {
    store::EscalationRow row;
    bool is_new = true;
};
Opened open_case(store::StoreTx& tx, const Roster& roster, store::ContactId contact,
                 const bot::OpenEscalation& effect, bot::TimePoint now);
void raise_case(store::StoreTx& tx, const Roster& roster, store::ContactId contact,
                const bot::RaiseEscalation& effect, bot::TimePoint now);
/// When not even a case can be opened: everybody on call is told that a text waits unread, once for `key`.
void page_without_case(store::StoreTx& tx, const Roster& roster, const std::string& key, bot::TimePoint now);
/// The texter has opted in again: their open case, if there is one, no longer says "call, do not text", and
/// whoever holds it is told.
void texter_is_back(store::StoreTx& tx, const Roster& roster, store::ContactId contact, bot::TimePoint now);

/// A task of a contact whose case somebody has already: they are told, and nobody else is paged.
void tell_holder_of_task(store::StoreTx& tx, const Roster& roster, const store::EscalationRow& row,
                         const store::TaskRow& task, bool late, bot::TimePoint now);

/// Whoever has this conversation is asked whether they are still there: on their phone when they are on the
/// roster, and at the dashboard (live event "conversation.idle").
void ask_holder(store::StoreTx& tx, const Roster& roster, store::ContactId contact, const bot::AskHolder& ask,
                bot::TimePoint now);

/// Climb every ladder that is due, at most `limit`: pages and webhooks become rows. A ladder keeps the policy
/// it was opened with, but when nobody it names is on call any more, today's takes its place.
struct Climbed {
    std::size_t ladders = 0;
    std::vector<Told> told;
};
[[nodiscard]] Climbed climb_due(store::StoreTx& tx, const Roster& roster, bot::TimePoint now,
                                std::size_t limit);

/// The wall clock was put back by so much under a running server: what ladders wait for does not move away.
void clock_put_back(store::StoreTx& tx, std::chrono::milliseconds by, bot::TimePoint now);

/// A page of this case will not arrive: the same text leaves by our next number. When there is none, when no
/// other way of the last rung may reach anybody either, and the next rung pages somebody else too, that one
/// is due at once (I4). After the last rung the ladder keeps its own time, so that a dead phone does not page
/// everybody without end.
/// @param key  of the page that failed
void page_failed(store::StoreTx& tx, const Roster& roster, store::EscalationId escalation,
                 std::string_view key, bot::TimePoint now);

struct Acknowledged {
    bool accepted = false;
    std::string holder;           ///< who has it: `by`, or whoever was first
    bool waits_for_more = false;  ///< taken, but another person has to acknowledge too
    bot::Priority priority = bot::Priority::p1;
    std::chrono::milliseconds after{0};  ///< since it was opened
    std::optional<Told> told;
};
/// An acknowledgement is a lease: without words to the texter (`human_spoke`) in the time the policy gives,
/// the ladder climbs on.
[[nodiscard]] Acknowledged acknowledge(store::StoreTx& tx, const Roster& roster, store::EscalationRow row,
                                       std::string_view by, bot::TimePoint now);
/// They cannot take it, or cannot go on with it: it goes on to the next. @return false when another has it
[[nodiscard]] bool pass_on(store::StoreTx& tx, const Roster& roster, store::EscalationRow row,
                           std::string_view by, bot::TimePoint now);
/// Words of a human have reached this texter, typed by `by` on any way there is: their open case, if there is
/// one, is theirs, and its lease is extended.
/// @param by_phone  typed on their own phone, through the line's number: answers go there
/// @return news for the texter's conversation, when the case was nobody's before
std::optional<Told> human_spoke(store::StoreTx& tx, const Roster& roster, store::ContactId contact,
                                std::string_view by, bot::TimePoint now, bool by_phone = false);
/// Only a human ends a case, and what they were paged for is done with it. @param reason  in their words, for
/// the record; may be empty
[[nodiscard]] std::optional<Told> resolve(store::StoreTx& tx, const Roster& roster, store::EscalationRow row,
                                          std::string_view by, bot::TimePoint now,
                                          std::string_view reason = {});
/// Staff have ended this task, and with it the case that only its time had opened. A case stays open while
/// another task of theirs is due, and when anybody has asked for anything since it was opened: that came to
/// it as a note, whatever its priority (I4).
/// @param task  as it was before it was ended  @param outcome  "reached"
[[nodiscard]] std::optional<Told> close_with_task(store::StoreTx& tx, const Roster& roster,
                                                  const store::TaskRow& task, std::string_view by,
                                                  bot::TimePoint now, std::string_view outcome);

/// The page as it is texted: priority, case code, waiting time; never the texter's words or number.
[[nodiscard]] std::string page_text(const store::EscalationRow& row, std::string_view case_link,
                                    bot::TimePoint now);

}  // namespace webhooks::oncall
