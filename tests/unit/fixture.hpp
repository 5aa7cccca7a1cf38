#pragma once
#include <memory>
#include <string>
#include <vector>

#include "bot/engine.hpp"
#include "bot/flow_loader.hpp"
#include "tests/support/read_flows.hpp"

/// The small content of tests/unit/fixture_flows with the shipped consent words, and a conversation to play
/// on it.
namespace fixture {

using support::read_flows;

/// The fixture's files.
[[nodiscard]] const std::vector<bot::ContentFile>& files();

[[nodiscard]] std::shared_ptr<const bot::Content> content();
[[nodiscard]] const bot::Engine& engine();
[[nodiscard]] const bot::Engine& engine_without_staff();
/// UTC-5 all year: easy to reckon with.
[[nodiscard]] std::chrono::seconds five_hours_west(std::string_view zone, bot::TimePoint at);
[[nodiscard]] bot::LineSettings line_settings();

/// Noon in the line's zone.
inline constexpr bot::TimePoint kNoon = bot::from_millis(1'772'902'800'000);  // 2026-03-07T17:00:00Z

/// One conversation: texts in, what came of the last event out.
class Chat {
public:
    explicit Chat(const bot::Engine& engine = fixture::engine(), bot::TimePoint at = kNoon)
        : now(at), engine_(&engine) {}

    /// The ids of the texts said, blank between: "XSH.1 XSH.2".
    std::string text(const std::string& body);
    std::string event(const bot::Event& event);
    /// Time passes; due timers fire in order. The ids of what they said.
    std::string wait(std::chrono::seconds span);

    /// Effects of the last event that are no texts, as `describe` says them, "; " between.
    [[nodiscard]] std::string effects() const;
    [[nodiscard]] bool had(const std::string& described) const;
    [[nodiscard]] std::string place() const;  ///< "slip/S1", or empty

    bot::Conversation state;
    bot::Turn last;
    bot::TimePoint now;

private:
    const bot::Engine* engine_;
};

}  // namespace fixture
