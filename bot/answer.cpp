#include "bot/answer.hpp"

#include <algorithm>
#include <charconv>

#include "bot/content.hpp"

namespace bot {

namespace {

std::optional<int> as_number(std::string_view word) {
    int value = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failure != std::errc{} || end != word.data() + word.size() || word.size() > 3) return std::nullopt;
    return value;
}

const Choice* choice_of_number(const Ask& ask, int number) {
    for (const Choice& choice : ask.choices)
        if (choice.number == number) return &choice;
    return nullptr;
}

bool is_unit(const NormalizedText& message, std::size_t at, const Line& line) {
    if (at >= message.words.size()) return false;
    NormalizedText one;
    one.text = message.words[at];
    one.words = {message.words[at]};
    return std::any_of(line.units.begin(), line.units.end(),
                       [&](const PhraseList& units) { return units.is_whole(one); });
}

// "one", "uno" as the whole message.
std::optional<int> number_word(std::string_view word, const Line& line) {
    for (const auto& words : line.numbers)
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i] == word) return static_cast<int>(i);
    return std::nullopt;
}

// The digit that leads the message, or the only one of a message of up to three words ("option 2").
std::optional<std::pair<int, std::size_t>> digit_of(const NormalizedText& message, const Line& line) {
    if (message.words.size() == 1)
        if (const auto spelled = number_word(message.words[0], line))
            return std::pair{*spelled, std::size_t{0}};
    const std::size_t reach = message.words.size() <= 3 ? message.words.size() : 1;
    for (std::size_t at = 0; at < reach; ++at)
        if (const auto number = as_number(message.words[at])) {
            if (is_unit(message, at + 1, line)) return std::nullopt;
            return std::pair{*number, at};
        }
    return std::nullopt;
}

struct Found {
    const Choice* choice = nullptr;
    PhraseMatch match;
};

bool overlap(const PhraseMatch& a, const PhraseMatch& b) {
    return a.first < b.first + b.words && b.first < a.first + a.words;
}

// The choice named best by the message; null when two are equally well (when strict: when two are at all, in
// different words); empty when none is.
std::optional<const Choice*> by_words(const Ask& ask, const NormalizedText& message, Language language,
                                      const Line& line, bool strict, bool misspelt) {
    std::vector<Found> found;
    const std::size_t at = index_of(language);
    for (const Choice& choice : ask.choices) {
        const auto match = misspelt ? choice.words[at].find_misspelt(message, line.negators[at])
                                    : choice.words[at].find(message, line.negators[at]);
        if (match) found.push_back({&choice, *match});
        if (!misspelt && choice.words[at].is_whole(message)) return &choice;
    }
    if (found.empty()) return std::nullopt;
    const auto best = std::max_element(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return a.match.length < b.match.length;
    });
    for (const Found& other : found) {
        if (other.choice == best->choice || best->match.whole) continue;
        if (other.match.length == best->match.length) return nullptr;
        if (strict && !overlap(other.match, best->match)) return nullptr;
    }
    return best->choice;
}

const Choice* by_whole(const Ask& ask, const NormalizedText& message, Language language) {
    for (const Choice& choice : ask.choices)
        if (choice.words[index_of(language)].is_whole(message)) return &choice;
    return nullptr;
}

bool says_several_things(const std::string& raw) {
    return raw.find_first_of(",.;:!?\n") != std::string::npos;
}

// "No, estoy bien": each part read by itself, all of them that say something agreeing.
const Choice* by_parts(const Ask& ask, const std::string& raw, Language language) {
    const Choice* agreed = nullptr;
    std::size_t from = 0;
    for (int parts = 0; from < raw.size() && parts < 6; ++parts) {
        const std::size_t to = std::min(raw.find_first_of(",.;:!?\n", from), raw.size());
        const NormalizedText part = normalize(std::string_view(raw).substr(from, to - from));
        from = to + 1;
        if (part.words.empty()) continue;
        const Choice* one = nullptr;
        for (const Choice& choice : ask.choices)
            if (choice.words[index_of(language)].is_whole(part)) one = &choice;
        if (one == nullptr || (agreed != nullptr && agreed != one)) return nullptr;
        agreed = one;
    }
    return agreed;
}

const Choice* named(const Ask& ask, const std::string& raw, const NormalizedText& message, Language language,
                    const Line& line, bool strict) {
    const Language other = language == Language::en ? Language::es : Language::en;
    if (says_several_things(raw))
        for (const Language tongue : {language, other})
            if (const Choice* choice = by_parts(ask, raw, tongue)) return choice;
    if (const auto choice = by_words(ask, message, language, line, strict, false)) return *choice;
    // In the other language a safety answer counts only as a whole: the "no" of "no estoy bien" is vetoed in
    // Spanish, and must not come back as an English one.
    if (strict) {
        if (const Choice* choice = by_whole(ask, message, other)) return choice;
    } else if (const auto choice = by_words(ask, message, other, line, strict, false)) {
        return *choice;
    }
    // Misspelt only in their own language: "much" is no misspelt "mucho".
    return by_words(ask, message, language, line, strict, true).value_or(nullptr);
}

// What stands beside the digit or word, as written; empty when the digit was all.
std::string words_beside(const std::string& raw) {
    const std::size_t from = raw.find_first_not_of("0123456789 .):#-,\n\t");
    return from == std::string::npos ? std::string() : raw.substr(from);
}

NormalizedText without_word(const NormalizedText& message, std::size_t at) {
    NormalizedText rest;
    for (std::size_t i = 0; i < message.words.size(); ++i)
        if (i != at) {
            rest.text += (rest.text.empty() ? "" : " ") + message.words[i];
            rest.words.push_back(message.words[i]);
        }
    return rest;
}

std::vector<const Choice*> several(const Ask& ask, const NormalizedText& message, Language language,
                                   const Line& line) {
    std::vector<const Choice*> chosen;
    for (const Choice& choice : ask.choices) {
        bool is_chosen = false;
        for (const std::string& word : message.words)
            is_chosen = is_chosen || (choice.number && as_number(word) == choice.number);
        for (const Language tongue : {language})
            is_chosen =
                is_chosen ||
                choice.words[index_of(tongue)].find(message, line.negators[index_of(tongue)]).has_value();
        if (is_chosen) chosen.push_back(&choice);
    }
    return chosen;
}

std::optional<int> number_in(const NumberAnswer& wanted, const NormalizedText& message, const Line& line) {
    for (std::size_t at = 0; at < message.words.size(); ++at) {
        std::optional<int> number = as_number(message.words[at]);
        if (!number) number = number_word(message.words[at], line);
        if (!number) continue;
        if (message.words.size() > 2 && is_unit(message, at + 1, line)) continue;
        if (*number < wanted.min || *number > wanted.max) return std::nullopt;
        return number;
    }
    return std::nullopt;
}

Answer read_name_and_number(const std::string& raw) {
    Answer answer;
    for (const char c : raw) {
        if (c >= '0' && c <= '9')
            answer.tel += c;
        else if (c != '-' && c != '(' && c != ')' && c != '+' && c != '.' && c != ',')
            answer.who += c;
    }
    const auto last = answer.who.find_last_not_of(" \n\t");
    answer.who.erase(last == std::string::npos ? 0 : last + 1);
    answer.who.erase(0, std::min(answer.who.find_first_not_of(" \n\t"), answer.who.size()));
    const bool good =
        !answer.who.empty() && answer.who.size() <= 32 && answer.tel.size() >= 7 && answer.tel.size() <= 14;
    answer.kind = good ? Answer::Kind::text : Answer::Kind::none;
    return answer;
}

// Never half a letter.
std::string cut_to(const std::string& utf8, std::size_t longest) {
    std::size_t end = std::min(longest, utf8.size());
    while (end < utf8.size() && end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80U) --end;
    return utf8.substr(0, end);
}

bool passes(TextAnswer::As as, const NormalizedText& message) {
    const bool has_digit =
        std::any_of(message.text.begin(), message.text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (as == TextAnswer::As::name)
        return !has_digit && message.words.size() <= 3 && message.text.size() <= 24;
    if (as == TextAnswer::As::day_time) return message.words.size() <= 8 && message.text.size() >= 3;
    return true;
}

}  // namespace

Answer read_choice_or_number(const Ask& ask, const std::string& raw, const NormalizedText& message,
                             Language language, const Line& line, bool strict) {
    Answer answer;
    if (message.words.empty()) return answer;
    if (!ask.many.empty()) {
        answer.chosen = several(ask, message, language, line);
        if (!answer.chosen.empty()) answer.kind = Answer::Kind::many;
        if (answer.kind == Answer::Kind::many) return answer;
    }
    if (const auto digit = digit_of(message, line); digit && !ask.choices.empty()) {
        const Choice* choice = choice_of_number(ask, digit->first);
        const NormalizedText rest = without_word(message, digit->second);
        const Choice* meant = strict && choice != nullptr && !rest.words.empty()
                                  ? named(ask, rest.text, rest, language, line, strict)
                                  : nullptr;
        if (meant != nullptr && meant != choice) return answer;
        // "friday at 2": a digit that does not lead counts less than words.
        if (digit->second > 0 && !strict)
            if (const Choice* said = named(ask, raw, message, language, line, strict))
                return {Answer::Kind::choice, said, {}, 0, raw, "", ""};
        if (choice != nullptr) return {Answer::Kind::choice, choice, {}, 0, words_beside(raw), "", "", true};
    }
    if (const Choice* choice = named(ask, raw, message, language, line, strict))
        return {Answer::Kind::choice, choice, {}, 0, raw, "", ""};
    if (ask.number)
        if (const auto number = number_in(*ask.number, message, line)) {
            answer.kind = Answer::Kind::number;
            answer.number = *number;
        }
    return answer;
}

Answer read_free_text(const TextAnswer& text, const std::string& raw, const NormalizedText& message) {
    Answer answer;
    if (message.words.empty()) return answer;
    if (text.as == TextAnswer::As::name_and_number) return read_name_and_number(raw);
    if (!passes(text.as, message)) return answer;
    answer.kind = Answer::Kind::text;
    answer.words = cut_to(raw, text.max_length);
    return answer;
}

}  // namespace bot
