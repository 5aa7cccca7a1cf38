#pragma once
#include <string>
#include <string_view>

#include "bot/answer.hpp"
#include "bot/turn_builder.hpp"

namespace bot {

/// Moves a conversation through the flows within one turn: enters steps, says their texts, does their
/// effects, follows their targets. Every way is bounded (a loop is a defect, told and survived).
class FlowRun {
public:
    explicit FlowRun(TurnBuilder& turn) : turn_(turn) {}

    /// The step that waits for an answer; null when none does, or when it is gone since (a reload).
    [[nodiscard]] const Step* current() const;
    [[nodiscard]] bool in_danger_flow() const;
    /// The flow that waits for a person to join.
    [[nodiscard]] bool in_person_flow() const;
    /// The current step asks nothing in particular: whatever is written goes to the case.
    [[nodiscard]] bool listens() const;

    /// A new subject: the stack is cleared. `place` is "slip/", "slip/S2".
    void go(std::string_view place);
    /// The same with the step's effects, but of its texts only the question.
    void go_to_question(std::string_view place);
    /// A question on top of where we are, which is come back to; a new subject when there is nothing to come
    /// back to.
    void ask_on_top(std::string_view place);
    /// Says the question of the current step again. @return false when there is none.
    bool repeat_question();
    /// Goes on where the parked place left off; the menu when there is none.
    void resume();
    /// Keeps the current place for later and leaves it. Only a place with a question of its own is kept:
    /// not one beside the matter (the menu, "did you mean ..."), nor one of a danger that is past.
    void park();
    /// What was waited for is over: the danger flow, or the flow that waits for a person, is left. The place
    /// under it is kept for later.
    void leave_watch();

    void follow(const Next& next);
    void apply(const Actions& actions);
    /// The consequences of an answer that was understood at the current step.
    void take(const Answer& answer);

    /// Where a place leads; null flow or step when it does not exist.
    [[nodiscard]] static Position find(const Content& content, std::string_view place);

private:
    /// `resumed`: the step has run before, so only its question is said. `asked`: its effects too.
    enum class Entry { full, resumed, asked };
    void enter(Position place, Entry entry);
    void go_to(const Target& target);
    void pop();
    void record(const std::string& field, const std::string& value, bool show);
    void take_choice(const Ask& ask, const Answer& answer);
    void take_text(const TextAnswer& text, const Answer& answer);
    void apply(const CheckInsAction& check_ins);
    [[nodiscard]] std::optional<MessageKind> kind() const;

    TurnBuilder& turn_;
    int steps_entered_ = 0;
};

}  // namespace bot
