#include "bot/glyphs.hpp"

#include <algorithm>
#include <iterator>

namespace bot {

namespace {

struct EmojiWord {
    char32_t code;
    std::string_view word;
};

// Sorted by code point. Only emoji whose meaning changes what should happen: an answer, a stop, a danger, the
// drug itself. A skull is kept as a word of its own, for it mostly means laughter.
constexpr EmojiWord kEmoji[]{
    {U'\u2620', "skull"},           // skull and crossbones
    {U'\u26B0', "coffin"},          //
    {U'\u2705', "yes"},             // check mark button
    {U'\u2714', "yes"},             // check mark
    {U'\u2744', "snow"},            // snowflake: cocaine
    {U'\u274C', "no"},              // cross mark
    {U'\U0001F198', "sos"},         //
    {U'\U0001F3B1', "eightball"},   // billiard ball: an eighth of an ounce
    {U'\U0001F443', "nose"},        //
    {U'\U0001F44B', "wave"},        //
    {U'\U0001F44C', "yes"},         // OK hand
    {U'\U0001F44D', "yes"},         // thumbs up
    {U'\U0001F44E', "no"},          // thumbs down
    {U'\U0001F480', "skull"},       //
    {U'\U0001F48A', "pills"},       //
    {U'\U0001F494', "heartbreak"},  //
    {U'\U0001F52A', "knife"},       //
    {U'\U0001F52B', "gun"},         //
    {U'\U0001F622', "crying"},      //
    {U'\U0001F62D', "crying"},      //
    {U'\U0001F635', "dizzy"},       //
    {U'\U0001F691', "ambulance"},   //
    {U'\U0001F6D1', "stop"},        // stop sign
    {U'\U0001FA78', "blood"},       //
    {U'\U0001FAA6', "grave"},       //
};

struct Lookalike {
    char32_t code;
    char letter;
};

// Sorted by code point. Cyrillic, Greek, Armenian and small-capital letters that pass for Latin ones; full
// width, mathematical and circled letters are undone by NFKC already.
constexpr Lookalike kLookalikes[]{
    {U'\u0131', 'i'}, {U'\u0180', 'b'}, {U'\u0192', 'f'}, {U'\u0237', 'j'}, {U'\u0250', 'a'},
    {U'\u0251', 'a'}, {U'\u0261', 'g'}, {U'\u0262', 'g'}, {U'\u0269', 'i'}, {U'\u026A', 'i'},
    {U'\u0274', 'n'}, {U'\u0280', 'r'}, {U'\u028B', 'u'}, {U'\u028F', 'y'}, {U'\u0299', 'b'},
    {U'\u029C', 'h'}, {U'\u029F', 'l'}, {U'\u03B1', 'a'}, {U'\u03B5', 'e'}, {U'\u03B9', 'i'},
    {U'\u03BA', 'k'}, {U'\u03BD', 'v'}, {U'\u03BF', 'o'}, {U'\u03C1', 'p'}, {U'\u03C4', 't'},
    {U'\u03C5', 'u'}, {U'\u03C7', 'x'}, {U'\u0430', 'a'}, {U'\u0432', 'b'}, {U'\u0435', 'e'},
    {U'\u043A', 'k'}, {U'\u043C', 'm'}, {U'\u043D', 'h'}, {U'\u043E', 'o'}, {U'\u0440', 'p'},
    {U'\u0441', 'c'}, {U'\u0442', 't'}, {U'\u0443', 'y'}, {U'\u0445', 'x'}, {U'\u0455', 's'},
    {U'\u0456', 'i'}, {U'\u0458', 'j'}, {U'\u0475', 'v'}, {U'\u04BB', 'h'}, {U'\u04CF', 'l'},
    {U'\u0501', 'd'}, {U'\u051B', 'q'}, {U'\u051D', 'w'}, {U'\u0578', 'n'}, {U'\u057D', 'u'},
    {U'\u0585', 'o'}, {U'\u1D00', 'a'}, {U'\u1D04', 'c'}, {U'\u1D05', 'd'}, {U'\u1D07', 'e'},
    {U'\u1D0A', 'j'}, {U'\u1D0B', 'k'}, {U'\u1D0D', 'm'}, {U'\u1D0F', 'o'}, {U'\u1D18', 'p'},
    {U'\u1D1B', 't'}, {U'\u1D1C', 'u'}, {U'\u1D20', 'v'}, {U'\u1D21', 'w'}, {U'\u1D22', 'z'},
    {U'\uA730', 'f'}, {U'\uA731', 's'},
};

template <class Row, std::size_t n>
const Row* find(const Row (&table)[n], char32_t code) noexcept {
    const Row* row =
        std::lower_bound(std::begin(table), std::end(table), code,
                         [](const Row& candidate, char32_t wanted) { return candidate.code < wanted; });
    return row != std::end(table) && row->code == code ? row : nullptr;
}

template <class Row, std::size_t n>
constexpr bool is_sorted_by_code(const Row (&table)[n]) {
    return std::is_sorted(std::begin(table), std::end(table),
                          [](const Row& a, const Row& b) { return a.code < b.code; });
}
static_assert(is_sorted_by_code(kEmoji) && is_sorted_by_code(kLookalikes));

}  // namespace

std::string_view emoji_word(char32_t c) noexcept {
    const EmojiWord* row = find(kEmoji, c);
    return row != nullptr ? row->word : std::string_view{};
}

char lookalike(char32_t c) noexcept {
    // White letters on black discs and squares: Unicode gives them no decomposition.
    if (c >= 0x1F150 && c <= 0x1F169) return static_cast<char>('a' + (c - 0x1F150));
    if (c >= 0x1F170 && c <= 0x1F189) return static_cast<char>('a' + (c - 0x1F170));
    const Lookalike* row = find(kLookalikes, c);
    return row != nullptr ? row->letter : '\0';
}

char leet_letter(char c) noexcept {
    switch (c) {
        case '0':
            return 'o';
        case '1':
            return 'i';
        case '3':
            return 'e';
        case '4':
        case '@':
            return 'a';
        case '5':
        case '$':
            return 's';
        case '7':
            return 't';
        default:
            return '\0';
    }
}

bool is_apostrophe(char32_t c) noexcept {
    switch (c) {
        case U'\'':
        case U'`':
        case U'\u00B4':
        case U'\u02B9':
        case U'\u02BC':
        case U'\u2018':
        case U'\u2019':
        case U'\u201B':
        case U'\u2032':
        case U'\uFF07':
            return true;
        default:
            return false;
    }
}

}  // namespace bot
