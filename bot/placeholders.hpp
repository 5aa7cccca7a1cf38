#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bot {

/// The longest value a placeholder may have, in letters (content brief 2A); 0 for one that does not exist.
/// Texts are checked with these lengths, and values are cut to them.
[[nodiscard]] std::size_t longest_of(std::string_view placeholder) noexcept;

/// The names of all placeholders, for messages.
[[nodiscard]] std::string placeholder_names();

/// The placeholders a text uses, in order; an opening brace without its end gives "{".
[[nodiscard]] std::vector<std::string> placeholders_in(std::string_view text);

/// The first `letters` code points of UTF-8 text.
[[nodiscard]] std::string cut_letters(const std::string& utf8, std::size_t letters);

}  // namespace bot
