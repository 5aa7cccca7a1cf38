#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ears {

/// One labelled text (tests/corpus/README.md).
struct Example {
    std::string id, text, language, consent, situation;
    std::vector<std::string> risk;  ///< of self_harm, overdose, violence
    bool imminent = false;
    bool hard = false;  ///< holds words of a label that it does not have

    [[nodiscard]] bool has(std::string_view danger) const;
};

/// Reads JSON lines; prints what is wrong and ends the program when a line is not of this shape.
[[nodiscard]] std::vector<Example> read_corpus(const std::string& path);

/// Reads texts written with slots (tests/corpus/templates.txt): every choice of every slot comes up at least
/// once, in combinations that a hash picks, so that the same file always gives the same examples.
[[nodiscard]] std::vector<Example> read_templates(const std::string& path);

/// Both kinds, by the ending of the name.
[[nodiscard]] std::vector<Example> read_examples(const std::string& path);

/// The part, 0 to `parts`-1, that a text falls into and never moves from: all texts of one writer
/// ("w03-0412") into one, for a model that has read somebody knows their voice; others by a hash of the text.
[[nodiscard]] unsigned part_of(const Example& example, unsigned parts);

}  // namespace ears
