#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bot/normalize.hpp"

namespace bot {

/// One way of saying something, normalised: "not ok".
struct Phrase {
    std::vector<std::string> words;
    std::string joined;  ///< the words with one blank between
    bool veto = false;   ///< written "!no one": forbids any match that it overlaps
    bool whole = false;  ///< counts only as the whole message
};

/// Where a phrase was found. A longer match is a better one.
struct PhraseMatch {
    std::size_t first = 0;   ///< index of the first word
    std::size_t words = 0;   ///< how many
    std::size_t length = 0;  ///< characters, the measure of how sure we are
    bool whole = false;      ///< nothing else was said
};

/// The words that stand for one thing. Built once at load; reading costs no allocation.
class PhraseList {
public:
    /// Adds `text` as an author writes it ("!no one" is a veto, "=i am" counts only as the whole message).
    /// Empty text is ignored.
    void add(std::string_view text);
    [[nodiscard]] bool empty() const noexcept { return phrases_.empty(); }
    [[nodiscard]] std::span<const Phrase> phrases() const noexcept { return phrases_; }

    /// The best exact match in a message.
    /// @param negators  single words ("not", "dont") that undo a match standing one or two words after them.
    [[nodiscard]] std::optional<PhraseMatch> find(const NormalizedText& message,
                                                  std::span<const std::string> negators) const;

    /// The best match with one typing error, for phrases of five letters and more.
    [[nodiscard]] std::optional<PhraseMatch> find_misspelt(const NormalizedText& message,
                                                           std::span<const std::string> negators) const;

    /// True when the whole message is one of the phrases (letters held down too long forgiven: "yesss").
    [[nodiscard]] bool is_whole(const NormalizedText& message) const;

private:
    [[nodiscard]] bool vetoed(const NormalizedText& message, std::size_t first, std::size_t words) const;

    std::vector<Phrase> phrases_;
    bool has_vetoes_ = false;
};

/// True when two words differ by at most one letter put in, left out, changed, or two neighbours swapped.
[[nodiscard]] bool within_one_edit(std::string_view a, std::string_view b) noexcept;

}  // namespace bot
