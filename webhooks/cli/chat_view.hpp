#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "webhooks/cli/chat_session.hpp"

namespace webhooks::cli {

/// How `handrail chat` shows a conversation.
class ChatView {
public:
    virtual ~ChatView() = default;
    virtual void welcome() = 0;
    /// Ready for the next line.
    virtual void prompt(bot::TimePoint now) = 0;
    /// The texter wrote this.
    virtual void wrote(bot::TimePoint at, const std::string& text) = 0;
    /// @param all  every effect, not only the notable ones
    virtual void show(const std::vector<ChatEvent>& events, bool all) = 0;
    /// A remark about the input, not of the conversation.
    virtual void remark(bot::TimePoint at, const std::string& text) = 0;
};

/// For programs: one JSON object a line, each written through at once.
class JsonChatView : public ChatView {
public:
    void welcome() override {}
    void prompt(bot::TimePoint) override {}
    void wrote(bot::TimePoint at, const std::string& text) override;
    void show(const std::vector<ChatEvent>& events, bool all) override;
    void remark(bot::TimePoint at, const std::string& text) override;
};

/// For people: who says what, local times, effects dim.
class TerminalChatView : public ChatView {
public:
    TerminalChatView(std::string texter, std::string organisation, std::string time_zone,
                     bot::UtcOffset utc_offset);
    void welcome() override;
    void prompt(bot::TimePoint now) override;
    void wrote(bot::TimePoint at, const std::string& text) override;
    void show(const std::vector<ChatEvent>& events, bool all) override;
    void remark(bot::TimePoint at, const std::string& text) override;

private:
    std::string local_time(bot::TimePoint at) const;
    void dim(std::string_view text) const;

    std::string texter_;
    std::string organisation_;
    std::string time_zone_;
    bot::UtcOffset utc_offset_;
};

}  // namespace webhooks::cli
