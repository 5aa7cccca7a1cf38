#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "bot/engine.hpp"

namespace bot {

/// What came of playing a transcript.
struct TranscriptResult {
    std::string title;
    std::size_t line = 0;           ///< of the first difference, counted from 1; 0 when there is none
    std::string difference;         ///< what was expected there and what came instead
    std::string rewritten;          ///< the transcript with what really came, for `--update`
    std::set<const void*> visited;  ///< `Turn::visited` of every turn

    [[nodiscard]] bool ok() const noexcept { return line == 0; }
};

/// The line that transcripts are written for: texts spelled out in them hold these names and numbers.
[[nodiscard]] LineSettings transcript_line();

/// Plays a conversation written as plain text (flows/README.md, "Transcripts") and compares it line by line.
/// @param line  settings of the line; a transcript may say `staffed=no` and its own zone.
[[nodiscard]] TranscriptResult play_transcript(std::string_view text, std::shared_ptr<const Content> content,
                                               LineSettings line, UtcOffset utc_offset);

/// "2026-03-07T07:10:00Z" as an instant. @return false when it is none.
[[nodiscard]] bool parse_instant(std::string_view text, TimePoint& out);
/// "20m", "24h", "3d", "60s". @return false when it is none.
[[nodiscard]] bool parse_span(std::string_view text, std::chrono::seconds& out);

}  // namespace bot
