#pragma once
#include <boost/system/result.hpp>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "bot/phrases.hpp"
#include "bot/problem.hpp"
#include "bot/spelling.hpp"

namespace bot {

/// The rules of one lexicon file: what all detectors share. A file is
/// {"about": [...], "fragments": {name: pattern}, "negation": {"words", "through"}, "neutral": [rule ...],
/// "rules": [rule ...], more lists}; a rule is {"id", "en": [patterns], "es": [patterns], "with": [...],
/// "unless": [...], "unless_beside": [...], "matches": [texts], "not": [texts], and what its detector asks
/// for}. It fires when one of its patterns is in the message, one of `with` is too (if any is given), none of
/// `unless`, and none of `unless_beside` in the same sentence. A pattern marked `!` does not count behind a
/// word of negation with nothing but words of `through` between ("im not really going to ..."). Neutral
/// phrases (figures of speech) are masked first. Every example is tried at load. Immutable: safe on every
/// thread.
class RuleSet {
public:
    struct Rule {
        std::string id;
        nlohmann::json fields;          ///< as in the file
        std::vector<std::size_t> says;  ///< numbers of phrases
        std::vector<std::size_t> with, unless, unless_beside,
            extra;  ///< of phrases that only matter beside those
    };

    /// Reads fragments, neutral phrases and rules.
    /// @param spelling  how messages are written out before the rules are tried
    /// @param own_fields   further names a rule may carry
    /// @param extra_field  one of them that holds patterns too ("imminent_with"), or empty; see `Hits::extra`
    [[nodiscard]] static boost::system::result<RuleSet, Problems> load(
        std::string_view file, const nlohmann::json& document, std::shared_ptr<const Spelling> spelling,
        const std::vector<std::string_view>& own_fields, std::string_view extra_field = {});

    /// A message as the rules see it.
    struct Prepared {
        NormalizedText text;       ///< written out, figures of speech masked
        std::vector<bool> denied;  ///< by word: in the reach of a negation
    };
    [[nodiscard]] Prepared prepare(const NormalizedText& message) const {
        return prepare_written_out(spelling_->respell(message));
    }
    /// The same of a message that Spelling::respell has written out already.
    [[nodiscard]] Prepared prepare_written_out(const NormalizedText& message) const;

    /// One rule that fired.
    struct Hit {
        std::size_t rule = 0;
        bool extra = false;    ///< one of its extra patterns is in the message too
        bool negated = false;  ///< it did not fire: its words are there, but denied
    };
    /// In the order of the file; what is only denied comes too, marked.
    [[nodiscard]] std::vector<Hit> read(const Prepared& message) const;
    [[nodiscard]] std::vector<Hit> read(const NormalizedText& message) const {
        return read(prepare(message));
    }
    [[nodiscard]] const Rule& rule(std::size_t number) const { return rules_[number]; }
    [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

private:
    class Loader;
    using Words = std::unordered_set<std::string>;

    using Found = std::vector<PhraseHit>;  // by number of a phrase

    [[nodiscard]] bool fires(const Rule& rule, const Found& said, const Found& context) const;
    [[nodiscard]] std::vector<bool> denied_words(const NormalizedText& message) const;

    std::vector<Rule> rules_;
    PhraseSet phrases_;
    PhraseSet context_;  ///< looked for only where a rule might fire: most texts are spared it
    PhraseSet neutral_{PhraseSet::Use::mask};
    Words negators_, through_;
    std::shared_ptr<const Spelling> spelling_;
};

/// Parse a lexicon file: an object, or one Problem with the place of the error.
[[nodiscard]] boost::system::result<nlohmann::json, Problem> parse_lexicon(std::string_view file,
                                                                           std::string_view text);

}  // namespace bot
