#pragma once
#include <chrono>
#include <string>

#include "bot/flow.hpp"

/// Parts of a flow in a few words, for charts.
namespace webhooks::drawing {

/// "15m"
[[nodiscard]] std::string words_for(std::chrono::seconds span);
/// "2 binge", or the name alone for a choice without a number.
[[nodiscard]] std::string words_for(const bot::Choice& choice);
/// "0 to 10"
[[nodiscard]] std::string words_for(const bot::NumberAnswer& number);
/// "any words", "a name" ...
[[nodiscard]] std::string words_for(const bot::TextAnswer& text);
/// "staffed, not quiet hours, trigger = stress or craving"
[[nodiscard]] std::string words_for(const bot::Condition& condition);
/// "relapse/", "relapse/R1", "reach/ then S5", "end" ...; a step of the flow itself by its id.
[[nodiscard]] std::string words_for(const bot::Target& target);

}  // namespace webhooks::drawing
