#include "webhooks/cli/flow_places.hpp"

#include "bot/flow_walk.hpp"

namespace webhooks::cli {

namespace {

std::string numbered(const std::string& where, std::size_t index) {
    return where + "[" + std::to_string(index) + "]";
}

void add_choices(const std::string& where, const bot::Ask& ask, std::vector<FlowPlace>& ways) {
    for (std::size_t i = 0; i < ask.choices.size(); ++i)
        if (ask.choices[i].next.empty()) ways.push_back({numbered(where, i), &ask.choices[i]});
}

}  // namespace

FlowPlaces places_of(const bot::Content& content) {
    FlowPlaces places;
    bot::FlowVisitor visitor;
    visitor.next = [&](const std::string& where, const bot::Step*, const bot::Next& next) {
        for (std::size_t i = 0; i < next.size(); ++i)
            places.ways.push_back({next.size() == 1 ? where : numbered(where, i), &next[i]});
    };
    for (const auto& [id, flow] : content.flows) {
        for (const auto& [step_id, step] : flow.steps) {
            const std::string where = id + "/steps/" + step_id;
            places.steps.push_back({where, &step});
            if (step.ask) add_choices(where + "/ask/choices", *step.ask, places.ways);
        }
        walk(flow, visitor);
    }
    return places;
}

}  // namespace webhooks::cli
