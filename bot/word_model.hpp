#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/problem.hpp"
#include "bot/word_features.hpp"

namespace bot {

/// A small linear classifier: for each of its outputs ("self_harm", "overdose" ...) a score that a message
/// belongs to it; above 0 means rather than not. It hears wordings that no rule foresaw, so it may add to
/// what rules heard and never takes away. Trained from the committed corpus (`tests/ears/train_model`) into
/// `flows/lexicon/model.json`: {"outputs": [names], "bias": [...], "scale": number,
/// "weights": ["hex feature, then a letter per output (a is the first) and a whole number", ...]}. Immutable.
class WordModel {
public:
    /// @param features  how messages become features; the same ones it was trained with
    [[nodiscard]] static boost::system::result<WordModel, Problems> load(std::string_view file_name,
                                                                         std::string_view json,
                                                                         WordFeatures features);
    [[nodiscard]] std::optional<std::size_t> output(std::string_view name) const noexcept;

    /// A score for each output, by number. A few microseconds a message.
    [[nodiscard]] std::vector<float> score(const NormalizedText& message,
                                           const std::vector<bool>& denied) const;

private:
    struct Weight {
        std::uint16_t output = 0;
        std::int16_t weight = 0;  // in units of scale_
    };
    class Loader;

    WordFeatures features_;
    std::vector<std::string> outputs_;
    std::vector<float> bias_;
    float scale_ = 0;
    std::vector<std::uint32_t>
        begin_;  // by feature: where its weights begin in weights_, and one past the last
    std::vector<Weight> weights_;
};

}  // namespace bot
