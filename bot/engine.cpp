#include "bot/engine.hpp"

#include <exception>

#include "bot/inbound.hpp"
#include "bot/later.hpp"
#include "bot/staff.hpp"

namespace bot {

namespace {

constexpr std::size_t kMostTexts = 2;
constexpr std::size_t kMostTextsAtFirst = 3;

void answer(TurnBuilder& turn, const Event& event) {
    if (const auto* message = std::get_if<MessageReceived>(&event))
        InboundTurn(turn, *message).run();
    else
        heed(turn, event);
}

}  // namespace

Engine::Engine(Releases releases, LineSettings line, UtcOffset utc_offset)
    : releases_(std::move(releases)), line_(std::move(line)), utc_offset_(std::move(utc_offset)) {}

Turn Engine::advance(Conversation before, const Event& event, TimePoint now) const {
    const Content& content = releases_.of(before);
    TurnBuilder turn(content, line_, utc_offset_, std::move(before), now);
    try {
        answer(turn, event);
        keep_hold_timed(turn);
    } catch (const std::exception& e) {
        // A bug, or no memory: what was decided so far stands, and the texter still hears from us.
        turn.fail(e.what());
    }
    return std::move(turn).finish(turn.first_contact ? kMostTextsAtFirst : kMostTexts);
}

ReplyCheck Engine::check_reply(const Conversation& state, std::string_view by, TimePoint now) const {
    return bot::check_reply(TurnBuilder(content(), line_, utc_offset_, state, now), by);
}

}  // namespace bot
