#pragma once
#include "bot/content.hpp"
#include "bot/problem.hpp"

namespace bot {

/// Where the parts of a content came from, for messages.
struct ContentFiles {
    std::string line = "line.json";
    std::string meta = "texts/meta.json";
    PerLanguage<std::string> texts{"texts/en.json", "texts/es.json"};
    std::string situation_lexicon;  ///< the text of lexicon/situation.json
    [[nodiscard]] static std::string of(const Flow& flow) { return flow.id + ".json"; }
};

// Each adds what it finds; together they are `handrail flows check` (flows/README.md says what is refused).

/// Every target, text, timer, intent, field and tag named exists.
void check_names(const Content& content, const ContentFiles& files, Problems& problems);
/// No dead end, nothing unreachable, no loop without a wait, at most two texts in a row.
void check_ways(const Content& content, const ContentFiles& files, Problems& problems);
/// Languages, placeholders, lengths, wording for a line without staff.
void check_texts(const Content& content, const ContentFiles& files, Problems& problems);
/// Numbers shown and numbers understood agree; no word for two choices; no word a carrier acts upon.
void check_questions(const Content& content, const ContentFiles& files, Problems& problems);
/// Every danger is answered, with numbers to call and a person paged; safety questions time out.
void check_danger(const Content& content, const ContentFiles& files, Problems& problems);

/// Every item of the brief is carried by a step, and steps name only items that exist.
void check_coverage(const Content& content, Problems& problems);

/// The option lines of a text ("1 One time"): number and label.
[[nodiscard]] std::vector<std::pair<int, std::string>> options_in(std::string_view text);

}  // namespace bot
