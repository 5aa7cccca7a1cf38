#include <algorithm>

#include "bot/content_check.hpp"

namespace bot {

namespace {

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
            for (const auto& [id, step] : flow.steps)
                if (step.safety && !step.wait)
                    error(flow.id, "steps/" + id,
                          "a safety question must say what happens when nobody answers: "
                          "add \"wait\"");
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
            if (text == nullptr || !item.when.tests.empty()) return false;
            const auto names = [](const std::string& words) {
                return words.find("911") != std::string::npos || words.find("988") != std::string::npos;
            };
            const std::string& alone = text->no_staff[index_of(language)];
            return names(text->body[index_of(language)]) && (alone.empty() || names(alone));
        });
    }

    // Whoever is not understood again and again gets a person.
    void last_miss() {
        if (content_.line.steps.misses.empty()) return;
        const auto [flow, id] = split_place(content_.line.steps.misses.back());
        const Step* step = content_.find_step(flow, id);
        if (step == nullptr) return;
        const bool pages = std::any_of(step->actions.begin(), step->actions.end(), [](const Action& action) {
            return std::holds_alternative<EscalateAction>(action.what);
        });
        if (!pages)
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
