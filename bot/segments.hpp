#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace bot {

/// How a text travels: GSM-7 (3GPP TS 23.038: 160 septets, or 153 in each of several parts) or UCS-2 (70 code
/// units, or 67 each). An extension character counts two septets; neither it nor a surrogate pair is split.
enum class Encoding { gsm7, ucs2 };

struct Segments {
    Encoding encoding = Encoding::gsm7;
    std::size_t segments = 1;  ///< an empty text is one segment, as gateways bill it
    std::size_t units = 0;     ///< septets, or UTF-16 code units
};

/// Count the segments of a text. @param utf8 valid UTF-8.
[[nodiscard]] Segments count_segments(std::string_view utf8);

/// The characters of a text that GSM-7 does not have, each once; empty when it has them all.
[[nodiscard]] std::string beyond_gsm7(std::string_view utf8);

/// What a person wrote, to stand in a text of ours: one emoji or letter that GSM-7 lacks would send the whole
/// text at 70 letters a segment. Names of other scripts are written in Latin letters, what has none is left
/// out; words that GSM-7 has (folded) come back as they are.
[[nodiscard]] std::string quotable(const std::string& utf8);

/// Spanish on the wire: a, i, o, u lose their acute accent, which GSM-7 lacks; e acute, n tilde, u umlaut and
/// the inverted marks are in GSM-7 and stay (content brief 2A: "ano" must never come out of "año"). Curly
/// quotes, dashes and the ellipsis become their plain forms in any language.
[[nodiscard]] std::string fold_for_gsm7(std::string_view utf8);

/// Only the second half of that, what gateways call smart encoding: curly quotes, dashes, odd blanks and the
/// ellipsis become plain, letters keep their accents.
[[nodiscard]] std::string plain_typography(std::string_view utf8);

}  // namespace bot
