#include "webhooks/oncall/responder_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/oncall/bridge.hpp"
#include "webhooks/oncall/responder_command.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using store::EscalationRow;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;
using Verb = ResponderCommand::Verb;

constexpr std::size_t kMostOpen = 256;   // looked through for the case that a bare ACK means
constexpr std::size_t kMostListed = 10;  // codes that fit one text
constexpr std::string_view kHelp =
    "Send ACK and the case number to take a case (ACK 4821), PASS 4821 to hand it on, DONE 4821 and a word "
    "on "
    "how it ended to close it.";

bool is_taken(const EscalationRow& row) { return row.ladder.state == bot::EscalationState::acknowledged; }

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

/// The cases that a verb without a code can mean: for ACK those waiting that this person was paged for, for
/// DONE and REACHED those they hold, for PASS both.
std::vector<EscalationRow> can_be_meant(StoreTx& tx, const bot::Responder& who, Verb verb) {
    std::vector<EscalationRow> rows = tx.open_escalations(kMostOpen);
    std::erase_if(rows, [&](const EscalationRow& row) {
        const bool mine = has(row.ladder.takers, who.name);
        if (verb == Verb::close || verb == Verb::reached || verb == Verb::call) return !mine;
        if (verb == Verb::pass && mine) return false;
        return mine || is_taken(row) || !has(row.ladder.paged, who.name);
    });
    return rows;
}

std::string listed(const std::vector<EscalationRow>& rows) {
    std::string codes;
    for (std::size_t i = 0; i < std::min(rows.size(), kMostListed); ++i) {
        if (i > 0) codes += ", ";
        codes += rows[i].code;
    }
    return rows.size() > kMostListed ? codes + " and more" : codes;
}

/// What to send, with the cases that wait.
std::string help(StoreTx& tx, const bot::Responder& who) {
    const auto waiting = can_be_meant(tx, who, Verb::take);
    std::string text(kHelp);
    if (!waiting.empty()) text += " Waiting: " + listed(waiting) + ".";
    return text;
}

std::string_view word_for(Verb verb) {
    switch (verb) {
        case Verb::pass:
            return "PASS";
        case Verb::reached:
            return "REACHED";
        case Verb::close:
            return "DONE";
        case Verb::call:
            return "CALL";
        default:
            return "ACK";
    }
}

/// The case a command means, or what to answer when there is not exactly one.
struct Meant {
    std::optional<EscalationRow> row;
    std::string answer;
};

Meant find_by_code(StoreTx& tx, const bot::Responder& who, const std::string& code) {
    if (auto row = tx.escalation_by_code(code)) return {std::move(row), {}};
    const auto past = tx.last_escalation_by_code(code);
    if (past && !past->ladder.resolved_by.empty())
        return {{}, "Case " + code + " was closed by " + past->ladder.resolved_by + "."};
    return {{}, "There is no open case " + code + ". " + help(tx, who)};
}

Meant find_meant(StoreTx& tx, const bot::Responder& who, const ResponderCommand& command) {
    if (!command.code.empty()) return find_by_code(tx, who, command.code);
    const auto rows = can_be_meant(tx, who, command.verb);
    if (rows.size() == 1) return {rows.front(), {}};
    if (rows.empty()) {
        const bool holds =
            command.verb == Verb::close || command.verb == Verb::reached || command.verb == Verb::call;
        const std::string none = holds ? "You hold no open case. " : "No case waits for you. ";
        return {{}, none + std::string(kHelp)};
    }
    return {{},
            "Which one? Send " + std::string(word_for(command.verb)) + " and one of " + listed(rows) + "."};
}

/// What the holder has to do, and by when.
std::string yours(const EscalationRow& row) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(row.ladder.policy.lease).count();
    std::string text = "Case " + row.code + " is yours";
    text += row.call_do_not_text ? " (OPTED OUT: call, do not text). " : ". ";
    text += "Write to the texter within " + std::to_string(minutes) + " min, or send REACHED " + row.code;
    text += " when you have them on the phone; else others are paged. DONE " + row.code + " closes it.";
    return text;
}

std::string take(StoreTx& tx, const Roster& roster, const bot::Responder& who, const EscalationRow& row,
                 bot::TimePoint now, ResponderText& result) {
    result.acknowledged = acknowledge(tx, roster, row, who.name, now);
    result.outcome = result.acknowledged->accepted ? "ack" : "ack_late";
    if (result.acknowledged->told) result.told.push_back(*result.acknowledged->told);
    const std::string& holder = result.acknowledged->holder;
    if (result.acknowledged->accepted && holder != who.name)
        return "Case " + row.code + ": you join " + holder + ", who has it. Please call each other now.";
    if (!result.acknowledged->accepted)
        return "Case " + row.code + " is already " + (holder == who.name ? "yours." : "with " + holder + ".");
    return yours(row);
}

std::string pass(StoreTx& tx, const Roster& roster, const bot::Responder& who, const EscalationRow& row,
                 bot::TimePoint now, ResponderText& result) {
    if (!pass_on(tx, roster, row, who.name, now))
        return "Case " + row.code + " is already with " + row.ladder.acknowledged_by + ".";
    result.outcome = "pass";
    return "Case " + row.code + " goes on to the next person. ACK " + row.code + " takes it after all.";
}

std::string reached(StoreTx& tx, const Roster& roster, const bot::Responder& who, const EscalationRow& row,
                    bot::TimePoint now, ResponderText& result) {
    if (is_taken(row) && !has(row.ladder.takers, who.name))
        return "Case " + row.code + " is already with " + row.ladder.acknowledged_by + ".";
    if (auto told = human_spoke(tx, roster, row.contact, who.name, now)) result.told.push_back(*told);
    result.outcome = "reached";
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(row.ladder.policy.talk_lease).count();
    return "Case " + row.code + ": good that you have reached them. Send REACHED " + row.code +
           " again within " + std::to_string(minutes) + " min while it goes on, DONE " + row.code +
           " when it is closed.";
}

bool says_no_answer(std::string_view reason) {
    const auto begins_with = [&](std::string_view words) {
        return http::equals_ignoring_case(reason.substr(0, words.size()), words);
    };
    return begins_with("no answer") || begins_with("missed");
}

/// The call they had asked for was tried, and it was due. @return false: there is no such call
bool missed_call(StoreTx& tx, const EscalationRow& row, const bot::Responder& who, bot::TimePoint now) {
    for (const store::TaskRow& task : tx.tasks().tasks_of(row.contact)) {
        const bool due = task.state == store::TaskState::open && task.paged_at;
        if (due && task.kind == bot::TaskKind::call_back)
            return tx.tasks().end(row.contact, task.kind, bot::TaskEnd::missed, who.name, now);
    }
    return false;
}

std::string close(StoreTx& tx, const Roster& roster, const bot::Responder& who, const EscalationRow& row,
                  std::string_view reason, bot::TimePoint now, ResponderText& result) {
    const bool missed = says_no_answer(reason) && missed_call(tx, row, who, now);
    if (auto told = resolve(tx, roster, row, who.name, now, reason)) result.told.push_back(*told);
    result.outcome = "done";
    if (missed) {
        result.missed_call = row.contact;
        return "Case " + row.code + " is closed. They will be asked for a better time to call.";
    }
    return "Case " + row.code + " is closed.";
}

std::string obey(StoreTx& tx, const Roster& roster, const bot::Responder& who, const EscalationRow& row,
                 const ResponderCommand& command, bot::TimePoint now, ResponderText& result) {
    switch (command.verb) {
        case Verb::pass:
            return pass(tx, roster, who, row, now, result);
        case Verb::reached:
            return reached(tx, roster, who, row, now, result);
        case Verb::close:
            return close(tx, roster, who, row, command.reason, now, result);
        default:
            return take(tx, roster, who, row, now, result);
    }
}

/// Something is wrong with a responder or their phone: everybody else on call and every system that listens
/// learns of it, once for each `key`.
void raise_alarm(StoreTx& tx, const Roster& roster, const bot::Responder& who, std::string_view event,
                 const std::string& text, const std::string& key, bot::TimePoint now) {
    const nlohmann::json facts{{"name", who.name}};
    tx.publish(event, bot::json_text(facts), now);
    call_hooks(tx, roster, event, facts, key, now);
    for (const bot::Responder& other : roster.people) {
        if (other.name != who.name)
            text_responder(tx, roster, other, text, std::nullopt, key + "/" + other.name, now);
    }
}

/// Their carrier may block our pages from now on: others must know before the next case does (content 3D,
/// I4), and their deputy is paged beside them. Told once a day, however often it is sent.
void stopped(StoreTx& tx, const Roster& roster, const bot::Responder& who, bot::TimePoint now) {
    telemetry::log(Level::warning, "responder_stopped", {{"name", Safe(who.name)}});
    const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
    const auto place = std::ranges::find(roster.people, who.name, &bot::Responder::name);
    const auto person = std::distance(roster.people.begin(), place);
    tx.mark_responder_stopped(who.name, now);
    const bot::Responder* deputy = roster.deputy_of(who);
    const std::string cover = deputy == nullptr ? "Somebody should cover."
                                                : deputy->name +
                                                      " is paged with each page for them until a "
                                                      "text comes from that phone again.";
    raise_alarm(tx, roster, who, "responder.stopped",
                who.name + " texted STOP from the on-call phone: pages to it may be blocked. " + cover,
                "stopped-" + std::to_string(person) + "-" + std::to_string(day), now);
}

std::string in_danger(StoreTx& tx, const Roster& roster, const bot::Responder& who, std::int64_t inbound_id,
                      bot::TimePoint now) {
    telemetry::log(Level::warning, "responder_in_danger", {{"name", Safe(who.name)}});
    raise_alarm(
        tx, roster, who, "responder.in_danger",
        "A text from " + who.name + "'s on-call phone sounds like danger. Please call " + who.name + " now.",
        "danger-" + std::to_string(inbound_id), now);
    return "This is the on-call number of " + who.name +
           ". If you are in danger call 911; in crisis call or text 988.";
}

}  // namespace

ResponderText answer_responder(StoreTx& tx, const Roster& roster, const bot::Responder& who,
                               const FromResponder& message, bot::TimePoint now) {
    const ResponderCommand command = read_command(message.text);
    ResponderText result{{}, std::nullopt, std::nullopt, "help"};
    if (command.verb == Verb::stop || message.carrier_stopped) {
        result.outcome = "stop";
        stopped(tx, roster, who, now);
        return result;
    }
    tx.mark_responder_heard(who.name, now);
    std::string answer;
    std::optional<store::EscalationId> about;
    if (message.danger && !command.spelled) {
        result.outcome = "danger";
        answer = in_danger(tx, roster, who, message.inbound_id, now);
    } else if (command.verb == Verb::none || command.verb == Verb::back || command.verb == Verb::keep) {
        answer = help(tx, who);
    } else if (Meant meant = find_meant(tx, who, command); meant.row) {
        about = meant.row->id;
        if (command.verb == Verb::call) result.outcome = "call";
        answer = command.verb == Verb::call ? words_of(ask_for_bridge(tx, roster, who, *meant.row,
                                                                      std::to_string(message.inbound_id), now)
                                                           .bar,
                                                       *meant.row)
                                            : obey(tx, roster, who, *meant.row, command, now, result);
    } else {
        answer = std::move(meant.answer);
    }
    text_responder(tx, roster, who, std::move(answer), about, "re" + std::to_string(message.inbound_id), now);
    return result;
}

}  // namespace webhooks::oncall
