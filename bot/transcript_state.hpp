#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bot/content.hpp"
#include "bot/conversation.hpp"

namespace bot {

/// Words of a line, cut at blanks.
[[nodiscard]] std::vector<std::string> words_of(std::string_view line);

/// Applies one word of a `given` line ("consent=recurring", "at=slip/S4") to the conversation a transcript
/// starts from. @return false when it is none.
[[nodiscard]] bool apply_given(const std::string& word, const Content& content, TimePoint at,
                               Conversation& state);

/// What one word of a `=` line should read, by the state: "slip/S1" -> "slip/S2", "fact:a=1" -> "fact:a=2".
/// A word that holds comes back as it is.
[[nodiscard]] std::string state_word(const std::string& word, const Conversation& state);

}  // namespace bot
