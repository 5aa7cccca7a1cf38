#pragma once
#include "bot/content.hpp"
#include "bot/json_reader.hpp"

namespace bot {

/// Read flows/line.json. Word sets are read first: everything else may use them.
[[nodiscard]] Line read_line(const JsonReader& json);

/// Read flows/texts/<language>.json into `texts`.
void read_texts(const JsonReader& json, Language language, std::unordered_map<std::string, Text>& texts);

/// Read flows/texts/meta.json; after the texts.
void read_text_meta(const JsonReader& json, std::unordered_map<std::string, Text>& texts);

}  // namespace bot
