#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/problem.hpp"

namespace bot {

/// A message as the statistical model sees it: a set of numbered features. Words, pairs of neighbouring
/// words, pieces of words (for spellings nobody wrote down), and ideas: words of one meaning in either
/// language ("gun", "pistola") are one idea of `flows/lexicon/concepts.json`, {"concepts": {idea: "words"}},
/// and pairs of ideas, in order where they stand close together and in any order where they do not,
/// generalise over wordings that were never seen. Immutable.
class WordFeatures {
public:
    static constexpr std::uint32_t kCount = 1U << 19;

    [[nodiscard]] static boost::system::result<WordFeatures, Problems> load(std::string_view file_name,
                                                                            std::string_view json);
    /// @param message  written out and with figures of speech masked (RuleSet::prepare)
    /// @param denied   by word: in the reach of a negation
    /// @return feature numbers below kCount, ascending, each once. Linear in the message.
    [[nodiscard]] std::vector<std::uint32_t> of(const NormalizedText& message,
                                                const std::vector<bool>& denied) const;

private:
    using Ideas = std::vector<std::uint32_t>;  // hashes of their names
    class Collector;

    std::unordered_map<std::string, Ideas> ideas_;  // by word
};

}  // namespace bot
