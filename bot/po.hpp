#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/problem.hpp"

namespace bot {

/// One text of a gettext PO file ("PO Files", GNU gettext manual). Plural forms and domains are not used
/// here.
struct PoEntry {
    std::string context;      ///< msgctxt: the text's id, "WEL.1" or "WEL.1/no_staff" or "WEL.1/plain"
    std::string source;       ///< msgid: English
    std::string translation;  ///< msgstr; empty: not translated yet
    bool fuzzy = false;       ///< the translation is of `previous_source`, so a person looks at it
    std::optional<std::string> previous;  ///< #| msgid: the English that was translated
    std::vector<std::string> notes;       ///< #. for the translator; written, not read
    std::vector<std::string> places;      ///< #: where it is said; written, not read
    std::size_t line = 0;                 ///< where it begins, when it was read
};

/// A whole PO file, UTF-8.
struct PoFile {
    std::string language;  ///< header field Language
    std::vector<PoEntry> entries;
    Problems problems;  ///< with lines; when there is any, nothing of the file may be used
};

/// Reads strictly: what is no PO, another charset, an entry without context or twice, an unknown escape is a
/// problem with its line; every one is told. Comments and obsolete entries (#~) are passed over.
/// @param name  of the file, for the problems
[[nodiscard]] PoFile parse_po(const std::string& name, std::string_view text);

/// The file as `msgfmt --check` takes it; the same entries always give the same bytes.
[[nodiscard]] std::string write_po(const PoFile& file);

}  // namespace bot
