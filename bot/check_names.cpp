#include <set>

#include "bot/content_check.hpp"
#include "bot/flow_walk.hpp"

namespace bot {

namespace {

// What flows write, so that a condition on a name nobody writes is a typing error.
struct Written {
    std::set<std::string> fields{"when", "who", "tel"};
    std::set<std::string> tags{"minor",           "danger_self_harm",    "danger_overdose",
                               "danger_violence", "danger_harm_others",  "danger_child",
                               "danger_implied",  "danger_someone_else", "danger_also_violence"};
};

template <class Map>
void add_keys(const Map& map, std::set<std::string>& out) {
    for (const auto& [key, _] : map) out.insert(key);
}

void collect(const Action& action, Written& out) {
    if (const auto* tag = std::get_if<TagAction>(&action.what); tag != nullptr && tag->on)
        out.tags.insert(tag->tag);
    if (const auto* record = std::get_if<RecordAction>(&action.what)) add_keys(record->values, out.fields);
    if (const auto* copy = std::get_if<CopyAction>(&action.what)) add_keys(copy->from, out.fields);
    if (const auto* sum = std::get_if<SumAction>(&action.what)) add_keys(sum->of, out.fields);
    if (const auto* add = std::get_if<AddAction>(&action.what)) add_keys(add->amounts, out.fields);
}

void collect(const Step& step, Written& out) {
    if (!step.ask) return;
    out.fields.insert(step.ask->field);
    out.fields.insert(step.ask->many);
    if (step.ask->number) out.fields.insert(step.ask->number->field);
    if (step.ask->text) out.fields.insert(step.ask->text->field);
    for (const Choice& choice : step.ask->choices) out.fields.insert(choice.detail);
}

Written collect(const Content& content) {
    Written written;
    FlowVisitor visitor;
    visitor.action = [&](const std::string&, const Step*, const Action& action) { collect(action, written); };
    for (const auto& [_, flow] : content.flows) {
        walk(flow, visitor);
        for (const auto& [id, step] : flow.steps) collect(step, written);
    }
    return written;
}

class NameCheck {
public:
    NameCheck(const Content& content, const ContentFiles& files, Problems& problems)
        : content_(content), files_(files), problems_(problems), written_(collect(content)) {}

    void flow(const Flow& flow) {
        file_ = ContentFiles::of(flow);
        FlowVisitor visitor;
        visitor.next = [&](const std::string& where, const Step*, const Next& next) {
            for (const Branch& branch : next) target(where, flow, branch.to);
        };
        visitor.say = [&](const std::string& where, const Step*, const Say& say) { texts(where, say); };
        visitor.action = [&](const std::string& where, const Step*, const Action& action) {
            timers_of(where, action);
            field_of(where, action);
        };
        visitor.test = [&](const std::string& where, const Test& test) { names_in(where, test); };
        walk(flow, visitor);
        starts(flow);
    }

    void line() {
        file_ = files_.line;
        const Line& line = content_.line;
        for (std::size_t i = 0; i < kRoles; ++i)
            if (!line.texts[i].empty() && content_.find_text(line.texts[i]) == nullptr)
                error("line/texts/" + std::string(to_string(static_cast<Role>(i))), no_text(line.texts[i]));
        const LineSteps& steps = line.steps;
        place("line/steps/welcome", steps.welcome);
        place("line/steps/menu", steps.menu);
        place("line/steps/person", steps.person);
        place("line/steps/unclear_opt_out", steps.unclear_opt_out);
        place("line/steps/minor", steps.minor);
        place("line/steps/return_open", steps.return_open);
        place("line/steps/return_week", steps.return_week);
        place("line/steps/return_quarter", steps.return_quarter);
        for (const std::string& step : steps.misses) place("line/steps/misses", step);
        for (const GlobalWord& global : line.globals) {
            if (!global.go.empty()) place("line/globals/" + global.name, global.go);
            texts("line/globals/" + global.name, global.say);
        }
        for (const Digression& digression : line.digressions) {
            if (!digression.go.empty()) place("line/digressions/" + digression.name, digression.go);
            texts("line/digressions/" + digression.name, digression.say);
            for (const std::string& intent : digression.intents) is_intent("line/digressions", intent);
        }
    }

private:
    void error(const std::string& where, std::string what) {
        problems_.push_back({file_, where, std::move(what)});
    }
    static std::string no_text(const std::string& id) {
        return "there is no text \"" + id + "\"; add it to texts/en.json and texts/es.json";
    }

    void target(const std::string& where, const Flow& flow, const Target& to) {
        if (to.kind == Target::Kind::step && !flow.steps.contains(to.step))
            error(where, "there is no step \"" + to.step + "\" in this flow (another flow is written \"" +
                             to.step + "/\")");
        if (to.kind == Target::Kind::call && !flow.steps.contains(to.then))
            error(where, "\"then\" names no step of this flow: \"" + to.then + "\"");
        if (to.kind == Target::Kind::flow || to.kind == Target::Kind::call)
            place(where, to.flow + "/" + to.step);
    }

    void place(const std::string& where, const std::string& place) {
        const auto [flow_id, step_id] = split_place(place);
        const auto flow = content_.flows.find(flow_id);
        if (flow == content_.flows.end())
            error(where, "there is no flow \"" + flow_id + "\"");
        else if (!step_id.empty() && !flow->second.steps.contains(step_id))
            error(where, "there is no step \"" + step_id + "\" in the flow \"" + flow_id + "\"");
    }

    void texts(const std::string& where, const Say& say) {
        for (const SayItem& item : say)
            if (content_.find_text(item.text_id) == nullptr) error(where, no_text(item.text_id));
    }

    void timers_of(const std::string& where, const Action& action) {
        if (const auto* timer = std::get_if<TimerAction>(&action.what); timer != nullptr) {
            if (!content_.timers.contains(timer->name))
                error(where, "no flow has a timer \"" + timer->name + "\"; add it under \"timers\"");
        }
        if (const auto* check_ins = std::get_if<CheckInsAction>(&action.what))
            for (const TimerAction& timer : check_ins->series) {
                const auto rule = content_.timers.find(timer.name);
                if (rule == content_.timers.end())
                    error(where, "no flow has a timer \"" + timer.name + "\"; add it under \"timers\"");
                else if (!rule->second.proactive)
                    error(where,
                          "the timer \"" + timer.name + "\" must be \"proactive\": true for check-ins");
            }
    }

    void field_of(const std::string& where, const Action& action) {
        const auto* call = std::get_if<BookCallAction>(&action.what);
        if (call != nullptr && !written_.fields.contains(call->when))
            error(where, "nothing ever records \"" + call->when + "\"");
    }

    void names_in(const std::string& where, const Test& test) {
        using Kind = Test::Kind;
        const bool on_field =
            test.kind == Kind::answer || test.kind == Kind::includes || test.kind == Kind::number;
        if (on_field && !written_.fields.contains(test.name))
            error(where, "nothing ever records \"" + test.name + "\", so this condition can never change");
        if (!test.max_of.empty() && !written_.fields.contains(test.max_of))
            error(where, "nothing ever records \"" + test.max_of + "\"");
        if ((test.kind == Kind::tag || test.kind == Kind::no_tag) && !written_.tags.contains(test.name))
            error(where, "nothing ever sets the tag \"" + test.name + "\"");
    }

    void is_intent(const std::string& where, const std::string& intent) {
        if (files_.situation_lexicon.find("\"" + intent + "\"") == std::string::npos)
            error(where, "lexicon/situation.json knows no intent \"" + intent + "\"");
    }

    void starts(const Flow& flow) {
        static const std::set<std::string> kSituations{"greeting",      "slip",      "relapse",   "craving",
                                                       "warning_signs", "treatment", "supporter", "human"};
        const std::string where = flow.id + "/starts";
        for (const std::string& situation : flow.starts.situations)
            if (!kSituations.contains(situation)) error(where, "there is no situation \"" + situation + "\"");
        for (const std::string& intent : flow.starts.intents) is_intent(where, intent);
        if (!flow.starts.step.empty() && !flow.steps.contains(flow.starts.step))
            error(where + "/step", "there is no step \"" + flow.starts.step + "\" in this flow");
        if (!flow.steps.contains(flow.first))
            error(flow.id + "/first", "there is no step \"" + flow.first + "\" in this flow");
        for (const auto& [name, rule] : flow.timers)
            for (const std::string& step : rule.at_steps)
                if (!flow.steps.contains(step))
                    error(flow.id + "/timers/" + name + "/at_steps",
                          "there is no step \"" + step + "\" in this flow: the timer would stay silent");
    }

    const Content& content_;
    const ContentFiles& files_;
    Problems& problems_;
    Written written_;
    std::string file_;
};

}  // namespace

void check_names(const Content& content, const ContentFiles& files, Problems& problems) {
    NameCheck check(content, files, problems);
    for (const auto& [_, flow] : content.flows) check.flow(flow);
    check.line();
}

}  // namespace bot
