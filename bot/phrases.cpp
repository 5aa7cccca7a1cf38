#include "bot/phrases.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "bot/phrase_starts.hpp"

namespace bot {

namespace {

constexpr int kDeepestFragment = 8;
constexpr std::size_t kLongestPattern = 100'000;
constexpr std::string_view kWordEnd = "(?: |\\z)";
// At most, of what a set remembers of texts it has read. With a third of it the largest set forgets as fast
// as it learns, and takes twice as long; it is taken as needed, and far less is.
constexpr std::int64_t kMemory = 96 << 20;

// Appends `pattern` with its fragments written out; false and `problem` when it cannot.
bool write_out(std::string_view pattern, const Fragments& fragments, int depth, std::string& out,
               std::string& problem) {
    while (!pattern.empty()) {
        const std::size_t open = pattern.find('{');
        out += pattern.substr(0, open);
        if (open == std::string_view::npos) return true;
        const std::size_t close = pattern.find('}', open);
        const std::string_view name =
            close == std::string_view::npos ? "" : pattern.substr(open + 1, close - open - 1);
        if (name.empty()) return problem = "a { without its } or name", false;
        if (name[0] >= '0' && name[0] <= '9') {
            out += pattern.substr(open, close - open + 1);  // a count: "a{2}"
        } else {
            const auto fragment = fragments.find(name);
            if (fragment == fragments.end())
                return problem = "no fragment {" + std::string(name) + "}", false;
            if (depth == kDeepestFragment || out.size() > kLongestPattern)
                return problem = "fragments nest too deep at {" + std::string(name) + "}", false;
            out += "(?:";
            if (!write_out(fragment->second, fragments, depth + 1, out, problem)) return false;
            out += ")";
        }
        pattern.remove_prefix(close + 1);
    }
    return true;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

// Anything unbounded that could run over blanks would make the search quadratic.
std::optional<std::string> unbounded(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            ++i;
            continue;
        }
        if (c == '[') in_class = true;
        if (c == ']') in_class = false;
        if (in_class) continue;
        if (c == '.') return "'.' is not allowed: use [^ ] within a word, ~ between words";
        const bool repeat =
            c == '*' || c == '+' || (c == '{' && pattern.substr(i, pattern.find('}', i) - i).ends_with(','));
        if (repeat && i > 0 && (pattern[i - 1] == ')' || pattern[i - 1] == ' '))
            return "an unbounded repeat of a group or a blank is not allowed: use {0,3}";
    }
    return std::nullopt;
}

}  // namespace

boost::system::result<std::string, PatternFault> expand(std::string_view pattern,
                                                        const Fragments& fragments) {
    std::string out;
    std::string problem;
    if (!write_out(pattern, fragments, 0, out, problem)) return PatternFault{problem};
    replace_all(out, " ~~ ", "(?: [^ ]+){0,7} ");
    replace_all(out, " ~ ", "(?: [^ ]+){0,3} ");
    return {boost::system::in_place_value, std::move(out)};
}

/// Which text a pattern is held against.
enum class Place { anywhere, sentence_start, sentence_end, sentence, message };
constexpr std::size_t kPlaces = 5;

struct PhraseSet::Sets {
    struct Part {
        std::unique_ptr<RE2::Set> set;
        std::vector<std::size_t> numbers;  // of the set's own indexes
        PhraseStarts starts;
    };
    explicit Sets(Use wanted) : use(wanted) {}

    Use use;
    /// By place; those that any word may begin stand apart, lest the others be tried at each word too.
    std::array<Part, kPlaces> parts, begun_by_any;
    std::vector<std::pair<Place, std::string>> patterns;  // by number
    std::vector<bool> affirmed;                           // by number: a negation undoes it
    std::vector<std::unique_ptr<RE2>> single;             // by number, for masking

    static RE2::Options options(std::int64_t memory) {
        RE2::Options result;
        result.set_log_errors(false);
        result.set_never_capture(true);
        result.set_longest_match(true);
        result.set_max_mem(memory);
        return result;
    }
    // Numbers of the phrases that `text` holds, appended to `found`.
    void match(Place place, std::string_view text, std::vector<std::size_t>& found) const;
    void match(Place place, const Part& part, std::string_view text, std::vector<std::size_t>& found) const;
};

bool is_open(Place place) { return place == Place::anywhere || place == Place::sentence_start; }

void PhraseSet::Sets::match(Place place, std::string_view text, std::vector<std::size_t>& found) const {
    match(place, parts[static_cast<std::size_t>(place)], text, found);
    match(place, begun_by_any[static_cast<std::size_t>(place)], text, found);
}

void PhraseSet::Sets::match(Place place, const Part& part, std::string_view text,
                            std::vector<std::size_t>& found) const {
    if (!part.set || !part.starts.may_begin(text)) return;
    const re2::StringPiece piece(text.data(), text.size());
    thread_local std::vector<int> hits;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    // Most words begin nothing; asking only whether any phrase is there is far cheaper than asking which.
    if (!part.set->Match(piece, nullptr, &error) && error.kind == RE2::Set::kNoError) return;
    if (part.set->Match(piece, &hits, &error)) {
        for (const int hit : hits) found.push_back(part.numbers[static_cast<std::size_t>(hit)]);
    } else if (error.kind == RE2::Set::kOutOfMemory) {
        // Slow, but a danger must not go unheard because a cache was too small.
        const RE2::Anchor anchor = is_open(place) ? RE2::ANCHOR_START : RE2::ANCHOR_BOTH;
        for (const std::size_t number : part.numbers)
            if (RE2(patterns[number].second, options(8 << 20))
                    .Match(piece, 0, piece.size(), anchor, nullptr, 0))
                found.push_back(number);
    }
}

namespace {

struct Spans {
    std::vector<std::size_t> word_begin;    // offset of each word in text
    std::vector<std::size_t> sentence_end;  // by word: offset of the end of its sentence
    std::vector<bool> starts_sentence;      // by word
    std::vector<std::uint64_t> sentence;    // by word: its bit
};

Spans spans_of(const NormalizedText& message) {
    Spans spans;
    const std::size_t count = message.words.size();
    spans.starts_sentence.resize(count);
    for (const std::size_t first : message.sentences) spans.starts_sentence[first] = true;
    std::size_t at = 0;
    unsigned sentence = 0;
    for (std::size_t i = 0; i < count; ++i) {
        spans.word_begin.push_back(at);
        at += message.words[i].size() + 1;
        if (spans.starts_sentence[i] && i > 0) sentence = std::min(sentence + 1, 63U);
        spans.sentence.push_back(std::uint64_t{1} << sentence);
    }
    spans.sentence_end.resize(count);
    std::size_t end = message.text.size();
    for (std::size_t i = count; i-- > 0;) {
        spans.sentence_end[i] = end;
        if (spans.starts_sentence[i] && i > 0) end = spans.word_begin[i] - 1;
    }
    return spans;
}

// The message without its emoji: "stop <crying>" is still nothing but "stop". All emoji: the message itself.
std::string without_emoji(const NormalizedText& message) {
    if (message.emoji.empty() || message.emoji.size() == message.words.size()) return message.text;
    std::string text;
    std::size_t next = 0;
    for (const std::string& word : message.words) {
        if (next < message.emoji.size() && word == message.emoji[next]) {
            ++next;
            continue;
        }
        if (!text.empty()) text.push_back(' ');
        text += word;
    }
    return text;
}

}  // namespace

PhraseSet::PhraseSet(Use use) : sets_(std::make_unique<Sets>(use)) {}
PhraseSet::~PhraseSet() = default;
PhraseSet::PhraseSet(PhraseSet&&) noexcept = default;
PhraseSet& PhraseSet::operator=(PhraseSet&&) noexcept = default;

std::size_t PhraseSet::size() const noexcept { return sets_->patterns.size(); }

boost::system::result<std::size_t, PatternFault> PhraseSet::add(std::string_view pattern) {
    const bool affirmed = pattern.starts_with('!');
    if (affirmed) pattern.remove_prefix(1);
    const bool whole = pattern.starts_with('=');
    const bool starts = pattern.starts_with('^');
    if (whole || starts) pattern.remove_prefix(1);
    const bool ends = pattern.ends_with('$') && !pattern.ends_with("\\$");
    if (ends) pattern.remove_suffix(1);
    if (pattern.empty()) return PatternFault{"an empty pattern"};
    if (affirmed && (whole || starts))
        return PatternFault{"nothing can stand before the start: ! is of no use here"};
    if (auto why = unbounded(pattern)) return PatternFault{*why};

    const Place place = whole            ? Place::message
                        : starts && ends ? Place::sentence
                        : starts         ? Place::sentence_start
                        : ends           ? Place::sentence_end
                                         : Place::anywhere;
    if (sets_->use == Use::mask && !is_open(place))
        return PatternFault{"a phrase to be masked may not be bound to an end"};
    std::string text = "(?:" + std::string(pattern) + ")";
    if (is_open(place)) text += kWordEnd;
    RE2 probe(text, Sets::options(8 << 20));
    if (!probe.ok()) return PatternFault{"not a pattern: " + probe.error()};
    if (RE2::FullMatch("", probe)) return PatternFault{"matches the empty text"};
    sets_->patterns.emplace_back(place, std::move(text));
    sets_->affirmed.push_back(affirmed);
    return sets_->patterns.size() - 1;
}

bool PhraseSet::compile() {
    for (std::size_t number = 0; number < sets_->patterns.size(); ++number) {
        const auto& [place, text] = sets_->patterns[number];
        PhraseStarts starts;
        starts.add(text);
        auto& parts = starts.any() ? sets_->begun_by_any : sets_->parts;
        Sets::Part& part = parts[static_cast<std::size_t>(place)];
        if (!part.set)
            part.set = std::make_unique<RE2::Set>(Sets::options(kMemory),
                                                  is_open(place) ? RE2::ANCHOR_START : RE2::ANCHOR_BOTH);
        if (part.set->Add(text, nullptr) < 0) return false;
        part.numbers.push_back(number);
        part.starts.add(text);
        if (sets_->use == Use::mask)
            sets_->single.push_back(std::make_unique<RE2>(text, Sets::options(1 << 20)));
    }
    const auto compiled = [](Sets::Part& part) { return !part.set || part.set->Compile(); };
    return std::all_of(sets_->parts.begin(), sets_->parts.end(), compiled) &&
           std::all_of(sets_->begun_by_any.begin(), sets_->begun_by_any.end(), compiled);
}

std::vector<PhraseHit> PhraseSet::find(const NormalizedText& message, const std::vector<bool>& denied) const {
    std::vector<PhraseHit> found(size());
    if (message.words.empty() || found.empty()) return found;
    const Spans spans = spans_of(message);
    const std::string_view text = message.text;
    std::vector<std::size_t> hits;
    for (std::size_t i = 0; i < spans.word_begin.size(); ++i) {
        const std::size_t from = spans.word_begin[i];
        const std::string_view sentence = text.substr(from, spans.sentence_end[i] - from);
        hits.clear();
        sets_->match(Place::anywhere, text.substr(from), hits);
        sets_->match(Place::sentence_end, sentence, hits);
        if (spans.starts_sentence[i]) {
            sets_->match(Place::sentence_start, text.substr(from), hits);
            sets_->match(Place::sentence, sentence, hits);
        }
        for (const std::size_t number : hits) {
            if (sets_->affirmed[number] && i < denied.size() && denied[i])
                found[number].negated = true;
            else
                found[number].sentences |= spans.sentence[i];
        }
    }
    hits.clear();
    sets_->match(Place::message, without_emoji(message), hits);
    for (const std::size_t number : hits) found[number].sentences |= 1;
    return found;
}

NormalizedText PhraseSet::mask(const NormalizedText& message) const {
    NormalizedText masked = message;
    if (message.words.empty() || size() == 0) return masked;
    const Spans spans = spans_of(message);
    const re2::StringPiece text(message.text);
    std::vector<std::size_t> found;
    std::size_t masked_until = 0;
    for (std::size_t i = 0; i < spans.word_begin.size(); ++i) {
        const std::size_t from = spans.word_begin[i];
        const std::string_view rest = std::string_view(message.text).substr(from);
        found.clear();
        sets_->match(Place::anywhere, rest, found);
        if (spans.starts_sentence[i]) sets_->match(Place::sentence_start, rest, found);
        for (const std::size_t number : found) {
            re2::StringPiece hit;
            if (sets_->single[number]->Match(text, from, text.size(), RE2::ANCHOR_START, &hit, 1))
                masked_until = std::max(masked_until, from + hit.size());
        }
        if (from < masked_until) masked.words[i] = "_";
    }
    if (masked_until == 0) return masked;
    masked.text.clear();
    for (const std::string& word : masked.words)
        masked.text.append(masked.text.empty() ? "" : " ").append(word);
    return masked;
}

}  // namespace bot
