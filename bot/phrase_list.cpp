#include "bot/phrase_list.hpp"

#include <algorithm>

namespace bot {

namespace {

constexpr std::size_t kShortWord = 3;     // "no", "ok", "yes": too common inside sentences
constexpr std::size_t kMisspellable = 5;  // letters from which one typing error is forgiven
constexpr std::size_t kNegatorReach = 2;  // "dont think so": words between a negator and what it undoes

bool stands_at(const NormalizedText& message, std::size_t at, const Phrase& phrase) {
    return std::equal(phrase.words.begin(), phrase.words.end(),
                      message.words.begin() + static_cast<std::ptrdiff_t>(at));
}

bool negated(const NormalizedText& message, std::size_t first, std::span<const std::string> negators) {
    const std::size_t from = first > kNegatorReach ? first - kNegatorReach : 0;
    for (std::size_t i = from; i < first; ++i)
        if (std::find(negators.begin(), negators.end(), message.words[i]) != negators.end()) return true;
    return false;
}

bool too_short_here(const NormalizedText& message, const Phrase& phrase, std::size_t at) {
    return phrase.words.size() == 1 && phrase.joined.size() <= kShortWord && at != 0 &&
           at + 1 != message.words.size();
}

// "yesss" was squeezed to "yess" by the normaliser; squeeze the rest of the way on both sides.
bool equal_squeezed(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (a[i] != b[j]) return false;
        const char c = a[i];
        while (i < a.size() && a[i] == c) ++i;
        while (j < b.size() && b[j] == c) ++j;
    }
    return i == a.size() && j == b.size();
}

std::size_t window_length(const NormalizedText& message, std::size_t at, std::size_t words) {
    std::size_t length = words - 1;
    for (std::size_t i = at; i < at + words; ++i) length += message.words[i].size();
    return length;
}

bool better(const std::optional<PhraseMatch>& best, std::size_t length) {
    return !best || length > best->length;
}

}  // namespace

bool within_one_edit(std::string_view a, std::string_view b) noexcept {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > 1) return false;
    std::size_t i = 0;
    while (i < a.size() && a[i] == b[i]) ++i;
    if (i == a.size()) return true;
    if (a.size() != b.size()) return a.substr(i) == b.substr(i + 1);
    if (a.substr(i + 1) == b.substr(i + 1)) return true;
    return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
}

void PhraseList::add(std::string_view text) {
    const bool veto = text.starts_with('!');
    const bool whole_only = text.starts_with('=');
    if (veto || whole_only) text.remove_prefix(1);
    NormalizedText normal = normalize(text);
    if (normal.words.empty()) return;
    phrases_.push_back(Phrase{std::move(normal.words), std::move(normal.text), veto, whole_only});
    has_vetoes_ = has_vetoes_ || veto;
}

bool PhraseList::vetoed(const NormalizedText& message, std::size_t first, std::size_t words) const {
    if (!has_vetoes_) return false;
    for (const Phrase& veto : phrases_) {
        if (!veto.veto) continue;
        for (std::size_t at = 0; at + veto.words.size() <= message.words.size(); ++at) {
            const bool overlaps = at < first + words && first < at + veto.words.size();
            if (overlaps && stands_at(message, at, veto)) return true;
        }
    }
    return false;
}

std::optional<PhraseMatch> PhraseList::find(const NormalizedText& message,
                                            std::span<const std::string> negators) const {
    std::optional<PhraseMatch> best;
    for (const Phrase& phrase : phrases_) {
        if (phrase.veto || phrase.words.size() > message.words.size()) continue;
        const std::size_t length = phrase.joined.size();
        if (!better(best, length)) continue;
        for (std::size_t at = 0; at + phrase.words.size() <= message.words.size(); ++at) {
            if (!stands_at(message, at, phrase)) continue;
            const bool whole = phrase.words.size() == message.words.size();
            if (!whole && (phrase.whole || too_short_here(message, phrase, at))) continue;
            if (negated(message, at, negators) || vetoed(message, at, phrase.words.size())) continue;
            best = PhraseMatch{at, phrase.words.size(), length, whole};
            break;
        }
    }
    return best;
}

std::optional<PhraseMatch> PhraseList::find_misspelt(const NormalizedText& message,
                                                     std::span<const std::string> negators) const {
    std::optional<PhraseMatch> best;
    std::string window;
    for (const Phrase& phrase : phrases_) {
        const std::size_t words = phrase.words.size();
        if (phrase.veto || phrase.joined.size() < kMisspellable || words > message.words.size()) continue;
        if (!better(best, phrase.joined.size())) continue;
        for (std::size_t at = 0; at + words <= message.words.size(); ++at) {
            const bool whole = words == message.words.size();
            if (phrase.whole && !whole) continue;
            const std::size_t length = window_length(message, at, words);
            if (length + 1 < phrase.joined.size() || length > phrase.joined.size() + 1) continue;
            window.clear();
            for (std::size_t i = at; i < at + words; ++i) {
                if (i > at) window += ' ';
                window += message.words[i];
            }
            if (!within_one_edit(window, phrase.joined)) continue;
            if (negated(message, at, negators) || vetoed(message, at, words)) continue;
            best = PhraseMatch{at, words, phrase.joined.size(), whole};
            break;
        }
    }
    return best;
}

bool PhraseList::is_whole(const NormalizedText& message) const {
    return std::any_of(phrases_.begin(), phrases_.end(), [&](const Phrase& phrase) {
        return !phrase.veto && equal_squeezed(phrase.joined, message.text);
    });
}

}  // namespace bot
