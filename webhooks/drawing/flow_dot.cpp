#include <algorithm>
#include <map>

#include "webhooks/drawing/flow_drawing.hpp"

namespace webhooks::drawing {

namespace {

using Kind = FlowDrawing::Kind;

constexpr std::size_t kColumns = 38;       // of a box
constexpr std::size_t kArrowColumns = 22;  // of the words at an arrow

/// Words cut into lines, at blanks; line breaks stay. Each line ends in `end` (Graphviz: \l is "left").
std::string wrapped(const std::string& text, std::size_t columns, const char* end) {
    std::string out;
    std::size_t column = 0;
    std::string word;
    const auto put = [&] {
        if (column > 0 && column + word.size() >= columns) {
            out += end;
            column = 0;
        }
        if (column > 0) out += ' ';
        out += word;
        column += word.size() + 1;
        word.clear();
    };
    for (const char c : text) {
        if (c != ' ' && c != '\n') {
            if (c == '"' || c == '\\') word += '\\';
            word += c;
            continue;
        }
        if (!word.empty()) put();
        if (c == '\n') {
            if (column > 0) out += end;
            column = 0;
        }
    }
    if (!word.empty()) put();
    return out;
}

std::string in_quotes(const std::string& id) { return '"' + wrapped(id, id.size() + 1, " ") + '"'; }

const char* look_of(Kind kind) {
    switch (kind) {
        case Kind::safety:
            return "shape=octagon, fillcolor=\"#fde8e8\", color=\"#b42318\"";
        case Kind::timer:
            return "shape=box, style=\"rounded,filled,dashed\", fillcolor=\"#fff7e0\"";
        case Kind::elsewhere:
            return "shape=box, style=\"rounded,filled\", fillcolor=\"#e6f0ff\"";
        case Kind::step:
            break;
    }
    return "shape=box";
}

std::string box_in_dot(const std::string& id, const FlowDrawing::Box& box) {
    std::string label = wrapped(box.title, kColumns, "\\l");
    label += "\\l";
    if (!box.words.empty()) label += wrapped(box.words, kColumns, "\\l") + "\\l";
    return "  " + in_quotes(id) + " [" + look_of(box.kind) + ", label=\"" + label + "\"];\n";
}

/// Answers that lead the same way share an arrow.
std::vector<FlowDrawing::Arrow> joined(const std::vector<FlowDrawing::Arrow>& arrows) {
    std::vector<FlowDrawing::Arrow> out;
    for (const FlowDrawing::Arrow& arrow : arrows) {
        const auto same = std::find_if(out.begin(), out.end(), [&](const FlowDrawing::Arrow& other) {
            return other.from == arrow.from && other.to == arrow.to && other.silent == arrow.silent;
        });
        if (same == out.end())
            out.push_back(arrow);
        else
            same->words += '\n' + arrow.words;
    }
    return out;
}

}  // namespace

std::string to_dot(const FlowDrawing& drawing) {
    std::string out = "digraph " + in_quotes(drawing.name) + " {\n";
    // A4 upright, in inches, with a margin; wide flows shrink to it.
    out +=
        "  graph [size=\"7.5,10.7\", ratio=compress, rankdir=TB, nodesep=0.25, ranksep=0.4, labelloc=t, "
        "fontname=\"Helvetica\", fontsize=16, label=\"" +
        wrapped(drawing.name + ": " + drawing.about, 90, "\\n") + "\"];\n";
    out +=
        "  node [style=filled, fillcolor=white, fontname=\"Helvetica\", fontsize=10, "
        "margin=\"0.12,0.07\"];\n";
    out += "  edge [fontname=\"Helvetica\", fontsize=9];\n";
    std::map<std::string, const FlowDrawing::Box*> elsewhere;
    for (const FlowDrawing::Box& box : drawing.boxes)
        if (box.kind == Kind::elsewhere)
            elsewhere[box.id] = &box;
        else
            out += box_in_dot(box.id, box);
    for (const FlowDrawing::Arrow& arrow : joined(drawing.arrows)) {
        // Each step has its own copy of the places elsewhere: no arrow crosses the page for an "end".
        std::string to = arrow.to;
        if (const auto place = elsewhere.find(to); place != elsewhere.end()) {
            to = arrow.from + " to " + arrow.to;
            out += box_in_dot(to, *place->second);
        }
        out += "  " + in_quotes(arrow.from) + " -> " + in_quotes(to) + " [label=\"" +
               wrapped(arrow.words, kArrowColumns, "\\n") + '"';
        out += arrow.silent ? ", style=dashed, color=\"#667085\"];\n" : "];\n";
    }
    return out + "}\n";
}

}  // namespace webhooks::drawing
