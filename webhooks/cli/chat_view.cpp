#include "webhooks/cli/chat_view.hpp"

#include <date/date.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "bot/redact.hpp"

namespace webhooks::cli {

namespace {

using Kind = ChatEvent::Kind;

// The terminal's own codes: half bright, and back. ESC among a texter's or author's words is never passed on.
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kPlain = "\033[0m";
constexpr std::string_view kMargin = "                ";

void write_json(bot::TimePoint at, const char* direction, const char* key, const std::string& value) {
    nlohmann::ordered_json line;
    line["at"] = date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(at));
    line["dir"] = direction;
    line[key] = value;
    std::cout << bot::json_text(line) << std::endl;
}

// Later lines of a text stand under the first; control characters would move the cursor.
std::string indented(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out.append("\n").append(kMargin);
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            out += c;
    }
    return out;
}

}  // namespace

void JsonChatView::wrote(bot::TimePoint at, const std::string& text) { write_json(at, "in", "text", text); }

void JsonChatView::show(const std::vector<ChatEvent>& events, bool) {
    for (const ChatEvent& event : events) {
        if (event.kind == Kind::text)
            write_json(event.at, "out", "text", event.what);
        else
            write_json(event.at, "effect", "effect", event.what);
    }
}

void JsonChatView::remark(bot::TimePoint at, const std::string& text) {
    write_json(at, "effect", "effect", text);
}

TerminalChatView::TerminalChatView(std::string texter, std::string organisation, std::string time_zone,
                                   bot::UtcOffset utc_offset)
    : texter_(std::move(texter)),
      organisation_(std::move(organisation)),
      time_zone_(std::move(time_zone)),
      utc_offset_(std::move(utc_offset)) {}

void TerminalChatView::welcome() {
    std::cout << organisation_ << "'s line as " << bot::mask_number(texter_)
              << " reads it. Nothing is sent, nobody is paged, nothing is kept.\n"
              << "Write as the texter would. /wait 24h moves the clock, /help shows the rest.\n\n";
}

void TerminalChatView::prompt(bot::TimePoint now) {
    std::cout << local_time(now) << "  you   " << std::flush;
}

// The terminal has echoed it.
void TerminalChatView::wrote(bot::TimePoint, const std::string&) {}

void TerminalChatView::show(const std::vector<ChatEvent>& events, bool all) {
    for (std::size_t i = 0; i < events.size(); ++i) {
        const ChatEvent& event = events[i];
        if (event.kind == Kind::text) {
            std::cout << local_time(event.at) << "  line  " << indented(event.what) << '\n';
            continue;
        }
        if (!all && event.kind != Kind::notable) continue;
        dim(event.what);
        // A day unanswered is a page every few minutes: told once.
        std::size_t same = i + 1;
        while (same < events.size() && events[same].what == event.what) ++same;
        if (same - i > 2)
            dim("... the same " + std::to_string(same - i - 1) + " times more, until " +
                local_time(events[same - 1].at));
        i = same - i > 2 ? same - 1 : i;
    }
}

void TerminalChatView::remark(bot::TimePoint, const std::string& text) { dim(text); }

std::string TerminalChatView::local_time(bot::TimePoint at) const {
    return date::format("%a %H:%M",
                        std::chrono::floor<std::chrono::seconds>(at) + utc_offset_(time_zone_, at));
}

void TerminalChatView::dim(std::string_view text) const {
    std::cout << kMargin << kDim << indented(text) << kPlain << '\n';
}

}  // namespace webhooks::cli
