#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bot {

/// A texter's message in the one form every detector and every answer is matched on.
struct NormalizedText {
    /// Lower case, accents removed (n with tilde becomes n), apostrophes dropped, confusables and leetspeak
    /// inside words undone, words spelt letter by letter joined ("s.t.o.p"), letters repeated three times or
    /// more squeezed to two, every other mark turned into one blank, trimmed. ASCII only, but for letters of
    /// scripts we do not fold. "I'm SOOO d0ne!!" -> "im soo done".
    std::string text;
    /// `text` cut at blanks.
    std::vector<std::string> words;
    /// Where sentences begin, as indexes of `words`: after . ! ? ; : a line break or an emoji. Empty only
    /// when `words` is.
    std::vector<std::size_t> sentences;
    /// Emoji that carry a meaning, as words (thumbs up -> "yes"); in order, also spliced into `text`.
    std::vector<std::string> emoji;
};

/// Normalise an SMS body (Unicode NFKC, case folding, then the steps above).
/// @param utf8  the body as received; invalid UTF-8 is replaced, never thrown. Never logged here.
/// Cost is O(utf8.size()); anything past 4,096 bytes is still read, once.
[[nodiscard]] NormalizedText normalize(std::string_view utf8);

/// True when `utf8` is well-formed UTF-8 (RFC 3629) without NUL.
[[nodiscard]] bool is_valid_utf8(std::string_view utf8) noexcept;

}  // namespace bot
