#include <iostream>
#include <string_view>

#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flow_words.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

// Mermaid reads a label between double quotes as HTML.
std::string label_of(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"')
            out += "&quot;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out + '"';
}

class Chart {
public:
    explicit Chart(const bot::Flow& flow) : flow_(flow) {}

    void print() {
        std::cout << "%% " << flow_.id << ": " << flow_.about << "\nflowchart TD\n";
        for (const auto& [id, step] : flow_.steps) print_step(id, step);
        for (const auto& [name, rule] : flow_.timers) print_timer(name, rule);
    }

private:
    void print_step(const std::string& id, const bot::Step& step) {
        from_ = node(id);
        std::string label = id;
        for (const bot::SayItem& item : step.say) label += " " + item.text_id;
        std::cout << "  " << from_ << (step.safety ? "{{" : "[") << label_of(label)
                  << (step.safety ? "}}" : "]") << '\n';
        follow("-->", "", step.next);
        if (step.ask) print_answers(*step.ask);
        if (step.wait) follow("-.->", "after " + words_for(step.wait->after), step.wait->next);
        follow("-.->", "not understood", step.not_understood);
    }

    void print_answers(const bot::Ask& ask) {
        const auto or_common = [&](const bot::Next& own) -> const bot::Next& {
            return own.empty() ? ask.next : own;
        };
        for (const bot::Choice& choice : ask.choices)
            follow("-->", words_for(choice), or_common(choice.next));
        if (!ask.many.empty()) follow("-->", "several", ask.next);
        if (ask.number) follow("-->", words_for(*ask.number), or_common(ask.number->next));
        if (ask.text) follow("-->", words_for(*ask.text), or_common(ask.text->next));
    }

    void print_timer(const std::string& name, const bot::TimerRule& rule) {
        from_ = "timer_" + node(name);
        std::string label = "timer " + name;
        for (const bot::SayItem& item : rule.say) label += " " + item.text_id;
        std::cout << "  " << from_ << "([" << label_of(label) << "])\n";
        follow("-.->", "", rule.next);
    }

    void follow(const char* arrow, const std::string& answer, const bot::Next& next) {
        for (const bot::Branch& branch : next) {
            std::string label = answer;
            if (!branch.when.tests.empty())
                label += (label.empty() ? "if " : ", if ") + words_for(branch.when);
            std::cout << "  " << from_ << ' ' << arrow;
            if (!label.empty()) std::cout << '|' << label_of(label) << '|';
            std::cout << ' ' << target(branch.to) << '\n';
        }
    }

    // Places outside the flow become round nodes, named where they first occur.
    std::string target(const bot::Target& to) const {
        if (to.kind == bot::Target::Kind::step) return node(to.step);
        const std::string words = words_for(to);
        return "to_" + node(words) + "([" + label_of(words) + "])";
    }

    // Letters and digits only; prefixed, because "end" alone is a word of Mermaid.
    static std::string node(std::string_view name) {
        std::string id = "n_";
        for (const char c : name) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            id += plain ? c : '_';
        }
        return id;
    }

    const bot::Flow& flow_;
    std::string from_;
};

}  // namespace

int graph_flows(const std::filesystem::path& directory, const std::string& flow) {
    const auto content = load_flows_or_complain(directory);
    if (content == nullptr) return kBadConfig;
    if (!flow.empty()) {
        const auto found = content->flows.find(flow);
        if (found == content->flows.end()) {
            std::cerr << directory.string() << ": there is no flow \"" << flow << "\"; there are";
            for (const auto& [id, _] : content->flows) std::cerr << ' ' << id;
            std::cerr << '\n';
            return kBadUsage;
        }
        Chart(found->second).print();
        return kDone;
    }
    for (const auto& [_, one] : content->flows) Chart(one).print();
    return kDone;
}

}  // namespace webhooks::cli
