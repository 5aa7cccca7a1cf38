#include <algorithm>

#include "bot/content_check.hpp"

namespace bot {

namespace {

bool names_help(const Text& text, Language language) {
    const auto names = [](const std::string& words) {
        return words.find("911") != std::string::npos || words.find("988") != std::string::npos;
    };
    const std::string& alone = text.no_staff[index_of(language)];
    return names(text.body[index_of(language)]) && (alone.empty() || names(alone));
}

class DangerCheck {
public:
    DangerCheck(const Content& content, const ContentFiles& files, Problems& problems)
        : content_(content), files_(files), problems_(problems) {}

    void run() {
        for (const RiskClass risk : {RiskClass::self_harm, RiskClass::overdose, RiskClass::violence,
                                     RiskClass::harm_others, RiskClass::child})
            if (!content_.danger.contains(risk))
                problems_.push_back({files_.line, std::string(to_string(risk)),
                                     "no flow answers this danger; give one a \"danger\" entry for it"});
        for (const auto& [risk, route] : content_.danger) check_route(risk, route);
        for (const auto& [_, flow] : content_.flows) check_told(flow);
        for (const auto& [_, flow] : content_.flows)
            for (const auto& [id, step] : flow.steps) {
                if (step.safety && !step.wait)
                    error(flow.id, "steps/" + id,
                          "a safety question must say what happens when nobody answers: "
                          "add \"wait\"");
                way_to_help(flow.id, step);
            }
        numbers_of_roles();
        last_miss();
    }

private:
    void error(const std::string& flow, const std::string& where, std::string what) {
        problems_.push_back({flow + ".json", flow + "/" + where, std::move(what)});
    }

    // What the ladder tells the texter while this flow has them.
    void check_told(const Flow& flow) {
        if (!flow.told.empty() && flow.danger.empty())
            error(flow.id, "told", "is for flows that answer a danger");
        for (const auto& [text_id, next] : flow.told) {
            const std::string where = "told/" + text_id;
            if (content_.find_text(text_id) == nullptr) error(flow.id, where, "there is no such text");
            for (const Branch& branch : next)
                if (branch.to.kind != Target::Kind::step && branch.to.kind != Target::Kind::stay)
                    error(flow.id, where, "leads to a step of this flow, or \"stay\" to say nothing");
        }
    }

    void check_route(RiskClass risk, const DangerRoute& route) {
        const std::string where = "danger/" + std::string(to_string(risk));
        entry(route, where + "/clear", route.clear, true);
        if (route.imminent) entry(route, where + "/imminent", *route.imminent, true);
        if (route.someone_else) entry(route, where + "/someone_else", *route.someone_else, true);
        if (route.unclear)
            entry(route, where + "/unclear", *route.unclear, route.unclear->priority.has_value());
        if (route.imminent && route.imminent->priority && *route.imminent->priority != Priority::p0)
            error(route.flow, where + "/imminent/priority", "must be P0: minutes count");
    }

    void entry(const DangerRoute& route, const std::string& where, const DangerEntry& entry, bool pages) {
        const Step* step = content_.find_step(route.flow, entry.step);
        if (step == nullptr) {
            error(route.flow, where + "/step", "there is no step \"" + entry.step + "\" in this flow");
            return;
        }
        if (!pages) return;
        if (entry.priority && *entry.priority > Priority::p1)
            error(route.flow, where + "/priority", "must be P0 or P1: danger is not left for the next shift");
        for (const Language language : {Language::en, Language::es})
            if (!says_whom_to_call(*step, language))
                error(route.flow, "steps/" + step->id + "/say",
                      "the first text in danger must name 911 or 988 (" + std::string(to_string(language)) +
                          ")");
        if (!step->waits())
            error(route.flow, "steps/" + step->id, "the first step in danger must listen for an answer");
    }

    bool says_whom_to_call(const Step& step, Language language) const {
        return std::any_of(step.say.begin(), step.say.end(), [&](const SayItem& item) {
            const Text* text = content_.find_text(item.text_id);
            return text != nullptr && item.when.tests.empty() && names_help(*text, language);
        });
    }

    // What the engine itself says to whoever may be in danger, or cannot be helped here.
    void numbers_of_roles() {
        constexpr Role kWithNumbers[]{Role::opted_out,
                                      Role::opted_out_in_danger,
                                      Role::closed_in_danger,
                                      Role::help,
                                      Role::safe,
                                      Role::unanswered,
                                      Role::exhausted,
                                      Role::holding,
                                      Role::holding_exhausted};
        for (const Role role : kWithNumbers)
            for (const Language language : {Language::en, Language::es}) {
                const std::string& id = content_.line.texts[static_cast<std::size_t>(role)];
                const Text* text = content_.find_text(id);
                if (text == nullptr || names_help(*text, language)) continue;
                problems_.push_back({files_.texts[index_of(language)], id,
                                     "a crisis exit is missing: line.json says it as \"" +
                                         std::string(to_string(role)) + "\", so it must name 911 or 988"});
            }
    }

    // Danger is heard in every step; whoever only presses a number needs a way to help as well.
    void way_to_help(const std::string& flow_id, const Step& step) {
        if (!step.safety || !step.ask || content_.is_danger_flow(flow_id)) return;
        const Ask& ask = *step.ask;
        bool helped = brings_help(flow_id, step.actions, ask.next);
        for (const Choice& choice : ask.choices)
            helped = helped || brings_help(flow_id, choice.actions, choice.next);
        if (ask.number) helped = helped || brings_help(flow_id, ask.number->actions, ask.number->next);
        if (ask.text) helped = helped || brings_help(flow_id, ask.text->actions, ask.text->next);
        if (!helped)
            error(flow_id, "steps/" + step.id + "/ask",
                  "a crisis exit is missing: no answer to this safety question leads to a danger flow or "
                  "escalates");
    }

    static bool pages(const Actions& actions) {
        return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
            return std::holds_alternative<EscalateAction>(action.what) ||
                   std::holds_alternative<RaiseAction>(action.what);
        });
    }

    // At once, through steps that do not wait, or by the next safety question.
    bool brings_help(const std::string& flow_id, const Actions& actions, const Next& next,
                     int steps_more = 10) const {
        if (pages(actions)) return true;
        return std::any_of(next.begin(), next.end(), [&](const Branch& branch) {
            const Target& to = branch.to;
            if (to.kind != Target::Kind::step && to.kind != Target::Kind::flow &&
                to.kind != Target::Kind::call)
                return false;
            const std::string& in = to.kind == Target::Kind::step ? flow_id : to.flow;
            if (content_.is_danger_flow(in)) return true;
            const auto flow = content_.flows.find(in);
            if (flow == content_.flows.end() || steps_more == 0) return false;
            const Step* step = content_.find_step(in, to.step.empty() ? flow->second.first : to.step);
            if (step != nullptr && step->safety) return true;  // held to the same, itself
            return step != nullptr && brings_help(in, step->actions, step->next, steps_more - 1);
        });
    }

    // Whoever is not understood again and again gets a person.
    void last_miss() {
        if (content_.line.steps.misses.empty()) return;
        const auto [flow, id] = split_place(content_.line.steps.misses.back());
        const Step* step = content_.find_step(flow, id);
        if (step == nullptr) return;
        const bool escalates = std::any_of(
            step->actions.begin(), step->actions.end(),
            [](const Action& action) { return std::holds_alternative<EscalateAction>(action.what); });
        if (!escalates)
            error(flow, "steps/" + id + "/do", "the last step of \"misses\" must escalate: a person is due");
    }

    const Content& content_;
    const ContentFiles& files_;
    Problems& problems_;
};

}  // namespace

void check_danger(const Content& content, const ContentFiles& files, Problems& problems) {
    DangerCheck(content, files, problems).run();
}

}  // namespace bot
