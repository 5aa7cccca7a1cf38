#pragma once
#include <memory>
#include <optional>
#include <string>

#include "bot/content.hpp"
#include "bot/time.hpp"

namespace webhooks::cli {

/// A chat as a transcript that can be put beside the flows: what happened, and the answers that the flows
/// give to it.
/// @param script    lines of what happened (`ChatSession::script`)
/// @param language  as chosen with --lang; empty: as the texter wrote
/// @return nothing when the flows do not play it twice alike, which is a defect of ours
[[nodiscard]] std::optional<std::string> transcript_of(const std::string& script, const std::string& language,
                                                       bot::TimePoint began,
                                                       const std::shared_ptr<const bot::Content>& content);

}  // namespace webhooks::cli
