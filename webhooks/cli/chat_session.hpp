#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/engine.hpp"
#include "webhooks/oncall/roster.hpp"

namespace webhooks::cli {

/// One thing that came of a line or of time: a text to the texter, or an effect in words.
struct ChatEvent {
    enum class Kind {
        text,
        effect,  ///< shown when asked for
        notable  ///< an effect a reader should see at once: consent, escalations, pages, silence
    };
    bot::TimePoint at{};
    Kind kind = Kind::text;
    std::string what;
};

/// A conversation without gateway, store or clock: the engine and the ladder of the server, with time that
/// passes only when told to. A text always gets an answer or the reason for silence.
class ChatSession {
public:
    ChatSession(std::shared_ptr<const bot::Engine> engine, oncall::Roster roster, bot::Conversation start,
                bot::TimePoint now);

    [[nodiscard]] std::vector<ChatEvent> text(const std::string& body);
    /// Time passes; waits and rungs that fall due happen in their order, each at its own instant.
    [[nodiscard]] std::vector<ChatEvent> wait(std::chrono::seconds span);
    /// The first person on call answers the page ("ACK"), or closes the case ("DONE").
    [[nodiscard]] std::vector<ChatEvent> acknowledge();
    [[nodiscard]] std::vector<ChatEvent> resolve();

    [[nodiscard]] bot::TimePoint now() const noexcept { return now_; }
    /// What happened so far as the lines of a transcript, without the answers.
    [[nodiscard]] const std::string& script() const noexcept { return script_; }
    /// Where the conversation stands: "slip/S1, consent conversation, en".
    [[nodiscard]] std::string place() const;

private:
    std::optional<bot::TimePoint> next_due() const;
    void run_due();
    void advance(const bot::Event& event);
    void open(const bot::OpenEscalation& effect);
    void raise(bot::Priority priority);
    void climb(const bot::EscalationEvent& event);
    std::string page_in_words(const bot::Climb& step) const;
    std::vector<ChatEvent> close_case(const bot::EscalationEvent& event, const char* verb);
    std::string why_silent(const bot::Turn& turn) const;
    void happened(ChatEvent::Kind kind, std::string what);
    std::vector<ChatEvent> take();
    void note(const std::string& line);

    std::shared_ptr<const bot::Engine> engine_;
    oncall::Roster roster_;
    bot::Conversation state_;
    bot::TimePoint now_;
    std::optional<bot::Escalation> case_;
    std::vector<ChatEvent> events_;
    std::string script_;
    bot::TimePoint script_at_;  ///< how far the script's time has come
};

}  // namespace webhooks::cli
