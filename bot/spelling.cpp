#include "bot/spelling.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "bot/phrase_list.hpp"
#include "bot/rule_set.hpp"

namespace bot {

namespace {

using nlohmann::json;

constexpr std::size_t kShortestTypo = 5;  // letters
constexpr std::size_t kLongestTypo = 20;

std::string without(const std::string& word, std::size_t letter) {
    std::string rest = word;
    rest.erase(letter, 1);
    return rest;
}

bool is_plain(const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

/// Reads the file, collecting every problem.
class Spelling::Loader {
public:
    Loader(std::string_view file, const json& document) : file_(file), document_(document) {}

    boost::system::result<Spelling, Problems> load() {
        read_table("en", spelling_.english_);
        read_table("es", spelling_.spanish_);
        for (std::string& word : words_of(document_, "", "spanish"))
            spelling_.spanish_words_.insert(std::move(word));
        read_typos();
        if (!problems_.empty()) return problems_;
        return std::move(spelling_);
    }

private:
    void complain(std::string where, std::string what) {
        problems_.push_back({std::string(file_), std::move(where), std::move(what)});
    }

    std::vector<std::string> words_of(const json& parent, const std::string& path, const char* name) {
        const auto found = parent.find(name);
        if (found == parent.end() || !found->is_string()) {
            complain(path + "/" + name, "must be a text of words");
            return {};
        }
        return normalize(found->get<std::string>()).words;
    }

    void read_table(const char* name, Table& table) {
        const auto found = document_.find(name);
        if (found == document_.end() || !found->is_object())
            return complain(std::string("/") + name, "must be an object: right spelling to wrong ones");
        for (const auto& [right, wrongs] : found->items()) {
            const std::string at = std::string("/") + name + "/" + right;
            const NormalizedText out = normalize(right);
            if (out.text != right) complain(at, "must be written as it is after normalising");
            if (!wrongs.is_string()) {
                complain(at, "must be a text of words");
                continue;
            }
            for (const std::string& wrong : normalize(wrongs.get<std::string>()).words)
                if (!table.emplace(wrong, out.words).second)
                    complain(at, "\"" + wrong + "\" is written out twice");
        }
    }

    void read_typos() {
        const auto found = document_.find("typos");
        if (found == document_.end() || !found->is_object())
            return complain("/typos", "must be an object with \"of\" and \"except\"");
        for (std::string& word : words_of(*found, "/typos", "except"))
            spelling_.right_.insert(std::move(word));
        for (std::string& word : words_of(*found, "/typos", "of")) {
            if (word.size() < kShortestTypo || word.size() > kLongestTypo || !is_plain(word))
                complain("/typos/of", "\"" + word + "\" must have 5 to 20 plain letters");
            spelling_.near_[word].push_back(word);
            for (std::size_t i = 0; i < word.size(); ++i) spelling_.near_[without(word, i)].push_back(word);
            spelling_.right_.insert(std::move(word));
        }
    }

    std::string_view file_;
    const json& document_;
    Spelling spelling_;
    Problems problems_;
};

boost::system::result<Spelling, Problems> Spelling::load(std::string_view file_name, std::string_view text) {
    const auto document = parse_lexicon(file_name, text);
    if (!document) return Problems{document.error()};
    return Loader(file_name, *document).load();
}

bool Spelling::shows_spanish(const NormalizedText& message) const {
    return std::any_of(message.words.begin(), message.words.end(),
                       [&](const std::string& word) { return spanish_words_.contains(word); });
}

// The word that a misspelt one was meant to be, or nullptr.
const std::string* Spelling::meant(const std::string& word) const {
    if (word.size() + 1 < kShortestTypo || word.size() > kLongestTypo + 1 || !is_plain(word) ||
        right_.contains(word))
        return nullptr;
    const auto search = [&](const std::string& key) -> const std::string* {
        const auto found = near_.find(key);
        if (found == near_.end()) return nullptr;
        for (const std::string& candidate : found->second)
            if (within_one_edit(word, candidate)) return &candidate;
        return nullptr;
    };
    if (const std::string* same = search(word)) return same;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (const std::string* near = search(without(word, i))) return near;
    return nullptr;
}

NormalizedText Spelling::respell(const NormalizedText& message) const {
    const bool spanish = shows_spanish(message);
    const auto written_out = [&](const std::string& word) -> const std::vector<std::string>* {
        if (spanish)
            if (const auto found = spanish_.find(word); found != spanish_.end()) return &found->second;
        const auto found = english_.find(word);
        return found != english_.end() ? &found->second : nullptr;
    };
    NormalizedText result;
    result.emoji = message.emoji;
    result.words.reserve(message.words.size());
    auto sentence = message.sentences.begin();
    for (std::size_t i = 0; i < message.words.size(); ++i) {
        if (sentence != message.sentences.end() && *sentence == i) {
            result.sentences.push_back(result.words.size());
            ++sentence;
        }
        const std::string& word = message.words[i];
        if (const auto* words = written_out(word))
            result.words.insert(result.words.end(), words->begin(), words->end());
        else if (const std::string* right = meant(word))
            result.words.push_back(*right);
        else
            result.words.push_back(word);
    }
    for (const std::string& word : result.words) {
        if (!result.text.empty()) result.text.push_back(' ');
        result.text += word;
    }
    return result;
}

}  // namespace bot
