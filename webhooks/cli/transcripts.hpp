#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/flow_loader.hpp"
#include "bot/transcript.hpp"

namespace webhooks::cli {

/// DIR/transcripts/*.txt, sorted; none when there is no such directory.
[[nodiscard]] std::vector<std::filesystem::path> transcripts_in(const std::filesystem::path& directory);

/// A whole file; nothing when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path);
/// Puts `text` in its place at once: what a person reviewed is never left half written.
[[nodiscard]] bool replace_file(const std::filesystem::path& path, const std::string& text);

/// Plays one transcript with the settings and the time zones that transcripts are written for.
[[nodiscard]] bot::TranscriptResult play(const std::string& transcript,
                                         std::shared_ptr<const bot::Content> content);

/// Plays several. @return a problem, with its line, for each that does not go as written
/// @param visited  gets the steps, branches and choices they went through; may be null
[[nodiscard]] bot::Problems play_all(const std::vector<std::filesystem::path>& transcripts,
                                     const std::shared_ptr<const bot::Content>& content,
                                     std::set<const void*>* visited = nullptr);

/// What a server may speak from: flows that check and whose transcripts all go as written.
[[nodiscard]] bot::LoadedContent load_flows_to_serve(const std::filesystem::path& directory);

}  // namespace webhooks::cli
