#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "bot/redact.hpp"
#include "bot/transcript.hpp"
#include "webhooks/cli/chat_record.hpp"
#include "webhooks/cli/chat_session.hpp"
#include "webhooks/cli/chat_view.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/cli/transcripts.hpp"
#include "webhooks/config.hpp"
#include "webhooks/config_values.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/time_zone.hpp"

namespace webhooks::cli {

namespace {

constexpr const char* kHelp =
    "/wait 24h   time passes (s, m, h, d): waits run out, pages go unanswered\n"
    "/effects    what the last step did, and where the conversation stands\n"
    "/ack        the person on call answers the page\n"
    "/done       the person on call closes the case\n"
    "/quit       the end; so does the end of the input\n"
    "anything else is a text";
constexpr std::chrono::hours kLongestWait{24 * 366};
// What a gateway hands on at most (Twilio: 1600 characters of up to 4 bytes).
constexpr std::size_t kLongestText = 6'400;

struct Options {
    std::string language;
    std::string from = "+15550100";
    std::string flows;
    std::string at;
    std::string save;
};

class Chat {
public:
    Chat(ChatSession session, std::unique_ptr<ChatView> view)
        : session_(std::move(session)), view_(std::move(view)) {}

    void run() {
        view_->welcome();
        std::string line;
        for (view_->prompt(session_.now()); std::getline(std::cin, line); view_->prompt(session_.now())) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (line == "/quit") break;
            if (line.starts_with('/'))
                command(line);
            else
                text(line);
        }
        std::cout.flush();
    }

    [[nodiscard]] const std::string& script() const noexcept { return session_.script(); }

private:
    void text(const std::string& line) {
        if (line.find_first_not_of(" \t") == std::string::npos) {
            view_->remark(session_.now(), "an empty line is no text; nothing was sent");
        } else if (line.size() > kLongestText) {
            view_->remark(session_.now(), "longer than any gateway hands on (6400 bytes); nothing was sent");
        } else {
            view_->wrote(session_.now(), line);
            last_ = session_.text(line);
            view_->show(last_, false);
        }
    }

    void command(const std::string& line) {
        if (line == "/effects") {
            effects();
        } else if (line == "/ack") {
            view_->show(last_ = session_.acknowledge(), false);
        } else if (line == "/done") {
            view_->show(last_ = session_.resolve(), false);
        } else if (line == "/wait" || line.starts_with("/wait ")) {
            wait(line);
        } else {
            if (line != "/help") view_->remark(session_.now(), "there is no " + line);
            view_->remark(session_.now(), kHelp);
        }
    }

    void wait(const std::string& line) {
        std::chrono::seconds span{0};
        const std::string value = line.substr(std::min(line.find_first_not_of(' ', 5), line.size()));
        if (!bot::parse_span(value, span) || span > kLongestWait) {
            view_->remark(session_.now(), "/wait needs a time like 90s, 20m, 24h or 7d, at most 366d");
            return;
        }
        view_->show(last_ = session_.wait(span), false);
        view_->remark(session_.now(), "waited " + value);
    }

    void effects() {
        std::vector<ChatEvent> effects = last_;
        std::erase_if(effects, [](const ChatEvent& event) { return event.kind == ChatEvent::Kind::text; });
        view_->show(effects, true);
        view_->remark(session_.now(), (effects.empty() ? "no effects; at " : "at ") + session_.place());
    }

    ChatSession session_;
    std::unique_ptr<ChatView> view_;
    std::vector<ChatEvent> last_;
};

// What is wrong with the options, or nothing.
std::string defect(const Options& options, bot::TimePoint& now) {
    if (!bot::is_e164(options.from))
        return "--from must be a number like +15550100: + and the country code first, digits only";
    if (!options.language.empty() && !bot::parse_language(options.language)) return "--lang must be en or es";
    if (!options.at.empty() && !bot::parse_instant(options.at, now))
        return "--at must be an instant like 2026-03-07T17:00:00Z";
    std::error_code ignored;
    if (!options.save.empty() && std::filesystem::exists(options.save, ignored))
        return "--save " + options.save + ": there is such a file already; name a new one";
    return {};
}

std::unique_ptr<ChatView> view_for(const Options& options, const bot::LineSettings& line) {
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return std::make_unique<JsonChatView>();
    return std::make_unique<TerminalChatView>(options.from, line.placeholders.at("org"), line.time_zone,
                                              net::utc_offset());
}

bool save(const Options& options, const std::string& script, bot::TimePoint began,
          const std::shared_ptr<const bot::Content>& content) {
    const auto transcript = transcript_of(script, options.language, began, content);
    if (!transcript)
        std::cerr << "handrail chat: the flows did not go the same way again; nothing was saved\n";
    else if (!replace_file(options.save, *transcript))
        std::cerr << "handrail chat: " << options.save << ": cannot be written\n";
    else
        return true;
    return false;
}

int chat(const Options& options) {
    bot::TimePoint now = std::chrono::floor<std::chrono::seconds>(net::now());
    if (const std::string wrong = defect(options, now); !wrong.empty()) {
        std::cerr << "handrail chat: " << wrong << '\n';
        return kBadUsage;
    }
    const auto content = load_flows_or_complain(find_flows_dir(options.flows));
    if (content == nullptr) {
        std::cerr << "the line cannot speak with these flows (handrail flows check)\n";
        return kBadConfig;
    }
    Config config = demo_config();
    bot::Conversation start;
    if (const auto language = bot::parse_language(options.language)) {
        start.language = *language;
        start.language_known = true;
    }
    auto view = view_for(options, config.line);
    auto engine = std::make_shared<const bot::Engine>(content, config.line, net::utc_offset());
    Chat chat(ChatSession(std::move(engine), std::move(config.oncall), std::move(start), now),
              std::move(view));
    chat.run();
    if (!options.save.empty() && !save(options, chat.script(), now, content)) return kFoundWrong;
    return std::cout ? kDone : kFoundWrong;
}

}  // namespace

void add_chat(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand(
        "chat", "Talk with the line in this terminal: the flows and answers of the server, no gateway");
    const auto options = std::make_shared<Options>();
    command->add_option("--lang", options->language,
                        "Language of the texter: en or es (default: as they write)");
    command->add_option("--from", options->from, "Number of the texter")->capture_default_str();
    command->add_option("--at", options->at, "Time at the start, UTC (default: now)")->type_name("INSTANT");
    command->add_option("--save", options->save, "At the end write the chat as a transcript for the flows")
        ->type_name("FILE");
    command->add_option("--flows", options->flows, "Directory of the flows")->type_name("DIR");
    command->footer(std::string("At a terminal, or through a pipe with one JSON object per event out:\n") +
                    kHelp);
    command->callback([options, &exit_code] { exit_code = chat(*options); });
}

}  // namespace webhooks::cli
