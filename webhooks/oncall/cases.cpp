#include "webhooks/oncall/cases.hpp"

#include <algorithm>
#include <limits>

#include "bot/json_text.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/pages.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using store::EscalationRow;
using store::StoreTx;

/// What can wait for working hours does: its steps count from when they begin.
bool put_off(StoreTx& tx, const Roster& roster, EscalationRow& row, bot::TimePoint now) {
    const auto until = row.reason == kDrill ? std::nullopt : roster.waits_until(row.ladder.priority, now);
    if (!until) return false;
    if (row.ladder.next_rung == 0) row.ladder.rungs_from = until;
    row.ladder.next_due = until;
    tx.save_escalation(row, now);
    return true;
}

/// The first rung belongs to the same commit: a page is owed from the instant the danger is on disk. But
/// when it has something to say to the texter, whose turn is being written, the clockwork runs it in a turn
/// of its own.
void page_at_once(StoreTx& tx, const Roster& roster, EscalationRow& row, bot::TimePoint now) {
    if (put_off(tx, roster, row, now)) return;
    const bot::Climb climb = bot::climb(row.ladder, bot::RungDue{}, now, reach_now(tx, roster, now));
    const bool speaks = std::ranges::any_of(climb.effects, [](const bot::PageEffect& effect) {
        return std::holds_alternative<bot::TellTexter>(effect);
    });
    if (speaks)
        tx.save_escalation(row, now);
    else
        carry_out(tx, roster, row, climb, now);
}

}  // namespace

std::string page_text(const EscalationRow& row, std::string_view case_link, bot::TimePoint now) {
    const auto since =
        std::max(now - row.ladder.opened_at, std::chrono::milliseconds{0});  // a clock put back
    const auto waiting = std::chrono::duration_cast<std::chrono::minutes>(since);
    std::string text(row.reason == kDrill ? "DRILL: " : "");
    text.append(bot::to_string(row.ladder.priority)).append(" case ").append(row.code).append(", waiting ");
    text.append(std::to_string(waiting.count())).append(" min.");
    if (row.call_do_not_text) text.append(" OPTED OUT: call, do not text.");
    text.append(" Reply ACK ").append(row.code).append(" to take it.");
    if (!case_link.empty()) text.append(" ").append(case_link).append(row.code);
    return text;
}

Opened open_case(StoreTx& tx, const Roster& roster, store::ContactId contact,
                 const bot::OpenEscalation& effect, bot::TimePoint now) {
    if (auto open = tx.open_escalation_of(contact)) {
        raise_case(tx, roster, contact, {effect.priority, effect.heard, effect.call_do_not_text}, now);
        return {*tx.escalation(open->id), false};
    }
    EscalationRow row = tx.open_escalation(
        {.contact = contact,
         .reason = effect.reason,
         .heard = effect.heard,
         .call_do_not_text = effect.call_do_not_text,
         .ladder = bot::open_escalation(effect.priority, roster.policy(effect.priority), now)});
    tx.log_escalation(row.id, "opened", {}, effect.heard, now);
    tell_world(tx, roster, row, "escalation.opened", "opened", now);
    page_at_once(tx, roster, row, now);
    return {row, true};
}

void page_without_case(StoreTx& tx, const Roster& roster, const std::string& key, bot::TimePoint now) {
    for (const bot::Responder& who : roster.people) {
        text_responder(
            tx, roster, who,
            "A text came in that the line could not handle, and no case could be opened: a fault on "
            "our side. Please read the latest conversations now.",
            std::nullopt, key + "/" + who.name, now);
    }
}

namespace {

/// False when all it names have left the configuration since, and for a policy that could not be read.
bool names_anybody(const bot::EscalationPolicy& policy, const Roster& roster) {
    const auto known = [&](const std::string& name) { return roster.knows(name); };
    return std::ranges::any_of(policy.rungs,
                               [&](const bot::Rung& rung) { return std::ranges::any_of(rung.page, known); });
}

/// From the first rung of today's policy. Attempts go on counting: a page that an earlier one resembles would
/// be taken for it.
void begin_anew(bot::Escalation& ladder, const bot::EscalationPolicy& today) {
    ladder.repeats += static_cast<std::uint32_t>(ladder.next_rung);
    ladder.next_rung = 0;
    ladder.policy = today;
}

/// Whoever has the case cannot know from the page what its texter has decided since. Said at each change: a
/// texter may go and come back more than once.
void tell_holder(StoreTx& tx, const Roster& roster, const EscalationRow& row, const std::string& news,
                 bot::TimePoint now) {
    const bot::Responder* holder = holder_of(roster, row);
    if (holder == nullptr) return;
    const std::string change = (row.call_do_not_text ? "opted-out-" : "opted-in-");
    text_responder(tx, roster, *holder, "Case " + row.code + news, row.id,
                   key_for(row, holder->name, change + std::to_string(bot::to_millis(now))), now);
}

}  // namespace

void raise_case(StoreTx& tx, const Roster& roster, store::ContactId contact,
                const bot::RaiseEscalation& effect, bot::TimePoint now) {
    auto row = tx.open_escalation_of(contact);
    if (!row) {  // resolved meanwhile: graver news opens it anew
        open_case(tx, roster, contact, {"raised", effect.priority, effect.note, effect.call_do_not_text},
                  now);
        return;
    }
    const bool news = effect.call_do_not_text && !row->call_do_not_text;
    row->call_do_not_text |= effect.call_do_not_text;
    tx.log_escalation(row->id, "note", {}, effect.note, now);
    if (news) tell_holder(tx, roster, *row, " has OPTED OUT: call, do not text.", now);
    if (effect.priority >= row->ladder.priority) {
        tx.save_escalation(*row, now);
        publish_case(tx, *row, "escalation.noted", now);
        return;
    }
    const bot::Climb raised =
        bot::climb(row->ladder, bot::Raise{effect.priority, roster.policy(effect.priority)}, now);
    row->ladder = raised.next;
    tell_world(tx, roster, *row, "escalation.raised",
               "raised-" + std::string(bot::to_string(effect.priority)), now);
    page_at_once(tx, roster, *row, now);
}

void texter_is_back(StoreTx& tx, const Roster& roster, store::ContactId contact, bot::TimePoint now) {
    auto row = tx.open_escalation_of(contact);
    if (!row || !row->call_do_not_text) return;
    row->call_do_not_text = false;
    tx.log_escalation(row->id, "note", {}, "opted in again", now);
    tell_holder(tx, roster, *row, " is back: may be texted again.", now);
    tx.save_escalation(*row, now);
    publish_case(tx, *row, "escalation.noted", now);
}

void tell_holder_of_task(StoreTx& tx, const Roster& roster, const EscalationRow& row,
                         const store::TaskRow& task, bool late, bot::TimePoint now) {
    const bot::Responder* holder = holder_of(roster, row);
    if (holder == nullptr) return;
    const bool call = task.kind == bot::TaskKind::call_back;
    std::string text = "Case " + row.code;
    text.append(call ? ": a call they asked for" : ": a missed visit to follow up");
    text.append(late ? " is late." : " is due.");
    const std::string which = std::string(late ? "task-late-" : "task-") + std::to_string(task.id);
    text_responder(tx, roster, *holder, std::move(text), row.id, key_for(row, holder->name, which), now);
}

namespace {

std::string idle_text(const std::string& code, const bot::AskHolder& ask, bot::TimePoint now) {
    std::string text = code.empty() ? "A conversation that you have at the dashboard" : "Case " + code;
    text += ask.waits ? ": they have written and wait for you. " : ": are you still there? ";
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(ask.until - now).count();
    text += "In " + std::to_string(minutes) + " min the guide answers them again";
    text += ask.waits ? " and others are paged. " : ". ";
    return text +
           (code.empty() ? "Write to them, or press Keep." : "Write to them, or send KEEP " + code + ".");
}

}  // namespace

void ask_holder(StoreTx& tx, const Roster& roster, store::ContactId contact, const bot::AskHolder& ask,
                bot::TimePoint now) {
    const auto open = tx.open_escalation_of(contact);
    const bool is_case = open && open->ladder.acknowledged_by == ask.by;
    tx.publish("conversation.idle", bot::json_text({{"contact", contact.value}, {"held_by", ask.by}}), now);
    const bot::Responder* who = roster.by_name(ask.by);
    if (who == nullptr) return;
    const std::string key =
        "idle-" + std::to_string(contact.value) + "-" + std::to_string(bot::to_millis(ask.until));
    text_responder(tx, roster, *who, idle_text(is_case ? open->code : std::string(), ask, now),
                   is_case ? std::optional(open->id) : std::nullopt, key, now);
}

namespace {

constexpr std::chrono::minutes kBetweenTries{10};

std::vector<Told> climb_one(StoreTx& tx, const Roster& roster, EscalationRow row, bot::TimePoint now) {
    if (put_off(tx, roster, row, now)) return {};
    const bot::EscalationPolicy& today = roster.policy(row.ladder.priority);
    if (!names_anybody(row.ladder.policy, roster) && names_anybody(today, roster))
        begin_anew(row.ladder, today);
    return carry_out(tx, roster, row, bot::climb(row.ladder, bot::RungDue{}, now, reach_now(tx, roster, now)),
                     now);
}

/// A ladder that cannot climb must keep nobody else's from climbing, nor be silent: everybody is paged, and
/// it is tried again later.
void page_for_broken_ladder(StoreTx& tx, const Roster& roster, EscalationRow row,
                            const std::exception_ptr& why, bot::TimePoint now) {
    telemetry::log(telemetry::Level::error, "ladder_failed",
                   {{"escalation", row.id.value}, {"exception", telemetry::Safe(telemetry::type_of(why))}});
    const std::string round = "broken-" + std::to_string(bot::to_millis(now));
    const auto not_paged = tx.attempt([&] {
        for (const bot::Responder& who : roster.people) {
            text_responder(tx, roster, who, page_text(row, roster.case_link, now), row.id,
                           key_for(row, who.name, round), now);
        }
    });
    const auto not_put_off = tx.attempt([&] {
        row.ladder.next_due = now + kBetweenTries;
        tx.save_escalation(row, now);
    });
    if (not_paged || not_put_off)
        telemetry::log(telemetry::Level::error, "rescue_failed", {{"what", telemetry::Safe("ladder")}});
}

}  // namespace

Climbed climb_due(StoreTx& tx, const Roster& roster, bot::TimePoint now, std::size_t limit) {
    Climbed climbed;
    for (const EscalationRow& row : tx.due_escalations(now, limit)) {
        std::vector<Told> news;
        const auto failed = tx.attempt([&] { news = climb_one(tx, roster, row, now); });
        if (failed) page_for_broken_ladder(tx, roster, row, failed, now);
        climbed.told.insert(climbed.told.end(), news.begin(), news.end());
        ++climbed.ladders;
    }
    return climbed;
}

void clock_put_back(StoreTx& tx, std::chrono::milliseconds by, bot::TimePoint now) {
    for (EscalationRow& row : tx.open_escalations(std::numeric_limits<std::int32_t>::max())) {
        if (!row.ladder.next_due) continue;
        *row.ladder.next_due -= by;
        row.ladder.rungs_from = row.ladder.rungs_from.value_or(row.ladder.opened_at) - by;
        tx.save_escalation(row, now);
    }
}

void page_failed(StoreTx& tx, const Roster& roster, store::EscalationId escalation, std::string_view key,
                 bot::TimePoint now) {
    auto row = tx.escalation(escalation);
    if (!row || row->ladder.state >= bot::EscalationState::acknowledged) return;
    if (page_by_other_way(tx, roster, *row, key, now)) return;
    if (!row->ladder.next_due || *row->ladder.next_due <= now) return;
    const bot::Escalation& ladder = row->ladder;
    const auto& rungs = ladder.policy.rungs;
    if (ladder.next_rung == 0 || ladder.next_rung >= rungs.size()) return;
    const std::string attempt =
        attempt_key(*row, static_cast<std::uint32_t>(ladder.next_rung) + ladder.repeats - 1);
    const std::vector<store::PageRow> pages = tx.pages_of(escalation);
    const auto may_reach = [&](const std::string& name) {
        return may_arrive(tx, roster, key_for(*row, name, attempt), pages);
    };
    const bot::Reach reach = reach_now(tx, roster, now);
    const auto is_new = [&](const std::string& name) {
        return std::ranges::find(ladder.paged, name) == ladder.paged.end();
    };
    const auto reaches_new = [&](const std::string& target) {
        return std::ranges::any_of(reach(target, now), is_new);
    };
    if (std::ranges::any_of(ladder.paged, may_reach) ||
        std::ranges::none_of(rungs[ladder.next_rung].page, reaches_new))
        return;
    row->ladder.next_due = now;
    tx.save_escalation(*row, now);
}

}  // namespace webhooks::oncall
