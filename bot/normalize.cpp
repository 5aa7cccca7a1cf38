#include "bot/normalize.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>

#include "bot/glyphs.hpp"

namespace bot {

namespace {

constexpr bool is_ascii_letter(char32_t c) noexcept { return c >= U'a' && c <= U'z'; }
constexpr bool is_ascii_digit(char32_t c) noexcept { return c >= U'0' && c <= U'9'; }

void append_utf8(std::string& out, char32_t c) {
    icu::UnicodeString(static_cast<UChar32>(c)).toUTF8String(out);
}

// "od'd" is "overdosed"; without its apostrophe it would be "odd".
bool is_od_participle(const icu::UnicodeString& before, const icu::UnicodeString& raw, std::int32_t at) {
    const auto letter = [](const icu::UnicodeString& text, std::int32_t index) {
        return u_tolower(text.char32At(index));
    };
    const std::int32_t length = before.length();
    return length >= 2 && letter(before, length - 2) == 'o' && letter(before, length - 1) == 'd' &&
           (length == 2 || !u_isalpha(before.char32At(length - 3))) && at + 1 < raw.length() &&
           letter(raw, at + 1) == 'd' && !u_isalpha(raw.char32At(at + 2));
}

// Case folded, compatibility forms undone, accents split off. Apostrophes go first: NFKC would turn some of
// them into a blank.
icu::UnicodeString fold(std::string_view utf8) {
    const auto raw = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
    icu::UnicodeString kept(raw.length(), 0, 0);
    for (std::int32_t i = 0; i < raw.length(); i = raw.moveIndex32(i, 1)) {
        const UChar32 c = raw.char32At(i);
        if (!is_apostrophe(static_cast<char32_t>(c)))
            kept.append(c);
        else if (is_od_participle(kept, raw, i))
            kept.append(static_cast<UChar32>(U'e'));
    }
    UErrorCode failed = U_ZERO_ERROR;
    const icu::Normalizer2* case_fold = icu::Normalizer2::getNFKCCasefoldInstance(failed);
    const icu::Normalizer2* split_accents = icu::Normalizer2::getNFDInstance(failed);
    if (U_FAILURE(failed)) return kept.foldCase();
    return split_accents->normalize(case_fold->normalize(kept, failed), failed);
}

// One word as collected: letters, digits, '@' and '$', letters of other scripts.
bool has_leet(const std::u32string& word) {
    const auto letter = [](char32_t c) { return is_ascii_letter(c); };
    if (word.size() > 2 && word[0] == U'$' && std::all_of(word.begin() + 1, word.end(), letter)) return true;
    for (std::size_t i = 1; i + 1 < word.size(); ++i)
        if (letter(word[i - 1]) && letter(word[i + 1]) && word[i] < 0x80 &&
            leet_letter(static_cast<char>(word[i])) != '\0')
            return true;
    return false;
}

void undo_disguise(std::u32string& word) {
    const bool all_lookalikes =
        std::all_of(word.begin(), word.end(), [](char32_t c) { return c < 0x80 || lookalike(c) != '\0'; });
    if (all_lookalikes)
        for (char32_t& c : word)
            if (c >= 0x80) c = static_cast<char32_t>(lookalike(c));
    if (!has_leet(word)) return;
    for (char32_t& c : word)
        if (const char letter = c < 0x80 ? leet_letter(static_cast<char>(c)) : '\0'; letter != '\0')
            c = static_cast<char32_t>(letter);
}

// "sooooo" -> "soo". Digits stay as they are: "1000" is not "100".
void squeeze(std::u32string& word) {
    std::size_t kept = 0;
    for (const char32_t c : word) {
        if (kept >= 2 && !is_ascii_digit(c) && word[kept - 1] == c && word[kept - 2] == c) continue;
        word[kept++] = c;
    }
    word.resize(kept);
}

struct Word {
    std::string text;
    bool begins_sentence = false;
    bool after_mark = false;  // a mark other than a blank stood before it
};

class Tokenizer {
public:
    void read(const icu::UnicodeString& folded) {
        for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
            const auto c = static_cast<char32_t>(folded.char32At(i));
            const std::int32_t after = folded.moveIndex32(i, 1);
            take(c, after < folded.length() ? static_cast<char32_t>(folded.char32At(after)) : U' ');
        }
        finish_word();
    }
    std::vector<Word> words;
    std::vector<std::string> emoji;

private:
    void take(char32_t c, char32_t next) {
        if (is_ascii_letter(c) || is_ascii_digit(c) || c == U'@' || c == U'$') {
            word_.push_back(c);
        } else if (c < 0x80) {
            separate(c, next);
        } else if (const std::string_view meaning = emoji_word(c); !meaning.empty()) {
            finish_word();
            sentence_ends_ = true;
            push(std::string(meaning));
            emoji.emplace_back(meaning);
            sentence_ends_ = true;
        } else if (const auto kind = u_charType(static_cast<UChar32>(c));
                   kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK) {
            return;  // an accent, or the box around a keycap digit
        } else if (u_isalnum(static_cast<UChar32>(c)) || lookalike(c) != '\0') {
            word_.push_back(c);
        } else {
            separate(c, next);
        }
    }
    void separate(char32_t c, char32_t next) {
        const bool in_number = !word_.empty() && is_ascii_digit(word_.back()) && is_ascii_digit(next);
        const bool ends = c == U'!' || c == U'?' || c == U';' || c == U'\n' || c == U'\r' || c == U'\u2028' ||
                          ((c == U'.' || c == U':') && !in_number) ||
                          (c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_OTHER_SYMBOL);
        finish_word();
        sentence_ends_ = sentence_ends_ || ends;
        mark_ = mark_ || (c != U' ' && c != U'\n');
    }
    void finish_word() {
        if (word_.empty()) return;
        undo_disguise(word_);
        squeeze(word_);
        std::string out;
        for (const char32_t c : word_) {
            if (c == U'@' || c == U'$') {  // "$50" is an amount, not an s
                push(std::exchange(out, {}));
            } else if (c < 0x80) {
                out.push_back(static_cast<char>(c));
            } else {
                append_utf8(out, c);
            }
        }
        push(std::move(out));
        word_.clear();
    }
    void push(std::string text) {
        if (text.empty()) return;
        words.push_back({std::move(text), words.empty() || sentence_ends_, mark_});
        sentence_ends_ = false;
        mark_ = false;
    }

    std::u32string word_;
    bool sentence_ends_ = false;
    bool mark_ = false;
};

bool is_single_letter(const Word& word) {
    return word.text.size() == 1 && is_ascii_letter(static_cast<unsigned char>(word.text[0]));
}

// How many of the words from `first` on are one word spelt out: "s t o p", "k.m.s", but not "u r a".
std::size_t spelt_out(const std::vector<Word>& words, std::size_t first) {
    std::size_t last = first;
    bool marks = true;
    while (last < words.size() && is_single_letter(words[last])) {
        if (last > first) marks = marks && words[last].after_mark;
        ++last;
    }
    std::size_t count = last - first;
    // "s t o p i want": the next word's subject is not a letter of this one.
    if (count > 4 && last < words.size() && words[last - 1].text == "i") --count;
    const bool whole = count == words.size();
    return count >= 4 || (count == 3 && (marks || whole)) ? count : 1;
}

void join_spelt_out(std::vector<Word>& words) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < words.size();) {
        const std::size_t count = is_single_letter(words[i]) ? spelt_out(words, i) : 1;
        Word joined = std::move(words[i]);
        for (std::size_t k = 1; k < count; ++k) joined.text += words[i + k].text;
        words[kept++] = std::move(joined);
        i += count;
    }
    words.resize(kept);
}

}  // namespace

NormalizedText normalize(std::string_view utf8) {
    Tokenizer tokens;
    tokens.read(fold(utf8));
    join_spelt_out(tokens.words);

    NormalizedText result;
    result.emoji = std::move(tokens.emoji);
    result.words.reserve(tokens.words.size());
    for (Word& word : tokens.words) {
        if (word.begins_sentence) result.sentences.push_back(result.words.size());
        if (!result.text.empty()) result.text.push_back(' ');
        result.text += word.text;
        result.words.push_back(std::move(word.text));
    }
    return result;
}

bool is_valid_utf8(std::string_view utf8) noexcept {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto length = static_cast<std::int64_t>(utf8.size());
    for (std::int64_t i = 0; i < length;) {
        UChar32 c = 0;
        U8_NEXT(bytes, i, length, c);
        if (c <= 0) return false;
    }
    return true;
}

}  // namespace bot
