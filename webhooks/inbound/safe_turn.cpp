#include "webhooks/inbound/safe_turn.hpp"

#include <algorithm>

#include "bot/content.hpp"
#include "bot/segments.hpp"

namespace webhooks::inbound {

namespace {

using bot::Consent;
using bot::MessageKind;
using bot::Priority;

constexpr std::chrono::hours kBetweenNotices{24};

constexpr std::string_view kSafe[]{
    "Something went wrong on our side, and it's not your fault. In crisis, call or text 988 any hour. In "
    "danger, call 911. You can text me again in a minute.",
    "Algo salió mal de nuestro lado, no es culpa tuya. En crisis, llama al 988 a toda hora (oprime 2). "
    "En peligro, llama al 911. Escríbeme otra vez en un minuto."};
constexpr std::string_view kOptedOut[]{
    "You're opted out and will get no more texts from us. START brings us back. In crisis, call or text 988. "
    "In danger, call 911.",
    "Cancelaste los textos y no recibirás más. Envía START para volver. En crisis, llama al 988 (oprime 2). "
    "En peligro, llama al 911."};

void hear_text(const bot::Engine& engine, const bot::MessageReceived& message, HeardAnyway& heard) {
    if (message.carrier_keyword == bot::CarrierKeyword::stop) {
        heard.opt_out = true;
        heard.source = "carrier";
    }
    heard.may_confirm = message.carrier_keyword == bot::CarrierKeyword::none;
    heard.priority = Priority::p1;  // until the words have been read
    const auto& ears = engine.content().ears;
    const bot::Ears::Reading reading = ears->read(bot::normalize(message.text));
    const bot::ConsentReading& consent = reading.consent;
    if (consent.bare && !message.we_answer_keywords) heard.may_confirm = false;
    if (consent.signal == bot::ConsentSignal::opt_out && !heard.opt_out) {
        heard.opt_out = true;
        heard.source = consent.bare ? "keyword" : "plain_words";
        heard.rule = consent.rule;
    }
    const bot::RiskReading& risk = reading.risk;
    heard.danger = risk.danger();
    heard.priority = risk.imminent() ? Priority::p0 : risk.danger() ? Priority::p1 : Priority::p2;
}

bot::Turn answer(const bot::Conversation& before) {
    bot::Turn turn;
    turn.next = before;
    ++turn.next.turn;
    turn.next.stack.clear();
    turn.next.parked.reset();
    turn.next.misses = turn.next.misses_here = 0;
    turn.decided_by = "engine_error";
    return turn;
}

void page(bot::Turn& turn, Priority priority) {
    auto& danger = turn.next.danger;
    if (!danger) danger = bot::Conversation::Danger{"engine_error", priority};
    danger->priority = std::min(danger->priority, priority);
    turn.effects.emplace_back(bot::OpenEscalation{"engine_error", priority,
                                                  "the bot could not answer; please read and answer",
                                                  turn.next.consent == Consent::opted_out});
}

void say(bot::Turn& turn, const std::string_view (&text)[2], MessageKind kind) {
    turn.effects.emplace_back(
        bot::SendText{"UNK.3", bot::fold_for_gsm7(text[bot::index_of(turn.next.language)]), kind, {}});
}

/// @return whether it was one: a repeated STOP is not confirmed again
bool opt_out(bot::Turn& turn, const HeardAnyway& heard) {
    if (!heard.opt_out || turn.next.consent == Consent::opted_out) return false;
    turn.next.consent = Consent::opted_out;
    turn.next.timers.clear();
    turn.next.out_pointer_sent = false;
    turn.next.last_out_notice.reset();
    turn.next.last_out_danger.reset();
    return true;
}

}  // namespace

HeardAnyway hear_anyway(const bot::Engine& engine, const bot::Event& event) noexcept {
    HeardAnyway heard;
    try {
        if (const auto* message = std::get_if<bot::MessageReceived>(&event)) {
            hear_text(engine, *message, heard);
        } else if (const auto* carrier = std::get_if<bot::CarrierOptedOut>(&event)) {
            heard.opt_out = true;
            heard.may_confirm = false;
            heard.source = "carrier";
            heard.rule = carrier->code;
        }
    } catch (...) {  // what was heard so far counts
    }
    return heard;
}

bot::Turn safe_turn(const bot::Conversation& before, const HeardAnyway& heard, bot::TimePoint now) {
    bot::Turn turn = answer(before);
    const bool now_out = opt_out(turn, heard);
    page(turn, heard.priority);
    if (now_out) {
        turn.effects.emplace_back(bot::ChangeConsent{Consent::opted_out, heard.source, heard.rule, {}});
        turn.effects.emplace_back(bot::CancelAll{});
        if (heard.may_confirm) say(turn, kOptedOut, MessageKind::opt_out_confirm);
        if (heard.danger) turn.next.last_out_danger = now;
    } else if (turn.next.consent != Consent::opted_out) {
        say(turn, kSafe, MessageKind::crisis);
    } else if (auto& last = turn.next.last_out_danger;
               heard.danger && (!last || now - *last >= kBetweenNotices)) {
        last = now;  // as OUT.6: the kind that still reaches somebody who has opted out
        say(turn, kSafe, MessageKind::opt_out_confirm);
    }
    return turn;
}

}  // namespace webhooks::inbound
