#include "webhooks/oncall/cases.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using nlohmann::json;
using store::EscalationRow;
using store::StoreTx;

/// What dashboards and webhooks learn: ids and states, never words or numbers.
json facts_of(const EscalationRow& row) {
    return {{"escalation", row.id.value},
            {"code", row.code},
            {"contact", row.contact.value},
            {"priority", bot::to_string(row.ladder.priority)},
            {"state", bot::to_string(row.ladder.state)},
            {"call_do_not_text", row.call_do_not_text},
            {"acknowledged_by", row.ladder.acknowledged_by}};
}

void tell_world(StoreTx& tx, const Roster& roster, const EscalationRow& row, std::string_view event,
                std::string_view key, bot::TimePoint now) {
    const json facts = facts_of(row);
    tx.publish(event, bot::json_text(facts), now);
    std::string id("esc");
    id.append(std::to_string(row.id.value)).append("-").append(key);
    call_hooks(tx, roster, event, facts, id, now);
}

std::string key_for(const EscalationRow& row, std::string_view name, std::string_view attempt) {
    return "esc" + std::to_string(row.id.value) + "/" + std::string(name) + "/" + std::string(attempt);
}

/// Attempts count from the start of a ladder, and a raised case starts a graver one: the priority keeps them
/// apart.
std::string attempt_of(const EscalationRow& row, std::uint32_t attempt) {
    return std::string(bot::to_string(row.ladder.priority)) + "-" + std::to_string(attempt);
}

void page(StoreTx& tx, const Roster& roster, const EscalationRow& row, const bot::PageResponder& page,
          bot::TimePoint now) {
    const bot::Responder* who = roster.by_name(page.name);
    if (who == nullptr) {  // left the roster after this ladder was snapshotted: the next rung goes on
        tx.log_escalation(row.id, "not_paged", page.name, "no longer on call", now);
        return;
    }
    text_responder(tx, roster, *who, page_text(row, roster.case_link, now), row.id,
                   key_for(row, page.name, attempt_of(row, page.attempt)), now);
    tx.log_escalation(row.id, "paged", page.name, "sms", now);
}

/// Everybody this ladder may have paged, but `except`.
void tell_others(StoreTx& tx, const Roster& roster, const EscalationRow& row, const std::string& taken_by,
                 bot::TimePoint now) {
    std::set<std::string> names;
    for (const bot::Rung& rung : row.ladder.policy.rungs) names.insert(rung.page.begin(), rung.page.end());
    names.erase(taken_by);
    for (const std::string& name : names) {
        const bot::Responder* who = roster.by_name(name);
        if (who == nullptr) continue;
        text_responder(tx, roster, *who, "Case " + row.code + " is taken by " + taken_by + ".", row.id,
                       key_for(row, name, "taken"), now);
    }
}

/// Carry out what the ladder asked for. @return news for the texter.
std::vector<Told> carry_out(StoreTx& tx, const Roster& roster, EscalationRow& row, const bot::Climb& climb,
                            bot::TimePoint now) {
    std::vector<Told> told;
    row.ladder = climb.next;
    for (const bot::PageEffect& effect : climb.effects) {
        if (const auto* one = std::get_if<bot::PageResponder>(&effect)) page(tx, roster, row, *one, now);
        if (const auto* hooks = std::get_if<bot::PageWebhooks>(&effect)) {
            tell_world(tx, roster, row, "escalation.notified", attempt_of(row, hooks->attempt), now);
        }
        if (const auto* tell = std::get_if<bot::TellTexter>(&effect)) {
            using What = bot::EscalationChanged::What;
            told.push_back({row.contact,
                            {tell->exhausted ? What::exhausted : What::unanswered,
                             row.ladder.priority,
                             {},
                             tell->text_id}});
            tx.log_escalation(row.id, "told_texter", {}, tell->text_id, now);
        }
        if (const auto* others = std::get_if<bot::TellOthers>(&effect)) {
            tell_others(tx, roster, row, others->taken_by, now);
        }
    }
    tx.save_escalation(row, now);
    return told;
}

}  // namespace

std::string page_text(const EscalationRow& row, std::string_view case_link, bot::TimePoint now) {
    const auto waiting = std::chrono::duration_cast<std::chrono::minutes>(now - row.ladder.opened_at);
    std::string text(bot::to_string(row.ladder.priority));
    text.append(" case ").append(row.code).append(", waiting ");
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
    // The first rung belongs to the same commit: a page is owed from the instant the danger is on disk.
    carry_out(tx, roster, row, bot::climb(row.ladder, bot::RungDue{}, now), now);
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

/// False when everybody has left the roster since, and for a policy that could not be read.
bool reaches_anybody(const bot::EscalationPolicy& policy, const Roster& roster) {
    const auto on_call = [&](const std::string& name) { return roster.by_name(name) != nullptr; };
    return std::ranges::any_of(
        policy.rungs, [&](const bot::Rung& rung) { return std::ranges::any_of(rung.page, on_call); });
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
    if (row.ladder.state != bot::EscalationState::acknowledged) return;
    const bot::Responder* holder = roster.by_name(row.ladder.acknowledged_by);
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
        tx.publish("escalation.noted", bot::json_text(facts_of(*row)), now);
        return;
    }
    const bot::Climb raised =
        bot::climb(row->ladder, bot::Raise{effect.priority, roster.policy(effect.priority)}, now);
    row->ladder = raised.next;
    tell_world(tx, roster, *row, "escalation.raised",
               "raised-" + std::string(bot::to_string(effect.priority)), now);
    carry_out(tx, roster, *row, bot::climb(row->ladder, bot::RungDue{}, now), now);
}

void texter_is_back(StoreTx& tx, const Roster& roster, store::ContactId contact, bot::TimePoint now) {
    auto row = tx.open_escalation_of(contact);
    if (!row || !row->call_do_not_text) return;
    row->call_do_not_text = false;
    tx.log_escalation(row->id, "note", {}, "opted in again", now);
    tell_holder(tx, roster, *row, " is back: may be texted again.", now);
    tx.save_escalation(*row, now);
    tx.publish("escalation.noted", bot::json_text(facts_of(*row)), now);
}

namespace {

constexpr std::chrono::minutes kBetweenTries{10};

std::vector<Told> climb_one(StoreTx& tx, const Roster& roster, EscalationRow row, bot::TimePoint now) {
    const bot::EscalationPolicy& today = roster.policy(row.ladder.priority);
    if (!reaches_anybody(row.ladder.policy, roster) && reaches_anybody(today, roster))
        begin_anew(row.ladder, today);
    return carry_out(tx, roster, row, bot::climb(row.ladder, bot::RungDue{}, now), now);
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

void page_failed(StoreTx& tx, store::EscalationId escalation, bot::TimePoint now) {
    auto row = tx.escalation(escalation);
    if (!row || !row->ladder.next_due || *row->ladder.next_due <= now) return;
    const bot::Escalation& ladder = row->ladder;
    const auto& rungs = ladder.policy.rungs;
    if (ladder.next_rung == 0 || ladder.next_rung >= rungs.size()) return;
    const std::vector<std::string>& paged = rungs[ladder.next_rung - 1].page;
    const std::string attempt =
        attempt_of(*row, static_cast<std::uint32_t>(ladder.next_rung) + ladder.repeats - 1);
    const auto may_arrive = [&](const std::string& name) {
        const auto state = tx.state_of_page(key_for(*row, name, attempt));
        return state && *state != store::OutboxState::failed && *state != store::OutboxState::stale;
    };
    const auto is_new = [&](const std::string& name) {
        return std::ranges::find(paged, name) == paged.end();
    };
    if (std::ranges::any_of(paged, may_arrive) || std::ranges::none_of(rungs[ladder.next_rung].page, is_new))
        return;
    row->ladder.next_due = now;
    tx.save_escalation(*row, now);
}

Acknowledged acknowledge(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by,
                         bot::TimePoint now) {
    const bot::Climb climb = bot::climb(row.ladder, bot::Acknowledge{std::string(by)}, now);
    Acknowledged result{climb.accepted, climb.next.acknowledged_by, row.ladder.priority,
                        now - row.ladder.opened_at, std::nullopt};
    if (!climb.accepted) return result;
    row.acknowledged_at = now;
    tx.log_escalation(row.id, "acknowledged", by, {}, now);
    carry_out(tx, roster, row, climb, now);
    tell_world(tx, roster, row, "escalation.acknowledged",
               "ack-" + std::string(bot::to_string(row.ladder.priority)), now);
    result.told = Told{
        row.contact, {bot::EscalationChanged::What::acknowledged, row.ladder.priority, std::string(by), {}}};
    return result;
}

namespace {

/// Whoever holds a case must not go on working on one that somebody else has closed.
void tell_of_close(StoreTx& tx, const Roster& roster, const EscalationRow& row, bot::TimePoint now) {
    const bot::Escalation& ladder = row.ladder;
    const bot::Responder* holder = roster.by_name(ladder.acknowledged_by);
    if (holder == nullptr || ladder.acknowledged_by == ladder.resolved_by) return;
    text_responder(tx, roster, *holder, "Case " + row.code + " was closed by " + ladder.resolved_by + ".",
                   row.id, key_for(row, holder->name, "closed"), now);
}

}  // namespace

std::optional<Told> resolve(StoreTx& tx, const Roster& roster, EscalationRow row, std::string_view by,
                            bot::TimePoint now) {
    const bot::Climb climb = bot::climb(row.ladder, bot::Resolve{std::string(by)}, now);
    if (!climb.accepted) return std::nullopt;
    tx.log_escalation(row.id, "resolved", by, {}, now);
    carry_out(tx, roster, row, climb, now);
    tell_of_close(tx, roster, row, now);
    tell_world(tx, roster, row, "escalation.resolved", "resolved", now);
    return Told{row.contact,
                {bot::EscalationChanged::What::resolved, row.ladder.priority, std::string(by), {}}};
}

}  // namespace webhooks::oncall
