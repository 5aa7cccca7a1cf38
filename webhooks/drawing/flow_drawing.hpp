#pragma once
#include <string>
#include <vector>

#include "bot/content.hpp"

namespace webhooks::drawing {

/// A flow as boxes and arrows, before any notation.
struct FlowDrawing {
    enum class Kind { step, safety, timer, elsewhere };
    struct Box {
        std::string id;     ///< unique: "S1", "timer slip.month", "human/"
        std::string title;  ///< "S1 SLP.1"
        std::string words;  ///< what it says in English; empty for timers without words and places elsewhere
        Kind kind = Kind::step;
    };
    struct Arrow {
        std::string from;
        std::string to;
        std::string words;    ///< the answer and the condition; empty: always
        bool silent = false;  ///< taken without an answer that was understood: time, not understood, timers
    };
    std::string name;
    std::string about;
    std::vector<Box> boxes;  ///< steps in order, then timers, then places elsewhere
    std::vector<Arrow> arrows;
};

[[nodiscard]] FlowDrawing draw(const bot::Content& content, const bot::Flow& flow);

/// As a Mermaid flow chart.
[[nodiscard]] std::string to_mermaid(const FlowDrawing& drawing);

/// In Graphviz' language, with the words that are said, for one page.
[[nodiscard]] std::string to_dot(const FlowDrawing& drawing);

}  // namespace webhooks::drawing
