#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/content.hpp"
#include "bot/conversation.hpp"
#include "bot/engine.hpp"

namespace bot {

/// Why `fail` was called: a defect of the content, not of the texter.
struct Defect {
    std::string what;
};

/// One turn in the making: the state as it changes, and effects sorted into the order they are to be written
/// (escalation, consent, cancellation, texts, timers, notes) whatever the order they were asked for.
class TurnBuilder {
public:
    TurnBuilder(const Content& content, const LineSettings& line, const UtcOffset& utc_offset,
                Conversation before, TimePoint now);

    // What a turn is made from.
    const Content& content;
    const LineSettings& line;
    const TimePoint now;

    Conversation state;                ///< becomes `Turn::next`
    std::string decided_by;            ///< becomes `Turn::decided_by`
    std::string raw;                   ///< the texter's words of this turn, for the consent ledger
    std::vector<const void*> visited;  ///< becomes `Turn::visited`
    bool first_contact = false;
    bool only_notes = false;  ///< news of the open case is written down; its priority stays

    // Texts.
    /// @param id  a text of the content; an unknown one is a defect.
    void say(const std::string& id, std::optional<MessageKind> kind = std::nullopt);
    /// The plain form of a text, for a carrier that filtered it. @return false: it has none.
    bool say_plainly(const std::string& id, MessageKind kind);
    void say(Role role, std::optional<MessageKind> kind = std::nullopt);
    /// Texts whose condition holds; or only the last of those, the question.
    void say(const Say& texts, std::optional<MessageKind> kind, bool question_only = false);
    /// What a person typed, as it stands.
    void say_typed(std::string text, const std::string& by);
    [[nodiscard]] std::size_t texts_said() const noexcept { return texts_.size(); }
    /// Takes back what was said since `count`.
    void unsay_from(std::size_t count) { texts_.resize(std::min(count, texts_.size())); }

    // Weighty effects.
    /// Opens an escalation, or makes the open one graver and adds a note: a contact has one at a time.
    void escalate(Priority priority, const std::string& reason, const std::string& heard);
    /// Makes the open escalation graver, or only adds the note; opens one when there is none.
    void raise(Priority priority, const std::string& note);
    void change_consent(Consent to, std::string source, std::string rule = {});
    /// Everything queued dies; timers too.
    void cancel_all();
    void note(std::string text) { notes_.push_back(Note{std::move(text)}); }

    // Timers.
    void set_timer(const std::string& name, TimePoint due);
    void cancel_timer(const std::string& name);
    void cancel_timers_like(const std::string& pattern);

    // Tasks.
    void book(BookTask task) { tasks_.emplace_back(std::move(task)); }
    void end_task(TaskKind kind, TaskEnd how) { tasks_.emplace_back(EndTask{kind, how}); }
    void ask_holder(AskHolder ask) { tasks_.emplace_back(std::move(ask)); }

    // Facts.
    [[nodiscard]] bool holds(const Condition& condition) const;
    [[nodiscard]] bool open_danger() const;  ///< an escalation of P0 or P1 is open
    [[nodiscard]] int local_minute(TimePoint at) const;
    [[nodiscard]] int local_weekday(TimePoint at) const;  ///< 0 is Sunday
    [[nodiscard]] bool quiet_hours(TimePoint at) const;
    /// `due`, moved on to the next morning when it falls into the quiet hours.
    [[nodiscard]] TimePoint by_day(TimePoint due) const;
    /// Where the texter is, as far as is known.
    [[nodiscard]] const std::string& zone() const {
        return state.time_zone.empty() ? line.time_zone : state.time_zone;
    }
    [[nodiscard]] const UtcOffset& utc_offset() const noexcept { return utc_offset_; }
    /// "Sat 9:00 AM", "sab 9:00".
    [[nodiscard]] std::string local_time_words(TimePoint at) const;

    /// A defect of the content came to light: the turn will end with the safe text and a person told.
    void fail(const std::string& what);
    [[nodiscard]] bool failed() const noexcept { return failed_; }

    /// @param most_texts  more than so many are cut, from the front, crisis texts last.
    [[nodiscard]] Turn finish(std::size_t most_texts) &&;

private:
    [[nodiscard]] std::string render(const Text& text) const;
    [[nodiscard]] std::string_view plain_words(const Text& text) const;
    [[nodiscard]] std::string filled(std::string_view words) const;
    [[nodiscard]] std::string fill(std::string_view placeholder) const;
    [[nodiscard]] bool holds(const Test& test) const;
    [[nodiscard]] bool number_holds(const Test& test) const;
    void keep_to(std::size_t most_texts);
    void say_safely();

    const UtcOffset& utc_offset_;
    std::vector<Effect> escalations_;
    std::vector<Effect> consents_;
    bool cancel_all_ = false;
    std::vector<SendText> texts_;
    std::vector<Effect> timers_;
    std::vector<Effect> tasks_;
    std::vector<Effect> notes_;
    bool failed_ = false;
};

}  // namespace bot
