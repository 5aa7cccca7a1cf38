#pragma once
#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/problem.hpp"

namespace bot {

/// Writes out how people text: "2nite" -> "tonight", "kms" -> "kill myself", "xq" -> "porque", "sucidal" ->
/// "suicidal", so that rules are written once, in whole words. Data: `flows/lexicon/spelling.json`,
/// {"en": {right: "wrong wrong ..."}, "es": {...}, "spanish": "words that show Spanish",
/// "typos": {"of": "words", "except": "words"}}. The Spanish table comes first where a message shows Spanish.
/// One typing error in a word of `typos` is undone, unless it makes a word of `except`. Immutable.
class Spelling {
public:
    [[nodiscard]] static boost::system::result<Spelling, Problems> load(std::string_view file_name,
                                                                        std::string_view json);
    /// The message with its words written out; sentences stay, emoji too.
    [[nodiscard]] NormalizedText respell(const NormalizedText& message) const;

private:
    using Table = std::unordered_map<std::string, std::vector<std::string>>;
    class Loader;

    [[nodiscard]] bool shows_spanish(const NormalizedText& message) const;
    [[nodiscard]] const std::string* meant(const std::string& word) const;

    Table english_, spanish_;
    std::unordered_set<std::string> spanish_words_;
    std::unordered_set<std::string> right_;                           // never taken for a typing error
    std::unordered_map<std::string, std::vector<std::string>> near_;  // a word less one letter -> words
};

}  // namespace bot
