#include "bot/word_features.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/rule_set.hpp"

namespace bot {

namespace {

constexpr std::size_t kIdeaReach = 3;   // from one idea of a pair to the next, in words at most
constexpr std::size_t kMostIdeas = 40;  // of a message, for pairs at any distance: their number is bounded
constexpr std::size_t kShortestPiece = 3;
constexpr std::size_t kLongestPiece = 5;
constexpr std::size_t kLongestWord = 24;  // letters looked at

// FNV-1a, seeded by the kind of feature.
constexpr std::uint32_t kOffset = 2166136261U;
constexpr std::uint32_t kPrime = 16777619U;

constexpr std::uint32_t hash(std::string_view text, std::uint32_t seed = kOffset) noexcept {
    for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * kPrime;
    return seed;
}

constexpr std::uint32_t join(std::uint32_t a, std::uint32_t b) noexcept {
    for (int shift = 0; shift < 32; shift += 8) a = (a ^ ((b >> shift) & 0xFFU)) * kPrime;
    return a;
}

// Enough mixing that neighbouring hashes do not share a bucket.
constexpr std::uint32_t bucket(std::uint32_t h) noexcept {
    h ^= h >> 16;
    h *= 0x7FEB352DU;
    h ^= h >> 15;
    return h & (WordFeatures::kCount - 1);
}

constexpr std::uint32_t kWord = hash("word"), kDenied = hash("denied"), kPair = hash("pair"),
                        kSkip = hash("skip"), kIdea = hash("idea"), kIdeas = hash("ideas"),
                        kIdeaWord = hash("idea word"), kWordIdea = hash("word idea"),
                        kTogether = hash("together"), kPiece = hash("piece"), kLength = hash("length");

}  // namespace

/// Gathers the features of one message.
class WordFeatures::Collector {
public:
    Collector(const WordFeatures& features, const NormalizedText& message, const std::vector<bool>& denied)
        : message_(message), denied_(denied) {
        static const Ideas none;
        for (const std::string& word : message.words) {
            const auto found = features.ideas_.find(word);
            ideas_.push_back(found == features.ideas_.end() ? &none : &found->second);
            hashes_.push_back(hash(word));
        }
    }

    std::vector<std::uint32_t> collect() {
        add_words();
        for (std::size_t i = 0; i < hashes_.size(); ++i) {
            add_ideas(i);
            add_pieces(message_.words[i]);
        }
        add_ideas_together();
        add(kLength, std::min<std::uint32_t>(6, static_cast<std::uint32_t>(hashes_.size()) / 3));
        std::sort(found_.begin(), found_.end());
        found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
        return std::move(found_);
    }

private:
    void add(std::uint32_t kind, std::uint32_t a) { found_.push_back(bucket(join(kind, a))); }
    void add(std::uint32_t kind, std::uint32_t a, std::uint32_t b) {
        found_.push_back(bucket(join(join(kind, a), b)));
    }
    [[nodiscard]] bool is_denied(std::size_t i) const { return i < denied_.size() && denied_[i]; }

    void add_words() {
        std::uint32_t before = hash("<");
        std::uint32_t before_that = 0;
        for (std::size_t i = 0; i <= hashes_.size(); ++i) {
            const std::uint32_t now = i < hashes_.size() ? hashes_[i] : hash(">");
            if (i < hashes_.size()) add(is_denied(i) ? kDenied : kWord, now);
            add(kPair, before, now);
            if (before_that != 0) add(kSkip, before_that, now);
            before_that = before;
            before = now;
        }
    }

    // Ideas of the word at i, with those of the words that follow and with its neighbours.
    void add_ideas(std::size_t i) {
        for (const std::uint32_t idea : *ideas_[i]) add(is_denied(i) ? join(kIdea, kDenied) : kIdea, idea);
        for (std::size_t j = i + 1; j < hashes_.size() && j <= i + kIdeaReach; ++j)
            for (const std::uint32_t first : *ideas_[i])
                for (const std::uint32_t second : *ideas_[j]) add(kIdeas, first, second);
        if (i + 1 == hashes_.size()) return;
        for (const std::uint32_t idea : *ideas_[i]) add(kIdeaWord, idea, hashes_[i + 1]);
        for (const std::uint32_t idea : *ideas_[i + 1]) add(kWordIdea, hashes_[i], idea);
    }

    // Two ideas of the message, wherever they stand.
    void add_ideas_together() {
        std::vector<std::uint32_t> all;
        for (const Ideas* ideas : ideas_) {
            if (all.size() >= kMostIdeas) break;
            for (const std::uint32_t idea : *ideas)
                if (std::find(all.begin(), all.end(), idea) == all.end()) all.push_back(idea);
        }
        std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = i + 1; j < all.size(); ++j) add(kTogether, all[i], all[j]);
    }

    void add_pieces(const std::string& word) {
        const std::string fenced = "<" + word.substr(0, kLongestWord) + ">";
        for (std::size_t length = kShortestPiece; length <= kLongestPiece; ++length)
            for (std::size_t at = 0; at + length <= fenced.size(); ++at)
                add(kPiece, hash(std::string_view(fenced).substr(at, length)));
    }

    const NormalizedText& message_;
    const std::vector<bool>& denied_;
    std::vector<const Ideas*> ideas_;
    std::vector<std::uint32_t> hashes_;
    std::vector<std::uint32_t> found_;
};

boost::system::result<WordFeatures, Problems> WordFeatures::load(std::string_view file_name,
                                                                 std::string_view text) {
    const auto document = parse_lexicon(file_name, text);
    if (!document) return Problems{document.error()};
    const auto concepts = document->find("concepts");
    if (concepts == document->end() || !concepts->is_object())
        return Problems{{std::string(file_name), "/concepts", "must be an object: idea to words"}};
    WordFeatures features;
    Problems problems;
    for (const auto& [idea, words] : concepts->items()) {
        if (!words.is_string()) {
            problems.push_back({std::string(file_name), "/concepts/" + idea, "must be a text of words"});
            continue;
        }
        for (std::string& word : normalize(words.get<std::string>()).words)
            features.ideas_[std::move(word)].push_back(hash(idea));
    }
    if (!problems.empty()) return problems;
    return features;
}

std::vector<std::uint32_t> WordFeatures::of(const NormalizedText& message,
                                            const std::vector<bool>& denied) const {
    return Collector(*this, message, denied).collect();
}

}  // namespace bot
