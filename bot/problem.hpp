#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace bot {

/// One defect of a file a person wrote: where it is, what is wrong, how to mend it.
struct Problem {
    std::string file;   ///< as given, e.g. "flows/slip.json"
    std::string where;  ///< flow, step and field ("slip/S1/choices[0].next") or a JSON pointer
    std::string what;   ///< what is wrong and what is allowed, one sentence
    bool warning = false;
    std::size_t line = 0;  ///< in the file, counted from 1; 0 when it has none (a text that is not there)
};

/// Every defect of one load; never just the first.
using Problems = std::vector<Problem>;

[[nodiscard]] inline std::string to_string(const Problem& problem) {
    std::string text = problem.file;
    if (problem.line > 0) text.append(":").append(std::to_string(problem.line));
    text += ": ";
    if (!problem.where.empty()) text += problem.where + ": ";
    if (problem.warning) text += "warning: ";
    return text += problem.what;
}

}  // namespace bot
