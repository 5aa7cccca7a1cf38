#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/problem.hpp"
#include "bot/risk.hpp"
#include "bot/rule_set.hpp"
#include "bot/word_model.hpp"

namespace bot {

/// What the statistical model's scores mean for danger: the "model" part of a risk lexicon. Without one, or
/// default constructed, it hears nothing.
class RiskModel {
public:
    [[nodiscard]] static RiskModel read(std::string_view file, const nlohmann::json& document,
                                        std::shared_ptr<const WordModel> model, Problems& problems);
    /// The model's scores, by output; empty when it has nothing to say about such a message.
    [[nodiscard]] std::vector<float> score(const RuleSet::Prepared& message) const;
    struct Heard {
        std::vector<RiskFinding> findings;  ///< one a class at most
        bool low_sign = false;              ///< of a class, but too weak for a question
    };
    /// What they mean.
    /// @param words   of the message: long ones hold more of everything and score higher by chance
    /// @param denied  the rules heard a wish to die denied ("not gonna kill myself")
    [[nodiscard]] Heard read(std::size_t words, const std::vector<float>& scores, bool denied) const;

private:
    struct Policy {
        RiskClass risk = RiskClass::self_harm;
        std::size_t output = 0;
        float implied = 0;  // from this score on it pages a person
        float unclear = 0;  // from this one on it is asked about
        float sign = 0;     // and from this one on it is remembered
        std::string heard;
    };
    class Reader;

    std::shared_ptr<const WordModel> model_;
    std::vector<Policy> policies_;
    std::size_t danger_output_ = 0;
    float danger_ = 0;  // of the score for any danger, added to that of each class
    std::size_t imminent_output_ = 0;
    float imminent_ = 0;
    float each_word_ = 0;  // taken off the score of a class for each word
    float denied_ = 0;     // and off that of self_harm for a denial
};

}  // namespace bot
