#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bot/ears.hpp"
#include "tests/ears/corpus.hpp"

namespace ears {

/// What was heard in one text, in the words of `handrail classify`.
struct Heard {
    std::vector<std::string> risk;
    bool imminent = false;
    bool asked = false;  ///< no danger, but the gentle question would be asked
    std::string consent, situation;
};

[[nodiscard]] Heard listen(const bot::Ears& ears, const std::string& text);

/// Hits and misses for one label.
struct Count {
    std::size_t wanted = 0;  ///< texts that have the label
    std::size_t heard = 0;   ///< of those, heard
    std::size_t said = 0;    ///< texts it was heard in, rightly or not
    [[nodiscard]] double recall() const;
    [[nodiscard]] double precision() const;
};

/// Figures of one set of texts.
struct Scores {
    std::map<std::string, Count>
        labels;  ///< self_harm, overdose, violence, danger (any), imminent, opt_out ...
    std::size_t harmless = 0, false_alarms = 0;   ///< texts without risk; those heard as risk
    std::size_t hard = 0, hard_false_alarms = 0;  ///< the same among hard negatives
    std::size_t asked = 0;                        ///< harmless texts that are asked about
    std::size_t placed = 0, rightly_placed = 0;   ///< situation, of texts without risk
    std::map<std::string, std::map<std::string, std::size_t>> confused;  ///< situation: labelled, heard
    std::vector<std::string> wrong;  ///< every miss and false alarm, one line each

    void add(const Example& example, const Heard& heard);
};

/// A table of them for people.
[[nodiscard]] std::string to_table(const std::string& title, const Scores& scores);

}  // namespace ears
