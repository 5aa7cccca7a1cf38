#include "webhooks/oncall/voice_words.hpp"

#include "webhooks/oncall/cases.hpp"

namespace webhooks::oncall {

std::string spelled(std::string_view code) {
    std::string out;
    for (const char digit : code) {
        if (!out.empty()) out += ' ';
        out += digit;
    }
    return out;
}

std::string spoken_page(const store::EscalationRow& row, bot::TimePoint now) {
    const auto waiting = std::chrono::duration_cast<std::chrono::minutes>(now - row.ladder.opened_at);
    const std::string code = spelled(row.code);
    std::string words = "This is the on-call line. ";
    words.append(row.reason == kDrill ? "This is a drill. " : "").append("Priority ");
    words.append(bot::to_string(row.ladder.priority).substr(1)).append(". Case ").append(code);
    words.append(". Waiting ").append(std::to_string(waiting.count())).append(" minutes.");
    if (row.call_do_not_text) words.append(" They have opted out of texts: call, do not text.");
    return words.append(" Press 1 to take it. Press 2 to pass it on. Press 3 to hear this again.");
}

}  // namespace webhooks::oncall
