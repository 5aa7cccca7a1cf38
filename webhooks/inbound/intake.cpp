#include "webhooks/inbound/intake.hpp"

#include <nlohmann/json.hpp>

#include "bot/content.hpp"
#include "bot/hearing.hpp"
#include "bot/json_text.hpp"
#include "webhooks/faults.hpp"
#include "webhooks/http/ascii.hpp"
#include "webhooks/inbound/relay.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/responder_command.hpp"
#include "webhooks/oncall/responder_text.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::inbound {

namespace {

using boost::system::error_code;
using faults::Guard;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

std::string media_json(const std::vector<bot::Media>& media) {
    nlohmann::json list = nlohmann::json::array();
    for (const bot::Media& one : media)
        list.push_back({{"url", one.url}, {"content_type", one.content_type}});
    return bot::json_text(list);
}

/// Our own words coming back by another number of ours would be answered for ever (I12).
bool is_our_own_number(const Line& line, const gateways::InboundMessage& message) {
    return message.from == message.to || line.numbers.contains(message.from);
}

void publish_received(StoreTx& tx, const store::Recorded& recorded, bot::TimePoint now) {
    tx.publish("message.received",
               bot::json_text({{"contact", recorded.contact.value}, {"message", recorded.message.value}}),
               now);
}

bool asks_for_help(std::string_view text) {
    return http::equals_ignoring_case(text, "help") || http::equals_ignoring_case(text, "info") ||
           text == "?";
}

/// What somebody who has a case texts, and is no command, goes to the texter. @return whether it was that
bool from_holder(StoreTx& tx, const Line& line, const bot::Responder& who, const std::string& text,
                 const store::Recorded& recorded, bot::TimePoint now) {
    using Verb = oncall::ResponderCommand::Verb;
    const oncall::ResponderCommand command = oncall::read_command(text);
    std::string answer;
    if (command.verb == Verb::back) {
        answer = hand_back(tx, line, who, command.code, now);
    } else if (command.verb == Verb::keep) {
        answer = keep(tx, line, who, command.code, now);
    } else {
        // "4821 how are you" begins like one that takes the case.
        const bool code_first = command.verb == Verb::take && !command.spelled && !command.code.empty();
        if ((command.verb != Verb::none && !code_first) || asks_for_help(text)) return false;
        const auto relayed = relay_to_texter(tx, line, who, text, now);
        if (!relayed) return false;
        answer = relayed->answer;
    }
    tx.mark_responder_heard(who.name, now);
    if (!answer.empty()) {
        oncall::text_responder(tx, line.roster, who, std::move(answer), std::nullopt,
                               "re" + std::to_string(recorded.message.value), now);
    }
    tx.mark_answered(recorded.message, 0, "responder relayed");
    return true;
}

void receive_from_responder(StoreTx& tx, const Line& line, const bot::Responder& who,
                            const gateways::InboundMessage& message, const store::Recorded& recorded,
                            bot::TimePoint now, Received& out) {
    const auto engine = line.engine->get();
    const bool danger = engine->content().ears->risk.read(bot::normalize(message.text)).danger();
    const bool carrier_stopped = message.carrier_keyword == bot::CarrierKeyword::stop;
    if (!carrier_stopped && from_holder(tx, line, who, message.text, recorded, now)) return;
    auto answer = oncall::answer_responder(
        tx, line.roster, who, {message.text, recorded.message.value, danger, carrier_stopped}, now);
    out.acknowledged = answer.acknowledged;
    for (const oncall::Told& told : answer.told) Turns(tx, line, now).event(told.contact, told.change);
    if (answer.missed_call)
        Turns(tx, line, now).event(*answer.missed_call, bot::CallBackEnded{bot::TaskEnd::missed});
    tx.mark_answered(recorded.message, 0, "responder " + answer.outcome);
}

/// The case stays as it was and its ladder goes on; they must know that they were not heard.
void answer_unheard_responder(StoreTx& tx, const Line& line, const bot::Responder& who,
                              const store::Recorded& recorded, const std::exception_ptr& why,
                              bot::TimePoint now) {
    telemetry::log(Level::error, "responder_text_failed",
                   {{"message", recorded.message.value}, {"exception", Safe(telemetry::type_of(why))}});
    const auto not_told = tx.attempt([&] {
        oncall::text_responder(tx, line.roster, who,
                               "The line could not read your text: a fault on our side. Nothing has changed; "
                               "send it again, or call the texter. If you are in danger call 911.",
                               std::nullopt, "re" + std::to_string(recorded.message.value), now);
    });
    const auto not_marked = tx.attempt([&] { tx.mark_answered(recorded.message, 0, "responder failed"); });
    if (not_told || not_marked) telemetry::log(Level::error, "rescue_failed", {{"what", Safe("responder")}});
}

store::OutboxState state_of(gateways::DeliveryReport::State state) {
    using State = gateways::DeliveryReport::State;
    if (state == State::delivered) return store::OutboxState::delivered;
    if (state == State::failed) return store::OutboxState::failed;
    return store::OutboxState::sent;
}

void publish_reported(StoreTx& tx, const store::Reported& reported, const gateways::DeliveryReport& report,
                      bot::TimePoint now) {
    nlohmann::json data{{"message", reported.message.value},
                        {"state", store::to_string(state_of(report.state))},
                        {"code", report.error_code}};
    if (reported.contact) data["contact"] = reported.contact->value;
    tx.publish("message.reported", bot::json_text(data), now);
}

/// Done on the caller's thread, for the store's has more to do.
std::shared_ptr<const bot::Hearing> hear_ahead(const Line& line, const std::string& text) {
    try {
        return bot::hear(line.engine->get()->content().ears, text);
    } catch (const std::exception&) {  // the turn will meet it too, and knows what to do
        return nullptr;
    }
}

}  // namespace

store::Store::Job receive_job(std::shared_ptr<const Line> line, std::string account,
                              gateways::InboundMessage message, bool gateway_answers,
                              std::shared_ptr<Received> out) {
    auto heard = hear_ahead(*line, message.text);
    return [=](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        *out = {};
        const store::Recorded recorded =
            tx.record_inbound({account, message.external_id, message.from, message.to, message.text,
                               media_json(message.media), now});
        out->seen = recorded.seen;
        if (!faults::is_on(Guard::words_out_of_logs)) {
            telemetry::log(Level::info, "inbound", {{"text", Safe(message.text)}});
        }
        if (faults::is_on(Guard::duplicates) && recorded.seen == store::Seen::duplicate) return {};
        const auto unpublished = tx.attempt([&] { publish_received(tx, recorded, now); });
        if (unpublished) telemetry::log(Level::error, "event_not_published");
        if (is_our_own_number(*line, message)) {
            tx.mark_answered(recorded.message, 0, "own_number");
            line->echo->hear(message.text);
        } else if (const bot::Responder* who = line->roster.by_phone(message.from)) {
            const auto failed =
                tx.attempt([&] { receive_from_responder(tx, *line, *who, message, recorded, now, *out); });
            out->from_responder = true;
            if (failed) {
                out->acknowledged.reset();
                answer_unheard_responder(tx, *line, *who, recorded, failed, now);
            }
        } else {
            out->turn =
                Turns(tx, *line, now)
                    .text(recorded,
                          {message.text, message.media, message.carrier_keyword, !gateway_answers, heard},
                          account, message.to);
            const auto unrelayed =
                tx.attempt([&] { relay_to_holder(tx, *line, recorded, message.text, now); });
            if (unrelayed) telemetry::log(Level::error, "not_relayed", {{"message", recorded.message.value}});
        }
        return {};
    };
}

store::Store::Job report_job(std::shared_ptr<const Line> line, std::string account,
                             gateways::DeliveryReport report) {
    return [=](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        const auto reported = tx.apply_report(account, report.external_id, report.message_id,
                                              state_of(report.state), report.error_code, now);
        if (!reported) return {};
        publish_reported(tx, *reported, report, now);
        if (reported->escalation && reported->moved &&
            report.state == gateways::DeliveryReport::State::failed) {
            tx.log_escalation(*reported->escalation, "page_failed", reported->page_key, report.error_code,
                              now);
            oncall::page_failed(tx, line->roster, *reported->escalation, reported->page_key, now);
        }
        if (!reported->contact) return {};
        if (report.opted_out) {
            Turns(tx, *line, now).event(*reported->contact, bot::CarrierOptedOut{report.error_code});
        } else if (reported->moved && report.state == gateways::DeliveryReport::State::failed) {
            Turns(tx, *line, now)
                .event(*reported->contact, bot::TextNotDelivered{.text_id = reported->text_id,
                                                                 .kind = reported->kind,
                                                                 .said_at = reported->said_at,
                                                                 .code = report.error_code,
                                                                 .filtered = report.filtered});
        }
        return {};
    };
}

}  // namespace webhooks::inbound
