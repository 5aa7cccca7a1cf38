#pragma once
#include "bot/content.hpp"
#include "bot/json_reader.hpp"

namespace bot {

/// Read one flow file (flows/schema/flow.schema.json). Defects go to the reader's problems; what could be
/// read is returned all the same, so that one check tells all of them.
/// @param line  already read: word sets such as "@yes" come from it.
[[nodiscard]] Flow read_flow(const JsonReader& json, const Line& line);

/// Parts that flows/line.json shares with flow files.
[[nodiscard]] PerLanguage<PhraseList> read_words(const JsonReader& json, const Line& line);
[[nodiscard]] Say read_say(const JsonReader& json);
[[nodiscard]] Actions read_actions(const JsonReader& json);
[[nodiscard]] Condition read_condition(const JsonReader& json);

/// "15m" -> 900 s; 0 and a problem when it is none.
[[nodiscard]] std::chrono::seconds read_duration(const JsonReader& json);

}  // namespace bot
