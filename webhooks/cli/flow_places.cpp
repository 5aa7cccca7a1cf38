#include "webhooks/cli/flow_places.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "bot/flow_walk.hpp"

namespace webhooks::cli {

namespace {

std::string numbered(const std::string& where, std::size_t index) {
    return where + "[" + std::to_string(index) + "]";
}

// Nothing follows an opt-out: the turn ends there, and the way on that such a choice must name is never gone.
bool opts_out(const bot::Choice& choice) {
    return std::any_of(choice.actions.begin(), choice.actions.end(), [](const bot::Action& action) {
        return std::holds_alternative<bot::OptOutAction>(action.what);
    });
}

// The choices that count themselves, and the ways on that therefore do not.
void add_choices(const std::string& where, const bot::Ask& ask, std::vector<FlowPlace>& ways,
                 std::set<const bot::Next*>& never) {
    for (std::size_t i = 0; i < ask.choices.size(); ++i) {
        const bot::Choice& choice = ask.choices[i];
        if (choice.next.empty() || opts_out(choice)) ways.push_back({numbered(where, i), &choice});
        if (opts_out(choice)) never.insert(&choice.next);
    }
}

}  // namespace

FlowPlaces places_of(const bot::Content& content) {
    FlowPlaces places;
    std::set<const bot::Next*> never;
    bot::FlowVisitor visitor;
    const auto add_ways = [&](const std::string& where, const bot::Next& next) {
        for (std::size_t i = 0; i < next.size(); ++i)
            places.ways.push_back({next.size() == 1 ? where : numbered(where, i), &next[i]});
    };
    visitor.next = [&](const std::string& where, const bot::Step* step, const bot::Next& next) {
        if (step != nullptr && !never.contains(&next)) add_ways(where, next);
    };
    for (const auto& [id, flow] : content.flows) {
        for (const auto& [step_id, step] : flow.steps) {
            const std::string where = id + "/steps/" + step_id;
            places.steps.push_back({where, &step});
            if (step.ask) add_choices(where + "/ask/choices", *step.ask, places.ways, never);
        }
        walk(flow, visitor);
        for (const auto& [text_id, next] : flow.told) add_ways(id + "/told/" + text_id, next);
    }
    // The engine follows a timer as the loader lists it, which is not where its flow keeps it.
    for (const auto& [name, rule] : content.timers)
        add_ways(rule.flow + "/timers/" + name + "/next", rule.next);
    return places;
}

}  // namespace webhooks::cli
