#pragma once
#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/problem.hpp"
#include "bot/rule_set.hpp"
#include "bot/spelling.hpp"
#include "bot/word_model.hpp"

namespace bot {

/// What a person has agreed to. Two levels, kept in an append-only ledger (DESIGN 2): somebody who texts
/// first may be answered (`conversation`); whatever the line starts itself later needs an explicit YES
/// (`recurring`).
enum class Consent { none, pending, conversation, recurring, declined, opted_out };

[[nodiscard]] std::string_view to_string(Consent consent) noexcept;
[[nodiscard]] bool parse_consent(std::string_view word, Consent& out) noexcept;

/// What a message says about consent.
enum class ConsentSignal { none, opt_out, opt_in, help, unclear };

[[nodiscard]] std::string_view to_string(ConsentSignal signal) noexcept;

/// A reading of one message, with the evidence.
struct ConsentReading {
    ConsentSignal signal = ConsentSignal::none;
    bool bare = false;  ///< the whole message is the keyword ("Stop."), so the gateway may have acted too
    bool answers_yes = false;  ///< a bare YES / SI: an opt-in only while a sign-up question is open
    std::string rule;          ///< id of the rule that fired ("model.opt_out" ...), for the ledger; or empty
};

/// Recognises opt-out, opt-in and help, as carrier keywords and in plain words (47 CFR 64.1200(a)(10): any
/// reasonable wording revokes). "Stop." is opt_out; "I can't stop" is none and reaches the risk detector;
/// "i want to stop" is unclear. Immutable after construction: safe on every thread.
class ConsentDetector {
public:
    /// @param lexicon_json  `flows/lexicon/consent.json`; every defect is reported with its path.
    /// Where it has {"model": {"opt_out": score, "opt_in": score, "help": score, "unclear": score}}, the
    /// statistical model speaks where no rule does; "unclear" is a score of opt_out.
    /// @param model  needed when the file has a "model" part
    [[nodiscard]] static boost::system::result<ConsentDetector, Problems> load(
        std::string_view file_name, std::string_view lexicon_json, std::shared_ptr<const Spelling> spelling,
        std::shared_ptr<const WordModel> model = nullptr);
    /// What the rules hear. `Ears::read` hears the model too.
    [[nodiscard]] ConsentReading read(const NormalizedText& message) const;
    /// Rules and model, of a message that Spelling::respell has written out.
    /// @param scores  of the model, by output; empty: the model stays silent
    [[nodiscard]] ConsentReading read_written_out(const NormalizedText& message,
                                                  const std::vector<float>& scores) const;

    /// True for a word a carrier may act upon by itself (STOP END QUIT CANCEL YES HELP ...): the flow check
    /// refuses it as the natural answer to a question. `word` is normalised.
    [[nodiscard]] bool is_reserved(std::string_view word) const;

    ConsentDetector(ConsentDetector&&) noexcept;
    ConsentDetector& operator=(ConsentDetector&&) noexcept;
    ~ConsentDetector();

private:
    struct Rules;
    [[nodiscard]] ConsentReading read_prepared(const RuleSet::Prepared& message) const;
    explicit ConsentDetector(std::unique_ptr<const Rules>);
    std::unique_ptr<const Rules> rules_;
};

}  // namespace bot
