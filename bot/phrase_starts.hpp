#pragma once
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bot {

/// By which letters the first word of a text must begin for any of some patterns to match there. Most words
/// begin no phrase, and asking here costs far less than asking RE2. It errs only in one direction: what it
/// denies cannot match.
class PhraseStarts {
public:
    /// @param pattern  in RE2 syntax as PhraseSet takes it: without its marks, to match from a word on. What
    ///                 is not understood in it lets every word begin it.
    void add(std::string_view pattern);

    /// Whether there is nothing that it denies.
    [[nodiscard]] bool any() const noexcept { return all_; }
    /// @param text  normalised, from a word on
    [[nodiscard]] bool may_begin(std::string_view text) const noexcept;

private:
    class Reader;
    static constexpr std::size_t kLetters = 4;  // of the first word, or all of it and the blank behind it

    void add_start(std::string_view letters, bool whole);

    bool all_ = false;
    std::bitset<1U << 16> whole_;  // by hash: kLetters letters, or fewer and a blank
    std::bitset<1U << 12> open_;   // by hash: fewer letters, behind which anything may stand
    std::bitset<kLetters> open_lengths_;
};

}  // namespace bot
