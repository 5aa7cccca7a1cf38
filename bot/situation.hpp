#pragma once
#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/language.hpp"
#include "bot/normalize.hpp"
#include "bot/problem.hpp"
#include "bot/rule_set.hpp"
#include "bot/spelling.hpp"

namespace bot {

/// What a message is about, when no step expects an answer (corpus definition of `situation`).
enum class Situation { other, greeting, slip, relapse, craving, warning_signs, treatment, supporter, human };

[[nodiscard]] std::string_view to_string(Situation situation) noexcept;

/// Sorts free text into a situation and guesses its language, by the rules of `flows/lexicon/situation.json`.
/// Immutable after construction: safe on every thread.
class SituationDetector {
public:
    struct Reading {
        Situation situation = Situation::other;
        std::string rule;                  ///< id of the rule that decided; empty for `other`
        std::vector<std::string> intents;  ///< further named intents that fired: "robot", "medical_question",
                                           ///< "hostile", "who_is_this", "look_up_person" ... (lexicon ids)
    };
    [[nodiscard]] static boost::system::result<SituationDetector, Problems> load(
        std::string_view file_name, std::string_view lexicon_json, std::shared_ptr<const Spelling> spelling);
    [[nodiscard]] Reading read(const NormalizedText& message) const;
    /// The same of a message that Spelling::respell has written out already.
    [[nodiscard]] Reading read_written_out(const NormalizedText& message) const;

    /// The language a message is written in; `nullopt` when it does not show ("ok", "2").
    [[nodiscard]] std::optional<Language> language(const NormalizedText& message) const;

    SituationDetector(SituationDetector&&) noexcept;
    SituationDetector& operator=(SituationDetector&&) noexcept;
    ~SituationDetector();

private:
    struct Rules;
    [[nodiscard]] Reading read_prepared(const RuleSet::Prepared& message) const;
    explicit SituationDetector(std::unique_ptr<const Rules>);
    std::unique_ptr<const Rules> rules_;
};

}  // namespace bot
