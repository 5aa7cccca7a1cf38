#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bot/flow.hpp"

namespace bot {

struct Line;

/// What a message answers at one step.
struct Answer {
    enum class Kind { none, choice, many, number, text };
    Kind kind = Kind::none;
    const Choice* choice = nullptr;     ///< for choice
    std::vector<const Choice*> chosen;  ///< for many, in the order of the step
    int number = 0;                     ///< for number
    std::string words;                  ///< for text: as kept; for choice: the words beside the digit
    std::string who;                    ///< for text as name_and_number
    std::string tel;
    bool by_digit = false;  ///< for choice: the digit was sent
};

/// Reads a message as an answer to `ask` (flows/README.md, "ask"): leading digit, words, several numbers,
/// number. Free text comes apart (`read_free_text`), because digressions are heard before it.
/// @param strict  a danger flow or safety question: a message that says two things answers none of them.
[[nodiscard]] Answer read_choice_or_number(const Ask& ask, const std::string& raw,
                                           const NormalizedText& message, Language language, const Line& line,
                                           bool strict);

/// Reads a message as free text, by the step's validator; `none` when it does not pass.
[[nodiscard]] Answer read_free_text(const TextAnswer& text, const std::string& raw,
                                    const NormalizedText& message);

}  // namespace bot
