#pragma once
#include <string>

#include "bot/content.hpp"
#include "bot/conversation.hpp"
#include "tests/sim/dice.hpp"

namespace sim {

/// What a texter means by a text. The rules ask more of `danger` and `opt_out` than of the others.
enum class Intent { answer, wrong, digression, subject, danger, opt_out, opt_in, picture };

struct Words {
    Intent intent = Intent::answer;
    std::string text;
};

/// Somebody with habits of their own, thrown once: how often they write, answer, wander off, are in danger.
class Texter {
public:
    Texter(const bot::Content& content, Dice& dice);

    /// The next text, with the conversation as it stands before their eyes.
    [[nodiscard]] Words write(const bot::Conversation& state);
    /// How long until they write again, after the line said something or after silence.
    [[nodiscard]] std::chrono::seconds pause(bool was_asked);

    [[nodiscard]] bot::Language language() const noexcept { return language_; }

private:
    [[nodiscard]] Words answer(const bot::Conversation& state);
    [[nodiscard]] std::string choice_in_words(const bot::Choice& choice);
    [[nodiscard]] std::string free_words();

    const bot::Content& content_;
    Dice& dice_;
    bot::Language language_;
    double answers_, wanders_, danger_, stops_, silent_;
    std::chrono::hours rest_;  ///< between conversations, about
};

/// The phrases of danger and of opt-out that the texters use must be heard as such, or the rules would ask
/// too much. @return those that are not
[[nodiscard]] std::vector<std::string> unheard_phrases(const bot::Content& content);

}  // namespace sim
