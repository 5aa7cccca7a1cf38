#pragma once
#include <cstddef>
#include <string_view>

#include "bot/language.hpp"

namespace bot {

/// How hard a text is to read, as years of school.
struct Readability {
    double grade = 0;
    std::size_t words = 0;  ///< the measures mean little under ten words
};

/// English: Flesch-Kincaid grade (Kincaid and others 1975). Spanish: Crawford's formula for primary school
/// texts (1989). Syllables are counted by groups of vowels. An option line counts as a sentence, a
/// placeholder as one word of two syllables, a number as one of one.
[[nodiscard]] Readability readability(std::string_view utf8, Language language);

}  // namespace bot
