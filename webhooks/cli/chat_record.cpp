#include "webhooks/cli/chat_record.hpp"

#include <date/date.h>

#include "webhooks/cli/transcripts.hpp"

namespace webhooks::cli {

std::optional<std::string> transcript_of(const std::string& script, const std::string& language,
                                         bot::TimePoint began,
                                         const std::shared_ptr<const bot::Content>& content) {
    std::string text = "title  A chat, recorded\n";
    if (!language.empty()) text += "lang   " + language + "\n";
    text += "at     ";
    text += date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(began));
    text += '\n';
    if (!language.empty()) text += "given  lang_known=yes\n";
    text += '\n';
    text += script;
    std::string with_answers = play(text, content).rewritten;
    if (!play(with_answers, content).ok()) return std::nullopt;
    return with_answers;
}

}  // namespace webhooks::cli
