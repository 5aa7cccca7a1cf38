#include "webhooks/oncall/ladder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "bot/json_text.hpp"
#include "webhooks/oncall/pages.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using nlohmann::json;
using store::EscalationRow;
using store::StoreTx;

/// One step of one ladder, carried out effect by effect.
class Step {
public:
    Step(StoreTx& tx, const Roster& roster, EscalationRow& row, bot::TimePoint now)
        : tx_(tx), roster_(roster), row_(row), now_(now) {}

    void operator()(const bot::PageResponder& page) {
        const bot::Responder* who = roster_.by_name(page.name);
        if (who == nullptr) {  // left the roster after this ladder was snapshotted: the next rung goes on
            tx_.log_escalation(row_.id, "not_paged", page.name, "no longer on call", now_);
            return;
        }
        page_person(tx_, roster_, row_, *who, attempt_key(row_, page.attempt), now_);
    }

    void operator()(const bot::PageWebhooks& hooks) {
        tell_world(tx_, roster_, row_, "escalation.notified", attempt_key(row_, hooks.attempt), now_);
    }

    void operator()(const bot::TellTexter& tell) {
        using What = bot::EscalationChanged::What;
        tell_texter(tell.exhausted ? What::exhausted : What::unanswered, tell.text_id);
        tx_.log_escalation(row_.id, "told_texter", {}, tell.text_id, now_);
    }

    void operator()(const bot::TellOthers& taken) {
        std::string text = "Case " + row_.code + " is taken by " + taken.taken_by + ".";
        if (taken.more_asked) text += " A second person is asked for: ACK " + row_.code + " to join.";
        const std::string key = "taken-" + std::to_string(row_.ladder.takes);
        // Also those further up: a page may be on its way to them.
        std::set<std::string> names(row_.ladder.paged.begin(), row_.ladder.paged.end());
        for (const bot::Rung& rung : row_.ladder.policy.rungs)
            names.insert(rung.page.begin(), rung.page.end());
        for (const std::string& name : names)
            if (name != taken.taken_by) tell(name, text, key);
    }

    void operator()(const bot::LeaseLapsed& lapsed) {
        tx_.log_escalation(row_.id, "lease_lapsed", lapsed.holder, {}, now_);
        tell(lapsed.holder,
             "Case " + row_.code +
                 (lapsed.had_spoken ? ": nothing was written for a while, so it is offered to others again."
                                    : ": no word has reached the texter, so it is offered to others again.") +
                 " Send ACK " + row_.code + " if you still have it, DONE " + row_.code + " to close it.",
             "lapsed-" + std::to_string(row_.ladder.takes));
        tell_world(tx_, roster_, row_, "escalation.lapsed",
                   "lapsed-" + std::string(bot::to_string(row_.ladder.priority)) + "-" +
                       std::to_string(row_.ladder.takes),
                   now_);
        tell_texter(bot::EscalationChanged::What::lapsed, {});
    }

    void operator()(const bot::RungSkipped& skipped) {
        tx_.log_escalation(row_.id, "rung_skipped", {}, std::to_string(skipped.rung), now_);
        telemetry::log(telemetry::Level::warning, "rung_reaches_nobody",
                       {{"escalation", row_.id.value}, {"rung", static_cast<std::int64_t>(skipped.rung)}});
    }

    void operator()(const bot::NobodyReached&) {
        tx_.log_escalation(row_.id, "nobody_on_call", {}, {}, now_);
        telemetry::log(telemetry::Level::error, "nobody_on_call", {{"escalation", row_.id.value}});
        const std::string key = "nobody-" + std::to_string(bot::to_millis(now_));
        tell_world(tx_, roster_, row_, "escalation.unreachable", key, now_);
    }

    std::vector<Told> told;

private:
    void tell(const std::string& name, const std::string& text, const std::string& key) {
        const bot::Responder* who = roster_.by_name(name);
        if (who != nullptr) text_responder(tx_, roster_, *who, text, row_.id, key_for(row_, name, key), now_);
    }

    void tell_texter(bot::EscalationChanged::What what, const std::string& text_id) {
        told.push_back({row_.contact, {what, row_.ladder.priority, {}, text_id}});
    }

    StoreTx& tx_;
    const Roster& roster_;
    EscalationRow& row_;
    bot::TimePoint now_;
};

}  // namespace

void publish_case(StoreTx& tx, const EscalationRow& row, std::string_view event, bot::TimePoint now) {
    tx.publish(event, bot::json_text(facts_of(row)), now);
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
    std::string key("esc");
    key.append(std::to_string(row.id.value)).append("/").append(name).append("/").append(attempt);
    return key;
}

std::string attempt_key(const EscalationRow& row, std::uint32_t attempt) {
    std::string key(bot::to_string(row.ladder.priority));
    return key.append("-").append(std::to_string(attempt));
}

const bot::Responder* holder_of(const Roster& roster, const EscalationRow& row) {
    return row.ladder.acknowledged_by.empty() ? nullptr : roster.by_name(row.ladder.acknowledged_by);
}

bot::Reach reach_now(StoreTx& tx, const Roster& roster, bot::TimePoint now) {
    std::set<std::string> stopped;
    for (store::ResponderRow& one : tx.responders())
        if (one.stopped_at) stopped.insert(std::move(one.name));
    return roster.reach(tx.overrides(now), std::move(stopped));
}

std::vector<Told> carry_out(StoreTx& tx, const Roster& roster, EscalationRow& row, const bot::Climb& climb,
                            bot::TimePoint now) {
    row.ladder = climb.next;
    Step step(tx, roster, row, now);
    for (const bot::PageEffect& effect : climb.effects) std::visit(step, effect);
    // Nobody is called any more about what somebody has.
    if (row.ladder.state >= bot::EscalationState::acknowledged) tx.cancel_pages(row.id, now);
    tx.save_escalation(row, now);
    return std::move(step.told);
}

}  // namespace webhooks::oncall
