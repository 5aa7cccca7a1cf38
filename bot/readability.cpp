#include "bot/readability.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace bot {

namespace {

constexpr std::u16string_view kEnglishVowels = u"aeiouy";
constexpr std::u16string_view kStrong = u"aeoáéó";
constexpr std::u16string_view kHiatus = u"íú";  // an accent that parts a weak vowel from its neighbour
constexpr std::u16string_view kWeak = u"iuü";
constexpr std::size_t kPlaceholderSyllables = 2;

bool among(std::u16string_view letters, char16_t c) { return letters.find(c) != letters.npos; }

// "called" and "care" end in a silent e; "ended" and "little" do not.
bool silent_ending(std::u16string_view word) {
    const std::size_t size = word.size();
    if (size < 3) return false;
    if (word.back() == u'e') return word[size - 2] != u'l';
    return word.ends_with(u"ed") && word[size - 3] != u't' && word[size - 3] != u'd';
}

std::size_t english_syllables(std::u16string_view word) {
    std::size_t groups = 0;
    bool inside = false;
    for (const char16_t c : word) {
        const bool vowel = among(kEnglishVowels, c);
        if (vowel && !inside) ++groups;
        inside = vowel;
    }
    if (groups > 1 && silent_ending(word)) --groups;
    return std::max<std::size_t>(groups, 1);
}

// Two vowels part when both are strong or one is weak with an accent; the u of que, gui is silent.
std::size_t spanish_syllables(std::u16string_view word) {
    std::size_t syllables = 0;
    char16_t before = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char16_t c = word[i];
        const bool silent = c == u'u' && i > 0 && i + 1 < word.size() &&
                            (word[i - 1] == u'q' || word[i - 1] == u'g') && among(u"eiéí", word[i + 1]);
        const bool last_y = c == u'y' && i + 1 == word.size();
        const bool vowel = !silent && (among(kStrong, c) || among(kHiatus, c) || among(kWeak, c) || last_y);
        const bool parts = before == 0 || (among(kStrong, before) && among(kStrong, c)) ||
                           among(kHiatus, before) || among(kHiatus, c);
        if (vowel && parts) ++syllables;
        before = vowel ? c : u'\0';
    }
    return std::max<std::size_t>(syllables, 1);
}

class Counter {
public:
    explicit Counter(Language language) : language_(language) {}

    void read(const icu::UnicodeString& text) {
        for (std::int32_t i = 0; i < text.length(); ++i) {
            const char16_t c = text[i];
            if (c == u'{') {
                end_word();
                i = std::max(i, text.indexOf(u'}', i));
                add(kPlaceholderSyllables);
            } else if (u_isalnum(c) || c == u'\'' || c == u'-') {
                word_ += c;
            } else {
                end_word();
                if (among(u".!?:;\n", c)) end_sentence();
            }
        }
        end_word();
        end_sentence();
    }

    [[nodiscard]] Readability result() const {
        if (words_ == 0) return {};
        const auto words = static_cast<double>(words_);
        const auto sentences = static_cast<double>(sentences_);
        const auto syllables = static_cast<double>(syllables_);
        const double grade = language_ == Language::en
                                 ? 0.39 * words / sentences + 11.8 * syllables / words - 15.59
                                 : 4.9 * syllables / words - 20.5 * sentences / words - 3.407;
        return {grade, words_};
    }

private:
    void add(std::size_t syllables) {
        ++words_;
        ++in_sentence_;
        syllables_ += syllables;
    }
    void end_word() {
        if (std::any_of(word_.begin(), word_.end(), [](char16_t c) { return u_isalnum(c); }))
            add(language_ == Language::en ? english_syllables(word_) : spanish_syllables(word_));
        word_.clear();
    }
    void end_sentence() {
        if (in_sentence_ > 0) ++sentences_;
        in_sentence_ = 0;
    }

    Language language_;
    std::u16string word_;
    std::size_t words_ = 0;
    std::size_t syllables_ = 0;
    std::size_t sentences_ = 0;
    std::size_t in_sentence_ = 0;
};

}  // namespace

Readability readability(std::string_view utf8, Language language) {
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
    text.toLower();
    Counter counter(language);
    counter.read(text);
    return counter.result();
}

}  // namespace bot
