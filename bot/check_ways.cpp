#include <algorithm>
#include <set>

#include "bot/content_check.hpp"
#include "bot/flow_walk.hpp"

namespace bot {

namespace {

using Place = std::pair<std::string, std::string>;  // flow, step

class WayCheck {
public:
    WayCheck(const Content& content, const ContentFiles& files, Problems& problems)
        : content_(content), files_(files), problems_(problems) {}

    void run() {
        for (const auto& [_, flow] : content_.flows)
            for (const auto& [id, step] : flow.steps) {
                dead_ends(flow, step);
                loop_from(flow, step);
                texts_in_a_row(flow, step);
            }
        reach();
    }

private:
    void error(const Flow& flow, const std::string& where, std::string what) {
        problems_.push_back({ContentFiles::of(flow), flow.id + "/steps/" + where, std::move(what)});
    }

    void dead_ends(const Flow& flow, const Step& step) {
        if (!step.waits() && step.next.empty())
            error(flow, step.id, "a dead end: needs \"ask\", \"wait\" or \"next\"");
        if (step.waits() && !step.next.empty())
            error(flow, step.id + "/next",
                  "is never followed, because the step waits; put it into \"ask\" or \"wait\"");
        if (!step.waits() && !step.not_understood.empty())
            error(flow, step.id + "/not_understood", "means nothing in a step that does not ask");
        if (!step.ask) return;
        const Ask& ask = *step.ask;
        const std::string where = step.id + "/ask";
        if (!ask.next.empty()) return;
        for (std::size_t i = 0; i < ask.choices.size(); ++i)
            if (ask.choices[i].next.empty() && (ask.many.empty() || !ask.next.empty()))
                error(flow, where + "/choices[" + std::to_string(i) + "]",
                      "a dead end: \"" + ask.choices[i].name + "\" needs \"next\", or \"ask\" does");
        if (!ask.many.empty()) error(flow, where, "a dead end: \"many\" goes on to \"next\" of \"ask\"");
        if (ask.number && ask.number->next.empty())
            error(flow, where + "/number", "a dead end: needs \"next\", or \"ask\" does");
        if (ask.text && ask.text->next.empty())
            error(flow, where + "/text", "a dead end: needs \"next\", or \"ask\" does");
    }

    // Steps entered in the same turn as this one, because it does not wait.
    std::vector<Place> straight_on(const Flow& flow, const Step& step) const {
        std::vector<Place> places;
        if (step.waits()) return places;
        for (const Branch& branch : step.next)
            if (const auto place = place_of(flow, branch.to)) places.push_back(*place);
        return places;
    }

    std::optional<Place> place_of(const Flow& flow, const Target& to) const {
        if (to.kind == Target::Kind::step) return Place{flow.id, to.step};
        if (to.kind != Target::Kind::flow && to.kind != Target::Kind::call) return std::nullopt;
        const auto other = content_.flows.find(to.flow);
        if (other == content_.flows.end()) return std::nullopt;
        return Place{to.flow, to.step.empty() ? other->second.first : to.step};
    }

    void loop_from(const Flow& flow, const Step& start) {
        std::set<Place> seen;
        std::vector<Place> todo = straight_on(flow, start);
        while (!todo.empty()) {
            const Place place = todo.back();
            todo.pop_back();
            if (place == Place{flow.id, start.id}) {
                error(flow, start.id + "/next", "a loop that never waits: no step of it asks anything");
                return;
            }
            if (!seen.insert(place).second) continue;
            const Step* step = content_.find_step(place.first, place.second);
            if (step == nullptr) continue;
            for (const Place& next : straight_on(content_.flows.at(place.first), *step)) todo.push_back(next);
        }
    }

    static std::size_t always_said(const Say& say) {
        return static_cast<std::size_t>(
            std::count_if(say.begin(), say.end(), [](const SayItem& i) { return i.when.tests.empty(); }));
    }

    std::size_t said_from(const Place& place, std::set<Place>& on_the_way) const {
        const Step* step = content_.find_step(place.first, place.second);
        if (step == nullptr || !on_the_way.insert(place).second) return 0;
        std::size_t most = 0;
        for (const Place& next : straight_on(content_.flows.at(place.first), *step))
            most = std::max(most, said_from(next, on_the_way));
        on_the_way.erase(place);
        return most + always_said(step->say);
    }

    void texts_in_a_row(const Flow& flow, const Step& step) {
        std::set<Place> on_the_way;
        const std::size_t texts = said_from({flow.id, step.id}, on_the_way);
        if (texts > 2)
            error(flow, step.id, std::to_string(texts) + " texts in a row; at most 2 go out for one message");
    }

    void reach_from(const Place& start) {
        std::vector<Place> todo{start};
        while (!todo.empty()) {
            const Place place = todo.back();
            todo.pop_back();
            if (content_.find_step(place.first, place.second) == nullptr || !reached_.insert(place).second)
                continue;
            const auto onward = onward_.equal_range(place);
            for (auto at = onward.first; at != onward.second; ++at) todo.push_back(at->second);
        }
    }

    void reach_flow(const std::string& named) {
        const auto [flow_id, step_id] = split_place(named);
        const auto flow = content_.flows.find(flow_id);
        if (flow != content_.flows.end())
            reach_from({flow_id, step_id.empty() ? flow->second.first : step_id});
    }

    void collect_onward(const Flow& flow) {
        FlowVisitor visitor;
        visitor.next = [&](const std::string&, const Step* step, const Next& next) {
            for (const Branch& branch : next) {
                const Place from{flow.id, step == nullptr ? flow.first : step->id};
                if (const auto to = place_of(flow, branch.to)) onward_.emplace(from, *to);
                if (branch.to.kind == Target::Kind::call)
                    onward_.emplace(from, Place{flow.id, branch.to.then});
            }
        };
        walk(flow, visitor);
    }

    void reach_starts(const Flow& flow) {
        const Starts& starts = flow.starts;
        const bool started = !starts.situations.empty() || !starts.intents.empty() ||
                             !starts.words[0].empty() || !starts.words[1].empty();
        if (started) reach_from({flow.id, starts.step.empty() ? flow.first : starts.step});
        for (const auto& [_, route] : flow.danger) {
            reach_from({flow.id, route.clear.step});
            for (const auto& entry : {route.imminent, route.someone_else, route.unclear})
                if (entry) reach_from({flow.id, entry->step});
        }
        if (!flow.timers.empty()) reach_from({flow.id, flow.first});
    }

    void reach() {
        for (const auto& [_, flow] : content_.flows) collect_onward(flow);
        for (const auto& [_, flow] : content_.flows) reach_starts(flow);
        const LineSteps& steps = content_.line.steps;
        for (const std::string& place :
             {steps.welcome, steps.menu, steps.person, steps.unclear_opt_out, steps.minor, steps.return_open,
              steps.return_week, steps.return_quarter})
            reach_flow(place);
        for (const std::string& place : steps.misses) reach_flow(place);
        for (const GlobalWord& global : content_.line.globals) reach_flow(global.go);
        for (const Digression& digression : content_.line.digressions) reach_flow(digression.go);
        for (const auto& [_, flow] : content_.flows)
            for (const auto& [id, step] : flow.steps)
                if (!reached_.contains({flow.id, id}))
                    error(flow, id, "cannot be reached: no answer, branch, start or timer leads here");
    }

    const Content& content_;
    const ContentFiles& files_;
    Problems& problems_;
    std::multimap<Place, Place> onward_;
    std::set<Place> reached_;
};

}  // namespace

void check_ways(const Content& content, const ContentFiles& files, Problems& problems) {
    WayCheck(content, files, problems).run();
}

}  // namespace bot
