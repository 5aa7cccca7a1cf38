#pragma once
#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/problem.hpp"
#include "bot/rule_set.hpp"
#include "bot/spelling.hpp"
#include "bot/word_model.hpp"

namespace bot {

/// Kinds of danger (content brief 2B, 3A). `harm_others` and `child` are answered by the violence flow.
enum class RiskClass { self_harm, overdose, violence, harm_others, child };

/// How sure the words are: `clear` says it, `implied` means it (both page a person), `unclear` is asked
/// about.
enum class RiskTier { clear, implied, unclear };

[[nodiscard]] std::string_view to_string(RiskClass risk) noexcept;
[[nodiscard]] std::string_view to_string(RiskTier tier) noexcept;
[[nodiscard]] std::optional<RiskClass> parse_risk_class(std::string_view word) noexcept;
[[nodiscard]] std::optional<RiskTier> parse_risk_tier(std::string_view word) noexcept;

/// One thing that was heard.
struct RiskFinding {
    RiskClass risk = RiskClass::self_harm;
    RiskTier tier = RiskTier::unclear;
    bool imminent = false;  ///< a person is needed within minutes (corpus definition)
    bool guessed = false;   ///< by the statistical model; what rules heard is answered first
    std::string rule;       ///< id of the lexicon rule
    std::string heard;      ///< the rule's reason in words for staff: "does not want to wake up"
};

/// What one message says about danger.
struct RiskReading {
    std::vector<RiskFinding> findings;  ///< gravest first; at most one per class
    bool third_party = false;           ///< about somebody else
    bool minor = false;                 ///< the texter gives an age under 18
    bool low_sign = false;              ///< hopeless, empty, alone: little by itself, see Conversation::Signs
    bool person_told_no = false;        ///< a plain denial ("not suicidal"): asked about, never ignored

    [[nodiscard]] bool danger() const noexcept;    ///< any finding that is clear or implied
    [[nodiscard]] bool imminent() const noexcept;  ///< any imminent finding
};

/// Hears danger in a message. Rules are data (`flows/lexicon/risk.json`), compiled into one RE2 set. Where
/// the file has {"own_weapon": {"heard": words for staff, "weapons": words, "somebody_there": words}},
/// `own_weapon` answers. Where it has {"model": {class: {"implied": score, "unclear": score, "sign": score,
/// "heard": words}, "danger": share, "imminent": score, "each_word": number, "denied": number}}, the
/// statistical model speaks too: it adds what no rule heard, and takes nothing away. Immutable after
/// construction: safe on every thread. Cost is linear in the message.
class RiskDetector {
public:
    /// @param model  needed when the file has a "model" part
    [[nodiscard]] static boost::system::result<RiskDetector, Problems> load(
        std::string_view file_name, std::string_view lexicon_json, std::shared_ptr<const Spelling> spelling,
        std::shared_ptr<const WordModel> model = nullptr);
    [[nodiscard]] RiskReading read(const NormalizedText& message) const;
    /// Names a weapon and nobody else ("im holding a knife"): by the words of the lexicon's "own_weapon".
    /// @return what staff read; empty when it does not
    [[nodiscard]] std::string_view own_weapon(const NormalizedText& message) const;
    /// The message as rules and model see it; what the model is trained on.
    [[nodiscard]] RuleSet::Prepared prepare(const NormalizedText& message) const;
    /// The same of a message that Spelling::respell has written out already.
    [[nodiscard]] RuleSet::Prepared prepare_written_out(const NormalizedText& message) const;
    /// What `read` gives, of a message that is prepared.
    /// @param scores  of the model, by output; empty: the model stays silent
    [[nodiscard]] RiskReading read_prepared(const RuleSet::Prepared& message,
                                            const std::vector<float>& scores) const;

    RiskDetector(RiskDetector&&) noexcept;
    RiskDetector& operator=(RiskDetector&&) noexcept;
    ~RiskDetector();

private:
    struct Rules;
    explicit RiskDetector(std::unique_ptr<const Rules>);
    std::unique_ptr<const Rules> rules_;
};

}  // namespace bot
