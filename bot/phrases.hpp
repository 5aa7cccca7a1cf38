#pragma once
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/normalize.hpp"

namespace bot {

/// Named pieces that lexicon patterns are built from: {"want": "(want|wanna|need) (to )?"}.
using Fragments = std::map<std::string, std::string, std::less<>>;

/// What is wrong with a pattern, one sentence.
struct PatternFault {
    std::string what;
};

/// Writes a pattern out: `{name}` becomes the fragment of that name (fragments may use others), ` ~ ` up to
/// three words in between, ` ~~ ` up to seven.
/// @return the pattern in RE2 syntax.
[[nodiscard]] boost::system::result<std::string, PatternFault> expand(std::string_view pattern,
                                                                      const Fragments& fragments);

/// Where a phrase was heard in a message.
struct PhraseHit {
    std::uint64_t sentences = 0;  ///< bit by sentence (the 64th stands for all later ones); 0: not heard
    bool negated = false;         ///< said, but with a "not" before it
    [[nodiscard]] explicit operator bool() const noexcept { return sentences != 0; }
};

/// Many phrases looked for at once in normalised text, in time linear in the text.
///
/// A phrase is a pattern over whole words: "kms" is not found in "kmss". A leading `^` binds it to the start
/// of a sentence, a trailing `$` to the end of one, a leading `=` to the whole message (emoji aside). A
/// leading
/// `!` lets the phrase count only where it does not begin in the reach of a negation. Phrases span a bounded
/// number of words, so `.` and repeated groups are refused; that is what keeps hostile input cheap. Immutable
/// once compiled: safe on every thread.
class PhraseSet {
public:
    /// `mask`: the set is for masking, which needs the length of what is found; only phrases that may stand
    /// anywhere or at the start of a sentence.
    enum class Use { find, mask };
    explicit PhraseSet(Use use = Use::find);
    ~PhraseSet();
    PhraseSet(PhraseSet&&) noexcept;
    PhraseSet& operator=(PhraseSet&&) noexcept;

    /// @param pattern  already expanded.
    /// @return the phrase's number (0, 1, ...).
    [[nodiscard]] boost::system::result<std::size_t, PatternFault> add(std::string_view pattern);
    /// Once, after the last `add`. False when the phrases together are too large.
    [[nodiscard]] bool compile();
    [[nodiscard]] std::size_t size() const noexcept;

    /// Which phrases the message holds, by number.
    /// @param denied  by word: it stands in the reach of a negation; empty when there is none.
    [[nodiscard]] std::vector<PhraseHit> find(const NormalizedText& message,
                                              const std::vector<bool>& denied = {}) const;
    /// The message with every word of every phrase found (longest first) replaced by "_"; the other words
    /// stay where they are. For `Use::mask`.
    [[nodiscard]] NormalizedText mask(const NormalizedText& message) const;

private:
    struct Sets;
    std::unique_ptr<Sets> sets_;
};

}  // namespace bot
