#pragma once
#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bot/problem.hpp"

namespace bot {

struct Content;

/// One file of a flows directory, already read by the shell. `name` is relative: "slip.json",
/// "texts/en.json", "lexicon/risk.json", "schema/flow.json".
struct ContentFile {
    std::string name;
    std::string text;
};

/// Flows, texts and lexicon, loaded and checked.
struct LoadedContent {
    std::shared_ptr<const Content> content;  ///< null when any problem is an error
    Problems problems;                       ///< errors and warnings, all of them
};

/// Build the content from its files and check it whole: JSON Schema, every step reachable, no dead end, every
/// language present, every text within its segment budget, every target exists, no question whose natural
/// answer a carrier reserves. Nothing is half loaded.
[[nodiscard]] LoadedContent load_content(const std::vector<ContentFile>& files);

}  // namespace bot
