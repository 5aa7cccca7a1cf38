// How far a turn has moved a conversation, as the figures count it.
#include "webhooks/inbound/flow_moves.hpp"

#include <doctest.h>

using webhooks::inbound::flow_moves;
using webhooks::inbound::FlowMove;
using Moves = std::vector<FlowMove>;

namespace {

bot::Position at(const std::string& flow, const std::string& step) {
    bot::Position place;
    place.flow = flow;
    place.step = step;
    return place;
}

bot::Conversation standing(std::vector<bot::Position> stack,
                           std::optional<bot::Position> parked = std::nullopt,
                           bot::Consent consent = bot::Consent::conversation) {
    bot::Conversation state;
    state.stack = std::move(stack);
    state.parked = std::move(parked);
    state.consent = consent;
    return state;
}

}  // namespace

TEST_CASE("flow moves: came, went on, begun and gone through") {
    const bot::Conversation nowhere = standing({});
    const bot::Conversation first = standing({at("slip", "S1")});
    struct Row {
        const char* why;
        bot::Conversation before, after;
        bool answered;
        Moves want;
    };
    const Row rows[]{
        {"begins", nowhere, first, true, {{"slip", "", true}, {"slip", "S1", true}}},
        {"asked once more", first, first, true, {}},
        {"goes on by an answer",
         first,
         standing({at("slip", "S2")}),
         true,
         {{"slip", "S2", true}, {"slip", "S1", false}}},
        {"a timer leads on, nobody answered",
         first,
         standing({at("slip", "S2")}),
         false,
         {{"slip", "S2", true}}},
        {"ends by its last answer", first, nowhere, true, {{"slip", "S1", false}, {"slip", "", false}}},
        {"times out", first, nowhere, false, {}},
        {"opts out: it stops there", first, standing({}, std::nullopt, bot::Consent::opted_out), true, {}},
        {"danger interrupts, and it is come back to",
         first,
         standing({at("self_harm", "X1")}, at("slip", "S1")),
         true,
         {{"self_harm", "", true}, {"self_harm", "X1", true}}},
        {"back from danger: not begun again",
         standing({at("self_harm", "X1")}, at("slip", "S1")),
         first,
         true,
         {{"slip", "S1", true}, {"self_harm", "X1", false}, {"self_harm", "", false}}},
        {"a flow within a flow",
         first,
         standing({at("slip", "S1"), at("craving", "C1")}),
         true,
         {{"craving", "", true}, {"craving", "C1", true}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        CHECK((flow_moves(row.before, row.after, row.answered) == row.want));
    }
}
