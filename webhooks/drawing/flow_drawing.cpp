#include "webhooks/drawing/flow_drawing.hpp"

#include <algorithm>

#include "webhooks/drawing/flow_words.hpp"

namespace webhooks::drawing {

namespace {

using Kind = FlowDrawing::Kind;

class Pencil {
public:
    Pencil(const bot::Content& content, const bot::Flow& flow) : content_(content), flow_(flow) {
        drawing_.name = flow.id;
        drawing_.about = flow.about;
    }

    FlowDrawing draw() {
        for (const auto& [id, step] : flow_.steps) draw_step(id, step);
        for (const auto& [name, rule] : flow_.timers) {
            from_ = "timer " + name;
            box(from_, from_, rule.say, Kind::timer);
            follow(true, "", rule.next);
        }
        for (const std::string& place : elsewhere_)
            drawing_.boxes.push_back({place, place, "", Kind::elsewhere});
        return std::move(drawing_);
    }

private:
    void box(const std::string& id, std::string title, const bot::Say& say, Kind kind) {
        std::string words;
        for (const bot::SayItem& item : say) {
            title += ' ';
            title += item.text_id;
            const bot::Text* text = content_.find_text(item.text_id);
            if (text == nullptr) continue;
            if (!words.empty()) words += '\n';
            words += text->body[bot::index_of(bot::Language::en)];
        }
        drawing_.boxes.push_back({id, std::move(title), std::move(words), kind});
    }

    void draw_step(const std::string& id, const bot::Step& step) {
        from_ = id;
        box(id, id, step.say, step.safety ? Kind::safety : Kind::step);
        follow(false, "", step.next);
        if (step.ask) draw_answers(*step.ask);
        if (step.wait) follow(true, "after " + words_for(step.wait->after), step.wait->next);
        follow(true, "not understood", step.not_understood);
    }

    void draw_answers(const bot::Ask& ask) {
        const auto or_common = [&](const bot::Next& own) -> const bot::Next& {
            return own.empty() ? ask.next : own;
        };
        for (const bot::Choice& choice : ask.choices)
            follow(false, words_for(choice), or_common(choice.next));
        if (!ask.many.empty()) follow(false, "several", ask.next);
        if (ask.number) follow(false, words_for(*ask.number), or_common(ask.number->next));
        if (ask.text) follow(false, words_for(*ask.text), or_common(ask.text->next));
    }

    void follow(bool silent, const std::string& answer, const bot::Next& next) {
        for (const bot::Branch& branch : next) {
            std::string words = answer;
            if (!branch.when.tests.empty()) {
                words += words.empty() ? "if " : ", if ";
                words += words_for(branch.when);
            }
            drawing_.arrows.push_back({from_, place(branch.to), std::move(words), silent});
        }
    }

    std::string place(const bot::Target& to) {
        if (to.kind == bot::Target::Kind::step) return to.step;
        std::string words = words_for(to);
        if (std::find(elsewhere_.begin(), elsewhere_.end(), words) == elsewhere_.end())
            elsewhere_.push_back(words);
        return words;
    }

    const bot::Content& content_;
    const bot::Flow& flow_;
    FlowDrawing drawing_;
    std::string from_;
    std::vector<std::string> elsewhere_;
};

// Mermaid reads a label between double quotes as HTML.
std::string mermaid_label(std::string_view text) {
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

// Letters and digits only; prefixed, because "end" alone is a word of Mermaid.
std::string mermaid_id(const FlowDrawing::Box& box) {
    std::string_view name = box.id;
    std::string id = box.kind == Kind::elsewhere ? "to_n_" : "n_";
    if (box.kind == Kind::timer) {
        name.remove_prefix(std::string_view("timer ").size());
        id = "timer_n_";
    }
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        id += plain ? c : '_';
    }
    return id;
}

const FlowDrawing::Box& box_of(const FlowDrawing& drawing, const std::string& id) {
    return *std::find_if(drawing.boxes.begin(), drawing.boxes.end(),
                         [&](const FlowDrawing::Box& box) { return box.id == id; });
}

std::string mermaid_box(const FlowDrawing::Box& box) {
    const std::string label = mermaid_label(box.title);
    if (box.kind == Kind::step) return mermaid_id(box) + '[' + label + ']';
    if (box.kind == Kind::safety) return mermaid_id(box) + "{{" + label + "}}";
    return mermaid_id(box) + "([" + label + "])";
}

}  // namespace

FlowDrawing draw(const bot::Content& content, const bot::Flow& flow) { return Pencil(content, flow).draw(); }

std::string to_mermaid(const FlowDrawing& drawing) {
    std::string out = "%% " + drawing.name + ": " + drawing.about + "\nflowchart TD\n";
    for (const FlowDrawing::Box& box : drawing.boxes) {
        if (box.kind != Kind::elsewhere) out += "  " + mermaid_box(box) + '\n';
        for (const FlowDrawing::Arrow& arrow : drawing.arrows) {
            if (arrow.from != box.id) continue;
            const FlowDrawing::Box& to = box_of(drawing, arrow.to);
            out += "  " + mermaid_id(box) + (arrow.silent ? " -.->" : " -->");
            if (!arrow.words.empty()) out += '|' + mermaid_label(arrow.words) + '|';
            out += ' ' + (to.kind == Kind::elsewhere ? mermaid_box(to) : mermaid_id(to)) + '\n';
        }
    }
    return out;
}

}  // namespace webhooks::drawing
