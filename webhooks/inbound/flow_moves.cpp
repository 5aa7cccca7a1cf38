#include "webhooks/inbound/flow_moves.hpp"

#include <algorithm>

namespace webhooks::inbound {

namespace {

using bot::Conversation;
using bot::Position;

bool same_place(const Position& a, const Position& b) { return a.flow == b.flow && a.step == b.step; }

/// In a place of it, or to be come back to.
template <class Is>
bool is_in(const Conversation& state, Is is) {
    return std::ranges::any_of(state.stack, is) || (state.parked && is(*state.parked));
}
bool is_in_flow(const Conversation& state, const std::string& flow) {
    return is_in(state, [&](const Position& at) { return at.flow == flow; });
}

}  // namespace

std::vector<FlowMove> flow_moves(const Conversation& before, const Conversation& after, bool answered) {
    std::vector<FlowMove> moves;
    const Position* from = before.stack.empty() ? nullptr : &before.stack.back();
    const Position* to = after.stack.empty() ? nullptr : &after.stack.back();
    if (from != nullptr && to != nullptr && same_place(*from, *to)) return moves;
    if (to != nullptr) {
        if (!is_in_flow(before, to->flow)) moves.push_back({to->flow, {}, true});
        moves.push_back({to->flow, to->step, true});
    }
    const bool ends = !answered || after.consent == bot::Consent::opted_out;
    if (from == nullptr || ends) return moves;
    if (!is_in(after, [&](const Position& at) { return same_place(at, *from); }))
        moves.push_back({from->flow, from->step, false});
    if (!is_in_flow(after, from->flow)) moves.push_back({from->flow, {}, false});
    return moves;
}

}  // namespace webhooks::inbound
