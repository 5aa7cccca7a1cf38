#include "webhooks/cli/chat_session.hpp"

#include <algorithm>

#include "webhooks/config_values.hpp"

namespace webhooks::cli {

namespace {

using Kind = ChatEvent::Kind;
using What = bot::EscalationChanged::What;

// More at one instant than any flow can mean: a timer that sets itself again for now.
constexpr int kMostAtOnce = 200;

Kind kind_of(const bot::Effect& effect) {
    const bool notable = std::holds_alternative<bot::ChangeConsent>(effect) ||
                         std::holds_alternative<bot::OpenEscalation>(effect) ||
                         std::holds_alternative<bot::RaiseEscalation>(effect);
    return notable ? Kind::notable : Kind::effect;
}

std::string in_words(const bot::Effect& effect, bot::TimePoint now) {
    const auto* timer = std::get_if<bot::SetTimer>(&effect);
    return timer == nullptr ? bot::describe(effect)
                            : bot::describe(effect) + " in " + to_text(timer->due - now);
}

}  // namespace

ChatSession::ChatSession(std::shared_ptr<const bot::Engine> engine, oncall::Roster roster,
                         bot::Conversation start, bot::TimePoint now)
    : engine_(std::move(engine)),
      roster_(std::move(roster)),
      state_(std::move(start)),
      now_(now),
      script_at_(now) {}

std::vector<ChatEvent> ChatSession::text(const std::string& body) {
    bot::MessageReceived message;
    message.text = body;
    note("> " + body);
    advance(message);
    return take();
}

std::vector<ChatEvent> ChatSession::wait(std::chrono::seconds span) {
    const bot::TimePoint until = now_ + span;
    int at_once = 0;
    for (auto due = next_due(); due && *due <= until; due = next_due()) {
        at_once = *due > now_ ? 0 : at_once + 1;
        if (at_once > kMostAtOnce) {
            happened(Kind::notable, "time stands still: a timer sets itself again for the same instant");
            return take();
        }
        now_ = std::max(now_, *due);
        run_due();
    }
    now_ = until;
    note("");
    return take();
}

std::vector<ChatEvent> ChatSession::acknowledge() {
    return close_case(bot::Acknowledge{roster_.people.front().name}, "takes the case");
}

std::vector<ChatEvent> ChatSession::resolve() {
    return close_case(bot::Resolve{roster_.people.front().name}, "closes the case");
}

std::vector<ChatEvent> ChatSession::close_case(const bot::EscalationEvent& event, const char* verb) {
    const std::string& by = roster_.people.front().name;
    if (!case_) {
        happened(Kind::notable, "nothing to answer: no case is open");
        return take();
    }
    const bot::Climb step = bot::climb(*case_, event, now_);
    if (!step.accepted) {
        happened(Kind::notable, "the case is with " + step.next.acknowledged_by + " already");
        return take();
    }
    case_ = step.next;
    happened(Kind::notable, by + " " + verb);
    const bool resolved = case_->state == bot::EscalationState::resolved;
    const bot::Priority priority = case_->priority;
    if (resolved) case_.reset();
    note(std::string(resolved ? "* resolved " : "* acknowledged ") + by);
    advance(bot::EscalationChanged{resolved ? What::resolved : What::acknowledged, priority, by, {}});
    return take();
}

std::optional<bot::TimePoint> ChatSession::next_due() const {
    std::optional<bot::TimePoint> due = case_ ? case_->next_due : std::nullopt;
    for (const auto& [_, timer] : state_.timers)
        if (!due || timer.due < *due) due = timer.due;
    return due;
}

// The ladder first, as the server does when both are due.
void ChatSession::run_due() {
    if (case_ && case_->next_due && *case_->next_due <= now_) {
        climb(bot::RungDue{});
        return;
    }
    const auto due =
        std::min_element(state_.timers.begin(), state_.timers.end(),
                         [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
    if (due != state_.timers.end()) advance(bot::TimerFired{due->first, due->second.turn});
}

void ChatSession::advance(const bot::Event& event) {
    bot::Turn turn = engine_->advance(std::move(state_), event, now_);
    state_ = std::move(turn.next);
    bool spoke = false;
    for (const bot::Effect& effect : turn.effects) {
        if (const auto* say = std::get_if<bot::SendText>(&effect)) {
            spoke = true;
            happened(Kind::text, say->text);
            continue;
        }
        happened(kind_of(effect), in_words(effect, now_));
        if (const auto* escalation = std::get_if<bot::OpenEscalation>(&effect)) {
            note("! " + bot::describe(effect));
            open(*escalation);
        }
        if (const auto* graver = std::get_if<bot::RaiseEscalation>(&effect)) raise(graver->priority);
    }
    if (!spoke && std::holds_alternative<bot::MessageReceived>(event))
        happened(Kind::notable, "silent: " + why_silent(turn));
}

std::string ChatSession::why_silent(const bot::Turn& turn) const {
    if (state_.consent == bot::Consent::opted_out)
        return "opted out; their own texts are answered at most once in 24 h";
    if (state_.held_by) return *state_.held_by + " has the conversation";
    if (turn.decided_by == "holding") return "told already; holding texts go out at most every 5 min";
    return turn.decided_by.empty() ? "nothing to say here" : turn.decided_by;
}

// One case a contact: what is opened on top of an open one can only make it graver.
void ChatSession::open(const bot::OpenEscalation& effect) {
    if (case_) {
        raise(effect.priority);
        return;
    }
    case_ = bot::open_escalation(effect.priority, roster_.policy(effect.priority), now_);
    climb(bot::RungDue{});
}

void ChatSession::raise(bot::Priority priority) {
    if (!case_) {
        open({"raised", priority, {}, false});
        return;
    }
    if (priority >= case_->priority) return;
    climb(bot::Raise{priority, roster_.policy(priority)});
    climb(bot::RungDue{});
}

void ChatSession::climb(const bot::EscalationEvent& event) {
    const bot::Climb step = bot::climb(*case_, event, now_);
    case_ = step.next;
    const std::string pages = page_in_words(step);
    if (!pages.empty()) happened(Kind::notable, pages);
    for (const bot::PageEffect& effect : step.effects)
        if (const auto* tell = std::get_if<bot::TellTexter>(&effect)) {
            note(std::string(tell->exhausted ? "* exhausted " : "* unanswered ") + tell->text_id);
            advance(bot::EscalationChanged{
                tell->exhausted ? What::exhausted : What::unanswered, case_->priority, {}, tell->text_id});
        }
}

std::string ChatSession::page_in_words(const bot::Climb& step) const {
    std::string names;
    for (const bot::PageEffect& effect : step.effects)
        if (const auto* page = std::get_if<bot::PageResponder>(&effect))
            names += (names.empty() ? "" : ", ") + page->name;
    if (names.empty()) return {};
    return "page " + std::string(bot::to_string(step.next.priority)) + " to " + names;
}

std::string ChatSession::place() const {
    std::string text =
        state_.stack.empty() ? "nowhere" : state_.stack.back().flow + "/" + state_.stack.back().step;
    text += ", consent " + std::string(bot::to_string(state_.consent));
    text += ", " + std::string(bot::to_string(state_.language));
    if (case_)
        text += ", case " + std::string(bot::to_string(case_->priority)) + " " +
                std::string(bot::to_string(case_->state));
    return text;
}

void ChatSession::happened(ChatEvent::Kind kind, std::string what) {
    events_.push_back({now_, kind, std::move(what)});
}

// A line of the script, after the time that has passed since the last one.
void ChatSession::note(const std::string& line) {
    if (now_ > script_at_) {
        script_ += "+ ";
        script_ += to_text(now_ - script_at_);
        script_ += '\n';
    }
    script_at_ = now_;
    if (line.empty()) return;
    script_ += line;
    script_ += '\n';
}

std::vector<ChatEvent> ChatSession::take() { return std::exchange(events_, {}); }

}  // namespace webhooks::cli
