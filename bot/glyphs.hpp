#pragma once
#include <string_view>

namespace bot {

/// The word an emoji stands for when somebody texts it ("yes" for a thumbs up); empty when it says nothing.
[[nodiscard]] std::string_view emoji_word(char32_t c) noexcept;

/// The ASCII letter that a letter of another script, or a small capital, looks like; 0 when there is none.
/// People write around filters this way. Case-folded input.
[[nodiscard]] char lookalike(char32_t c) noexcept;

/// The letter a digit or mark stands for inside a word ("d0ne", "k1ll", "$top"); 0 when there is none.
[[nodiscard]] char leet_letter(char c) noexcept;

/// Apostrophes and their look-alikes: dropped, so that "can't" is "cant" on every keyboard.
[[nodiscard]] bool is_apostrophe(char32_t c) noexcept;

}  // namespace bot
