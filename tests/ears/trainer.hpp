#pragma once
#include <memory>
#include <string>
#include <vector>

#include "bot/risk.hpp"
#include "bot/word_model.hpp"
#include "tests/ears/corpus.hpp"

namespace ears {

/// The lexicon files the model is trained with: spelling, risk rules (for what they mask) and ideas.
class Trainer {
public:
    /// @param flows  the flows directory; prints what is wrong and ends the program when it cannot be loaded.
    explicit Trainer(const std::string& flows);

    /// Trains the model of `flows/lexicon/model.json` on `examples` (L2-regularised logistic regression,
    /// liblinear). The same examples in the same order give the same text.
    [[nodiscard]] std::string train(const std::vector<Example>& examples) const;

    /// `json` as `train` gives it, ready to score.
    [[nodiscard]] std::shared_ptr<const bot::WordModel> load(const std::string& json) const;
    [[nodiscard]] bot::RuleSet::Prepared prepare(const std::string& text) const;

private:
    std::string concepts_;
    std::unique_ptr<bot::WordFeatures> features_;
    std::unique_ptr<bot::RiskDetector> risk_;
};

}  // namespace ears
